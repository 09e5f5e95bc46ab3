package io.packstone.error;

/** Bytes are not what was written. Says where, what was expected and what was found; nothing is guessed about why. */
public final class CorruptionException extends StoreException {
    /** {@code object} names the object or structure; {@code offset} counts from its start. */
    public CorruptionException(String object, long offset, String expected, String found) {
        super(
                ErrorKind.CORRUPTION,
                object,
                object + " is damaged at offset " + offset + ": expected " + expected + ", found " + found,
                null);
    }

    /** Damage that has no offset, such as a seal that does not open. */
    public CorruptionException(String object, String message) {
        super(ErrorKind.CORRUPTION, object, object + " is damaged: " + message, null);
    }
}
