package io.packstone.error;

/** The repository is of a format that this program can't read or must not write. */
public final class UnsupportedFormatException extends StoreException {
    /** {@code message} says which version or feature, and what to do. */
    public UnsupportedFormatException(String object, String message) {
        super(ErrorKind.UNSUPPORTED_FORMAT, object, object + ": " + message, null);
    }
}
