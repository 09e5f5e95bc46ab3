package io.packstone.pipeline;

import io.packstone.crypto.CryptoProvider;
import java.util.concurrent.atomic.AtomicBoolean;

/** Loads the fast ciphers and hashes on a thread of its own, while the first bytes are read. */
public final class WarmUp {
    private static final AtomicBoolean BEGUN = new AtomicBoolean();

    private WarmUp() {}

    /** Returns at once, and does nothing but the first time; whoever needs them before they are there waits. */
    public static void begin() {
        if (BEGUN.compareAndSet(false, true)) {
            Thread thread = new Thread(CryptoProvider::warmUp, "warm-up");
            thread.setDaemon(true);
            thread.start();
        }
    }
}
