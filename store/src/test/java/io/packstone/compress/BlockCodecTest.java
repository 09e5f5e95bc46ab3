package io.packstone.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import io.packstone.error.CorruptionException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jpountz.lz4.LZ4Factory;
import org.junit.jupiter.api.Test;

class BlockCodecTest {
    private static final List<String> SETTINGS = List.of("none", "lz4", "auto", "zstd", "zstd:1", "zstd:-5", "zstd:12");

    /** Words drawn from a short list: compressible, not trivially. */
    private static byte[] text(long seed, int length) {
        Random random = new Random(seed);
        String[] words = new String[200];
        for (int i = 0; i < words.length; i++) {
            words[i] = Long.toString(random.nextLong(), 36).substring(0, 2 + random.nextInt(6));
        }
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            text.append(words[random.nextInt(words.length)]).append(' ');
        }
        return text.substring(0, length).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    }

    private static byte[] noise(long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    @Test
    void everyCodecGivesBackEveryLength() throws CorruptionException {
        try (BlockDecompressor decompressor = new BlockDecompressor()) {
            for (String setting : SETTINGS) {
                try (BlockCompressor compressor = new BlockCompressor(Compression.parse(setting))) {
                    for (int length : new int[] {0, 1, 2, 15, 16, 100, 4095, 65_536, 100_001, 1 << 20}) {
                        roundTrip(compressor, decompressor, text(length, length));
                        roundTrip(compressor, decompressor, noise(length, length));
                        roundTrip(compressor, decompressor, new byte[length]);
                    }
                }
            }
        }
    }

    private static void roundTrip(BlockCompressor compressor, BlockDecompressor decompressor, byte[] plain)
            throws CorruptionException {
        byte[] source = new byte[plain.length + 11];
        System.arraycopy(plain, 0, source, 4, plain.length);
        byte[] target = new byte[BlockCompressor.maxCompressedLength(plain.length)];
        int stored = compressor.compress(source, 4, plain.length, target);
        boolean asIs = compressor.codec() == Codec.NONE;
        if (asIs) {
            assertEquals(plain.length, stored);
        } else {
            assertTrue(stored < plain.length - (plain.length >>> 5), "it was kept without saving enough");
        }
        byte[] back = new byte[plain.length + 9];
        decompressor.decompress(
                compressor.codec(), asIs ? source : target, asIs ? 4 : 0, stored, back, 3, plain.length, "it");
        assertArrayEquals(plain, Arrays.copyOfRange(back, 3, 3 + plain.length));
        for (int i = 0; i < 9; i++) {
            assertEquals(0, back[i < 3 ? i : plain.length + i], "a byte outside was touched");
        }
    }

    @Test
    void whatDoesNotShrinkIsStoredAsItIs() {
        byte[] noise = noise(1, 1 << 20);
        byte[] text = text(1, 1 << 20);
        for (String setting : SETTINGS) {
            try (BlockCompressor compressor = new BlockCompressor(Compression.parse(setting))) {
                byte[] target = new byte[BlockCompressor.maxCompressedLength(1 << 20)];
                assertEquals(1 << 20, compressor.compress(noise, 0, 1 << 20, target));
                assertEquals(Codec.NONE, compressor.codec());
                int stored = compressor.compress(text, 0, 1 << 20, target);
                assertEquals(Compression.parse(setting).codec(), compressor.codec(), setting);
                assertTrue(setting.equals("none") || stored < (1 << 20) * 7 / 10, setting + ": " + stored);
            }
        }
    }

    @Test
    void theWrongPlainLengthIsDamage() throws CorruptionException {
        byte[] plain = text(3, 10_000);
        try (BlockDecompressor decompressor = new BlockDecompressor()) {
            for (String setting : SETTINGS) {
                try (BlockCompressor compressor = new BlockCompressor(Compression.parse(setting))) {
                    byte[] target = new byte[BlockCompressor.maxCompressedLength(plain.length)];
                    int stored = compressor.compress(plain, 0, plain.length, target);
                    byte[] bytes = compressor.codec() == Codec.NONE ? plain : target;
                    for (int length : new int[] {0, 1, 9_999, 10_001, 20_000}) {
                        assertRefused(decompressor, compressor.codec(), bytes, stored, length);
                    }
                    for (int cut : new int[] {0, 1, 5, stored - 1}) {
                        assertRefused(decompressor, compressor.codec(), bytes, cut, plain.length);
                    }
                }
            }
        }
    }

    private static void assertRefused(
            BlockDecompressor decompressor, Codec codec, byte[] stored, int length, int plainLength) {
        byte[] target = new byte[plainLength + 8];
        Arrays.fill(target, plainLength, target.length, (byte) 0x77);
        assertThrows(
                CorruptionException.class,
                () -> decompressor.decompress(codec, stored, 0, length, target, 0, plainLength, "it"),
                codec + " " + length + " " + plainLength);
        for (int i = plainLength; i < target.length; i++) {
            assertEquals(0x77, target[i], "it wrote past the end");
        }
    }

    @Test
    void bombsMeetTheLengthTheyWereGiven() {
        byte[] huge = new byte[64 << 20];
        byte[] zstd = Zstd.compress(huge, 3);
        byte[] lz4 = Lz4.factory().fastCompressor().compress(huge);
        assertTrue(zstd.length < 10_000 && lz4.length < 300_000);
        try (BlockDecompressor decompressor = new BlockDecompressor()) {
            assertRefused(decompressor, Codec.ZSTD, zstd, zstd.length, 1 << 20);
            assertRefused(decompressor, Codec.LZ4, lz4, lz4.length, 1 << 20);
        }
    }

    /** What reaches a decompressor was opened, so nobody forged it; still nothing may escape but our own error. */
    @Test
    void damagedBytesGiveAnErrorOrSomeBytesAndNeverAnythingElse() {
        byte[] plain = text(4, 30_000);
        try (BlockDecompressor decompressor = new BlockDecompressor()) {
            for (String setting : List.of("lz4", "zstd")) {
                try (BlockCompressor compressor = new BlockCompressor(Compression.parse(setting))) {
                    byte[] stored = new byte[BlockCompressor.maxCompressedLength(plain.length)];
                    int length = compressor.compress(plain, 0, plain.length, stored);
                    Random random = new Random(6);
                    int refused = 0;
                    for (int i = 0; i < 3000; i++) {
                        byte[] damaged = Arrays.copyOf(stored, length);
                        damaged[i < 200 ? i % length : random.nextInt(length)] ^= (byte) (1 + random.nextInt(255));
                        refused += refuses(decompressor, compressor.codec(), damaged, plain.length) ? 1 : 0;
                    }
                    for (int i = 0; i < 500; i++) {
                        refused += refuses(decompressor, compressor.codec(), noise(i, 1 + i), plain.length) ? 1 : 0;
                    }
                    assertTrue(refused > 1000, setting + ": " + refused);
                }
            }
        }
    }

    private static boolean refuses(BlockDecompressor decompressor, Codec codec, byte[] stored, int plainLength) {
        try {
            decompressor.decompress(codec, stored, 0, stored.length, new byte[plainLength], 0, plainLength, "it");
            return false;
        } catch (CorruptionException e) {
            return true;
        }
    }

    @Test
    void theNativeLz4LoadsUnderAnyClassLoader() {
        assertEquals(LZ4Factory.nativeInstance(), Lz4.factory());
    }

    /** Whichever implementation a machine has, any other reads what it wrote. */
    @Test
    void theJavaLz4ReadsWhatTheNativeOneWrites() {
        byte[] plain = text(9, 300_000);
        byte[] stored = Lz4.factory().fastCompressor().compress(plain);
        byte[] back = new byte[plain.length];
        assertEquals(plain.length, LZ4Factory.safeInstance().safeDecompressor().decompress(stored, back));
        assertArrayEquals(plain, back);
    }
}
