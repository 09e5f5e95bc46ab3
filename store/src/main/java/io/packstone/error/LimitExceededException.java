package io.packstone.error;

/** A length or count read from the repository is beyond what the format allows; refused before any allocation. */
public final class LimitExceededException extends StoreException {
    /** {@code which} names the length or count in {@code object}. */
    public LimitExceededException(String object, String which, long value, long limit) {
        super(
                ErrorKind.LIMIT,
                object,
                object + ": " + which + " is " + Long.toUnsignedString(value) + ", the limit is " + limit,
                null);
    }
}
