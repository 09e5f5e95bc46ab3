package io.packstone.error;

/** An object is absent although something refers to it. */
public final class MissingObjectException extends StoreException {
    /** {@code referrer} says who needs it. */
    public MissingObjectException(String object, String referrer) {
        super(ErrorKind.MISSING, object, object + " is missing; " + referrer + " needs it", null);
    }
}
