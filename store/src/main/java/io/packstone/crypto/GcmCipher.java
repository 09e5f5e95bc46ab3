package io.packstone.crypto;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.Provider;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-256-GCM in one-shot calls of at most 64 KiB, through whichever provider is fast here. For one thread.
 *
 * <p>The only place where a cipher is initialised, so that a key and a nonce can be seen never to meet twice.
 */
final class GcmCipher {
    static final int NONCE_LENGTH = 12;
    static final int TAG_LENGTH = 16;

    private final Cipher cipher;

    GcmCipher(Provider provider) {
        try {
            cipher = Cipher.getInstance("AES/GCM/NoPadding", provider);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no AES-GCM in " + provider.getName(), e);
        }
    }

    /** Seals; the result is {@link #TAG_LENGTH} bytes longer than {@code length}. */
    void seal(SecretKeySpec key, byte[] nonce, byte[] plain, int offset, int length, byte[] target, int targetOffset) {
        try {
            cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(8 * TAG_LENGTH, nonce));
            int written = cipher.doFinal(plain, offset, length, target, targetOffset);
            if (written != length + TAG_LENGTH) {
                throw new IllegalStateException("AES-GCM wrote " + written + " bytes for " + length);
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM failed to seal", e);
        }
    }

    /** Opens; false when the tag does not fit, and {@code target} is then worthless. */
    boolean open(
            SecretKeySpec key, byte[] nonce, byte[] sealed, int offset, int length, byte[] target, int targetOffset) {
        try {
            cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(8 * TAG_LENGTH, nonce));
            return cipher.doFinal(sealed, offset, length, target, targetOffset) == length - TAG_LENGTH;
        } catch (AEADBadTagException e) {
            return false;
        } catch (InvalidKeyException e) {
            throw new IllegalStateException("AES-GCM refused a key", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM failed to open", e);
        }
    }
}
