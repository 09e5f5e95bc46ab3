package io.packstone.crypto;

import io.packstone.error.CorruptionException;
import java.security.Provider;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals and opens byte strings as STREAM over AES-256-GCM in segments of 64 KiB: the format of Tink's
 * AES-GCM-HKDF streaming with HMAC-SHA-256, byte for byte (docs/format.md, Sealing).
 *
 * <p>Format: header (its length 40, salt 32, nonce prefix 7), then segments of 65,536 bytes with their 16-byte tags, the
 * first shortened by the header. The key of each string is HKDF-SHA-256(key, salt, associated data); the nonce of a
 * segment is prefix, big-endian counter, and 1 for the last one.
 *
 * <p>For one thread. Source: Hoang, Reyhanitabar, Rogaway, Vizar (CRYPTO 2015), section 7. Not promised: binding to a
 * place; whoever stores sealed strings can swap two with equal associated data, so readers also check ids.
 */
public final class Sealer {
    private static final int SEGMENT_LENGTH = 65_536;
    private static final int HEADER_LENGTH = 40;
    private static final int SALT_LENGTH = 32;
    private static final int PREFIX_LENGTH = 7;
    private static final int PLAIN_PER_SEGMENT = SEGMENT_LENGTH - GcmCipher.TAG_LENGTH;
    private static final int PLAIN_IN_FIRST = PLAIN_PER_SEGMENT - HEADER_LENGTH;

    private final Randomness randomness;
    private final Hmac hmac = new Hmac();
    private final byte[] drawn = new byte[SALT_LENGTH + PREFIX_LENGTH];
    private final byte[] derived = new byte[SecretKey.LENGTH];
    private final byte[] one = {1};
    private final byte[] nonce = new byte[GcmCipher.NONCE_LENGTH];
    private GcmCipher cipher;
    private final ProviderSwitch change;

    /** With the operating system's randomness; few bytes go through the JDK's cipher, many through the chosen one. */
    public Sealer() {
        this(Randomness.secure());
    }

    /** As above; salts are drawn from {@code randomness}. */
    public Sealer(Randomness randomness) {
        this(randomness, CryptoProvider.atHand(), ProviderSwitch.fromAtHand());
    }

    /** With {@code provider} for ever. */
    Sealer(Randomness randomness, Provider provider) {
        this(randomness, provider, ProviderSwitch.never());
    }

    private Sealer(Randomness randomness, Provider provider, ProviderSwitch change) {
        this.randomness = randomness;
        this.cipher = new GcmCipher(provider);
        this.change = change;
    }

    /** The cipher for the next {@code length} bytes. */
    private GcmCipher cipher(int length) {
        if (change.isDue(length)) {
            cipher = new GcmCipher(CryptoProvider.provider());
        }
        return cipher;
    }

    /** The length of the sealed form of {@code plainLength} bytes. */
    public static long sealedLength(long plainLength) {
        long segments = plainLength <= PLAIN_IN_FIRST
                ? 1
                : 1 + (plainLength - PLAIN_IN_FIRST + PLAIN_PER_SEGMENT - 1) / PLAIN_PER_SEGMENT;
        return HEADER_LENGTH + plainLength + segments * GcmCipher.TAG_LENGTH;
    }

    /** The plain length of a sealed string; negative when no string has that sealed length. */
    public static long plainLength(long sealedLength) {
        long segments = (sealedLength + SEGMENT_LENGTH - 1) / SEGMENT_LENGTH;
        long plain = sealedLength - HEADER_LENGTH - segments * GcmCipher.TAG_LENGTH;
        return plain >= 0 && sealedLength(plain) == sealedLength ? plain : -1;
    }

    /**
     * Seals {@code length} bytes of {@code plain} into {@code target}, which has room for {@link #sealedLength}; returns
     * that length. The arrays are borrowed and must not overlap.
     */
    public int seal(
            SecretKey key,
            byte[] associatedData,
            byte[] plain,
            int offset,
            int length,
            byte[] target,
            int targetOffset) {
        GcmCipher cipher = cipher(length);
        randomness.fill(drawn);
        target[targetOffset] = HEADER_LENGTH;
        System.arraycopy(drawn, 0, target, targetOffset + 1, drawn.length);
        SecretKeySpec streamKey = begin(key, target, targetOffset + 1, associatedData);
        int from = offset;
        int to = targetOffset + HEADER_LENGTH;
        int end = offset + length;
        int room = PLAIN_IN_FIRST;
        for (int segment = 0; segment == 0 || from < end; segment++) {
            int count = Math.min(room, end - from);
            setNonce(segment, from + count == end);
            cipher.seal(streamKey, nonce, plain, from, count, target, to);
            from += count;
            to += count + GcmCipher.TAG_LENGTH;
            room = PLAIN_PER_SEGMENT;
        }
        return to - targetOffset;
    }

    /**
     * Opens {@code length} sealed bytes into {@code target}, which has room for {@link #plainLength}; returns that.
     *
     * @param name what is opened, for errors
     * @throws CorruptionException when anything is not as it was sealed; {@code target} is then worthless
     */
    public int open(
            SecretKey key,
            byte[] associatedData,
            byte[] sealed,
            int offset,
            int length,
            byte[] target,
            int targetOffset,
            String name)
            throws CorruptionException {
        long plainLength = plainLength(length);
        if (plainLength < 0 || sealed[offset] != HEADER_LENGTH) {
            throw new CorruptionException(name, "it has not the form of a sealed string");
        }
        GcmCipher cipher = cipher(length);
        SecretKeySpec streamKey = begin(key, sealed, offset + 1, associatedData);
        int from = offset + HEADER_LENGTH;
        int to = targetOffset;
        int end = offset + length;
        int room = SEGMENT_LENGTH - HEADER_LENGTH;
        for (int segment = 0; from < end; segment++) {
            int count = Math.min(room, end - from);
            setNonce(segment, from + count == end);
            if (!cipher.open(streamKey, nonce, sealed, from, count, target, to)) {
                throw new CorruptionException(name, "its seal does not open");
            }
            from += count;
            to += count - GcmCipher.TAG_LENGTH;
            room = SEGMENT_LENGTH;
        }
        return to - targetOffset;
    }

    private void setNonce(int segment, boolean last) {
        nonce[7] = (byte) (segment >>> 24);
        nonce[8] = (byte) (segment >>> 16);
        nonce[9] = (byte) (segment >>> 8);
        nonce[10] = (byte) segment;
        nonce[11] = (byte) (last ? 1 : 0);
    }

    /** Takes salt and nonce prefix from {@code drawn}, and one block of HKDF, as {@link Hkdf#derive} would give it. */
    private SecretKeySpec begin(SecretKey key, byte[] drawn, int offset, byte[] associatedData) {
        System.arraycopy(drawn, offset + SALT_LENGTH, nonce, 0, PREFIX_LENGTH);
        hmac.rekey(drawn, offset, SALT_LENGTH);
        hmac.update(key.array()).finish(derived, 0);
        hmac.rekey(derived, 0, derived.length);
        hmac.update(associatedData).update(one).finish(derived, 0);
        return new SecretKeySpec(derived, "AES");
    }
}
