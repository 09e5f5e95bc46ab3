package io.packstone.pipeline;

import io.packstone.crypto.CryptoProvider;

/** Loads the fast ciphers and hashes on a thread of its own, while the first bytes are read. */
public final class WarmUp {
    private WarmUp() {}

    /** Returns at once; whoever needs them before they are there waits. */
    public static void begin() {
        Thread thread = new Thread(CryptoProvider::warmUp, "warm-up");
        thread.setDaemon(true);
        thread.start();
    }
}
