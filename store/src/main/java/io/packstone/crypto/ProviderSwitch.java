package io.packstone.crypto;

/**
 * When to leave the JDK's implementation for the fast one: after {@link #BYTES_MAX} bytes. Cold, the JDK's takes a few
 * milliseconds for them, and a short command need not wait for a native library, which takes twenty times as long to
 * load (measured). For one thread.
 */
final class ProviderSwitch {
    private static final int BYTES_MAX = 256 << 10;

    /** A short message costs as much as this many bytes of a long one. */
    private static final int MESSAGE_COST = 512;

    private long left;

    private ProviderSwitch(long left) {
        this.left = left;
    }

    /** From {@link CryptoProvider#atHand}: soon, or never when that is the fast one already. */
    static ProviderSwitch fromAtHand() {
        return CryptoProvider.isChosen() ? never() : new ProviderSwitch(BYTES_MAX);
    }

    static ProviderSwitch never() {
        return new ProviderSwitch(Long.MAX_VALUE);
    }

    /** True for a message so long that the fast one is worth waiting for. */
    static boolean isLong(long length) {
        return length >= BYTES_MAX;
    }

    /** Counts a message; true once, when it is time. */
    boolean isDue(long length) {
        if (left == Long.MAX_VALUE) {
            return false;
        }
        left -= MESSAGE_COST + length;
        if (left >= 0 && !CryptoProvider.isChosen()) {
            return false;
        }
        left = Long.MAX_VALUE;
        return true;
    }
}
