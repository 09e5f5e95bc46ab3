package io.packstone.crypto;

import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Security;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Picks the AES-GCM and SHA-256 of this process: Amazon Corretto's when its native library loads and agrees with the
 * JDK's on a self-test, else the JDK's.
 *
 * <p>Cost: Corretto's AES-GCM runs 6 to 10 GB/s from the first megabyte and takes 0.3 s to load; the JDK's needs some
 * two thousand small calls before it is fast, and is never fast in calls over 64 KiB (docs/bench.md).
 */
public final class CryptoProvider {
    private static final int WARM_UP_CALLS = 3000;

    private static final AtomicBoolean CHOSEN = new AtomicBoolean();

    private CryptoProvider() {}

    /** Holder: the choice is made on first use, by one thread, once. */
    private static final class Chosen {
        static final Provider PROVIDER = choose();

        private Chosen() {}
    }

    /** The JDK's own ciphers and message codes: slow to get fast, at hand at once. */
    static Provider builtIn() {
        return builtIn("SunJCE");
    }

    private static Provider builtIn(String name) {
        Provider builtIn = Security.getProvider(name);
        if (builtIn == null) {
            throw new IllegalStateException("this Java has no " + name + " provider");
        }
        return builtIn;
    }

    /** The choice; the first call waits for it to be made. */
    static Provider provider() {
        Provider provider = Chosen.PROVIDER;
        CHOSEN.set(true);
        return provider;
    }

    /** True once the choice was made: {@link #provider} need not be waited for. */
    static boolean isChosen() {
        return CHOSEN.get();
    }

    /** The choice when it was made, else the JDK's. */
    static Provider atHand() {
        return isChosen() ? provider() : builtIn();
    }

    static MessageDigest sha256(Provider provider) {
        try {
            return MessageDigest.getInstance("SHA-256", provider == builtIn() ? builtIn("SUN") : provider);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(provider.getName() + " has no SHA-256", e);
        }
    }

    static Mac hmacSha256(Provider provider) {
        try {
            return Mac.getInstance("HmacSHA256", provider);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(provider.getName() + " has no HMAC-SHA-256", e);
        }
    }

    /** The name of the provider in use. */
    public static String name() {
        return provider().getName();
    }

    /** Makes the choice and gets it up to speed; meant for an idle thread while the first files are read. */
    public static void warmUp() {
        Provider provider = provider();
        if (!provider.getName().equals("AmazonCorrettoCryptoProvider")) {
            GcmCipher cipher = new GcmCipher(provider);
            byte[] plain = new byte[1024];
            byte[] sealed = new byte[plain.length + GcmCipher.TAG_LENGTH];
            byte[] nonce = new byte[GcmCipher.NONCE_LENGTH];
            for (int call = 0; call < WARM_UP_CALLS; call++) {
                SecretKeySpec key = testKey(call);
                cipher.seal(key, nonce, plain, 0, plain.length, sealed, 0);
                cipher.open(key, nonce, sealed, 0, sealed.length, plain, 0);
            }
        }
    }

    private static Provider choose() {
        Provider builtIn = builtIn();
        if ("jdk".equals(System.getProperty("packstone.gcm"))) {
            return builtIn;
        }
        try {
            String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
            if (!os.contains("linux")) {
                return builtIn;
            }
            var corretto = com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider.INSTANCE;
            if (corretto.getLoadingError() == null && agrees(corretto, builtIn)) {
                return corretto;
            }
        } catch (LinkageError | IllegalStateException e) {
            return builtIn;
        }
        return builtIn;
    }

    private static boolean agrees(Provider one, Provider other) {
        GcmCipher a = new GcmCipher(one);
        GcmCipher b = new GcmCipher(other);
        byte[] plain = new byte[4097];
        for (int i = 0; i < plain.length; i++) {
            plain[i] = (byte) (i * 31 + (i >>> 8));
        }
        byte[] nonce = new byte[GcmCipher.NONCE_LENGTH];
        for (int length : new int[] {0, 1, 15, 16, 17, 255, 256, 1023, 4096, 4097}) {
            byte[] fromA = new byte[length + GcmCipher.TAG_LENGTH];
            byte[] fromB = new byte[length + GcmCipher.TAG_LENGTH];
            byte[] opened = new byte[length];
            SecretKeySpec key = testKey(length);
            a.seal(key, nonce, plain, 0, length, fromA, 0);
            b.seal(key, nonce, plain, 0, length, fromB, 0);
            if (!Arrays.equals(code(one, key, plain, length), code(other, key, plain, length))
                    || !Arrays.equals(fromA, fromB)
                    || !a.open(key, nonce, fromB, 0, fromB.length, opened, 0)
                    || !Arrays.equals(opened, Arrays.copyOf(plain, length))) {
                return false;
            }
        }
        return true;
    }

    /** Of two messages, so that a provider that does not begin anew after the first is found out. */
    private static byte[] code(Provider provider, SecretKeySpec key, byte[] plain, int length) {
        Mac mac = hmacSha256(provider);
        try {
            mac.init(key);
        } catch (InvalidKeyException e) {
            throw new IllegalStateException(provider.getName() + " refused a key", e);
        }
        mac.update(plain, 0, length / 2);
        mac.update(mac.doFinal());
        mac.update(plain, length / 2, length - length / 2);
        return mac.doFinal();
    }

    private static SecretKeySpec testKey(int number) {
        byte[] key = new byte[SecretKey.LENGTH];
        key[0] = (byte) number;
        key[1] = (byte) (number >>> 8);
        return new SecretKeySpec(key, "AES");
    }
}
