package io.packstone.error;

/** No key slot opens with the secret given. Says nothing about which slot came close. */
public final class UnlockException extends StoreException {
    /** {@code message} says what was tried and what to do next. */
    public UnlockException(String message) {
        super(ErrorKind.UNLOCK, null, message, null);
    }
}
