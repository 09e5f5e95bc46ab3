package io.packstone.error;

/**
 * A file of the source could not be read, or one of the target not written: a matter of one path, after which an
 * operation may go on. It shares no parent with {@link StoreException} that anyone catches.
 */
public final class SourceException extends Exception {
    private final String path;

    /** {@code path} is quoted for a terminal already. */
    public SourceException(String path, String message) {
        super(path + ": " + message);
        this.path = path;
    }

    /** The path, quoted for a terminal. */
    public String path() {
        return path;
    }
}
