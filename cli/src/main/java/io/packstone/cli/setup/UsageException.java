package io.packstone.cli.setup;

/** The command line can be parsed but makes no sense; its message says what to type instead. */
public final class UsageException extends Exception {
    /** {@code message} is one line, quoted. */
    public UsageException(String message) {
        super(message);
    }
}
