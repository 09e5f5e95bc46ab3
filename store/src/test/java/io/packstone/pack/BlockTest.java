package io.packstone.pack;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.compress.Codec;
import io.packstone.compress.Compression;
import io.packstone.crypto.Envelope;
import io.packstone.crypto.Hmac;
import io.packstone.crypto.KeyRing;
import io.packstone.error.CorruptionException;
import io.packstone.error.StoreException;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BlockTest {
    private static final KeyRing KEYS = SamplePacks.keys();
    private static final String SPEECH = "To be, or not to be, that is the question. ".repeat(8);

    @Test
    void blocksOfEveryLengthAndCompressionOpenAgain() throws IOException {
        int[] lengths = {0, 1, 100, 65_480, 65_496, 65_497, 131_000, 1 << 20, (1 << 20) + 77};
        for (String compression : new String[] {"none", "lz4", "zstd:1", "zstd:9"}) {
            Envelope envelope = KEYS.newEnvelope(SamplePacks.seeded(4));
            try (BlockSealer sealer =
                            new BlockSealer(KEYS, envelope, Compression.parse(compression), SamplePacks.seeded(5));
                    BlockOpener opener = new BlockOpener(KEYS)) {
                for (int length : lengths) {
                    for (boolean noise : new boolean[] {false, true}) {
                        byte[] plain = plain(length, noise);
                        byte[] sealed = sealer.seal(BlockType.DATA, plain, 3, length);
                        PackTable table = tableOf(envelope, sealer.codec(), sealed.length, length);
                        byte[] shifted = new byte[sealed.length + 20];
                        System.arraycopy(sealed, 0, shifted, 11, sealed.length);
                        byte[] opened = opener.open(table, 0, shifted, 11, "x");
                        assertArrayEquals(Arrays.copyOfRange(plain, 3, 3 + length), opened);
                        boolean shrinks = !compression.equals("none") && !noise && length >= 100;
                        assertEquals(shrinks, sealer.codec() != Codec.NONE, compression + " of " + length);
                    }
                }
            }
        }
    }

    /** {@code length} bytes between two times three that do not belong to the block. */
    private static byte[] plain(int length, boolean noise) {
        byte[] plain = new byte[length + 6];
        if (noise) {
            new Random(length).nextBytes(plain);
        } else {
            Arrays.fill(plain, (byte) 'x');
        }
        return plain;
    }

    private static PackTable tableOf(Envelope envelope, Codec codec, int storedLength, int plainLength)
            throws CorruptionException {
        PackTableBuilder builder = new PackTableBuilder(PackClass.DATA);
        builder.addEnvelope(envelope);
        builder.addRow(ChunkId.of(new byte[32]), ChunkType.DATA, false, plainLength, new byte[0], 0, 0);
        builder.endBlock(BlockType.DATA, codec, 0, storedLength, plainLength);
        return PackTableFormat.decode(builder.toBytes(), "x", PackTableFormat.BLOCKS_OFFSET + (long) storedLength);
    }

    @Test
    void aFaultOfMemoryWhileSealingIsNoticed() throws IOException {
        byte[] plain = SPEECH.getBytes(StandardCharsets.US_ASCII);
        Envelope envelope = KEYS.newEnvelope(SamplePacks.seeded(4));
        boolean[] faulty = new boolean[1];
        Random random = new Random(1);
        // The salt is drawn after compression: a bit that flips there reaches what is compared, not what was sealed.
        try (BlockSealer sealer = new BlockSealer(KEYS, envelope, Compression.AUTO, target -> {
            random.nextBytes(target);
            plain[17] ^= (byte) (faulty[0] ? 4 : 0);
        })) {
            sealer.seal(BlockType.DATA, plain, 0, plain.length);
            faulty[0] = true;
            CorruptionException failure =
                    assertThrows(CorruptionException.class, () -> sealer.seal(BlockType.DATA, plain, 0, plain.length));
            assertTrue(failure.getMessage().contains("memory"), failure.getMessage());
        }
    }

    @Test
    void theSealHoldsEverythingTheTableSaysOfABlock() throws IOException {
        byte[] plain = SPEECH.getBytes(StandardCharsets.US_ASCII);
        Envelope envelope = KEYS.newEnvelope(SamplePacks.seeded(4));
        Envelope other = KEYS.newEnvelope(SamplePacks.seeded(6));
        try (BlockSealer sealer = new BlockSealer(KEYS, envelope, Compression.AUTO, SamplePacks.seeded(5));
                BlockOpener opener = new BlockOpener(KEYS)) {
            byte[] sealed = sealer.seal(BlockType.DATA, plain, 0, plain.length);
            int length = plain.length;
            PackTable right = tableOf(envelope, Codec.ZSTD, sealed.length, length);
            assertArrayEquals(plain, opener.open(right, 0, sealed, 0, "x"));
            PackTable[] wrong = {
                tableOf(envelope, Codec.LZ4, sealed.length, length),
                tableOf(envelope, Codec.ZSTD, sealed.length, length + 1),
                tableOf(other, Codec.ZSTD, sealed.length, length),
            };
            for (PackTable table : wrong) {
                assertThrows(CorruptionException.class, () -> opener.open(table, 0, sealed, 0, "x"));
            }
            byte[] tree = sealer.seal(BlockType.TREE, plain, 0, plain.length);
            assertThrows(CorruptionException.class, () -> opener.open(right, 0, tree, 0, "x"));
            KeyRing strangers = new KeyRing(SamplePacks.REPOSITORY, SamplePacks.key(7), SamplePacks.key(2));
            try (BlockOpener stranger = new BlockOpener(strangers)) {
                assertThrows(CorruptionException.class, () -> stranger.open(right, 0, sealed, 0, "x"));
            }
            for (int i = 0; i < sealed.length; i++) {
                byte[] damaged = sealed.clone();
                damaged[i] ^= 1;
                assertThrows(CorruptionException.class, () -> opener.open(right, 0, damaged, 0, "x"), "byte " + i);
            }
            assertArrayEquals(plain, opener.open(right, 0, sealed, 0, "x"));
        }
    }

    @Test
    void theCommittedPackStillReads() throws IOException {
        byte[] pack = SamplePacks.golden(BlockTest.class, "pack.hex");
        PackTable table = SamplePacks.readTable(pack, "x");
        assertEquals(PackClass.DATA, table.packClass());
        assertEquals(2, table.blockCount());
        assertEquals(64, table.blockOffset(0));
        assertEquals(Codec.ZSTD, table.codec(0));
        assertEquals(Codec.NONE, table.codec(1));
        assertEquals(3, table.rowCount());
        assertEquals(true, table.rowDead(1));
        assertEquals(ChunkType.NODE, table.rowType(2));
        assertEquals(table.rowId(0), table.rowRef(2, 0));
        assertEquals(table.rowId(1), table.rowRef(2, 1));
        try (BlockOpener opener = new BlockOpener(KEYS)) {
            byte[] first = opener.open(table, 0, pack, (int) table.blockOffset(0), "x");
            assertEquals(SPEECH, new String(first, StandardCharsets.US_ASCII));
            assertArrayEquals(new byte[] {1, 2, 3}, opener.open(table, 1, pack, (int) table.blockOffset(1), "x"));
        }
    }

    @Test
    void everyFlippedByteOfAPackIsNoticedAndEveryTruncation() throws IOException {
        byte[] pack = SamplePacks.pack(8);
        byte[] name = Hmac.sha256(pack, 0, pack.length);
        readWhole(pack);
        for (int i = 0; i < pack.length; i++) {
            byte[] damaged = pack.clone();
            damaged[i] ^= (byte) 0x40;
            assertNotEquals(Arrays.toString(name), Arrays.toString(Hmac.sha256(damaged, 0, damaged.length)));
            if (i < 32 || i >= 64) {
                // The job's id, bytes 32 to 63, is covered by the name alone.
                assertThrows(StoreException.class, () -> readWhole(damaged), "byte " + i);
            }
        }
        for (int length = 64 + 64; length < pack.length; length++) {
            byte[] cut = Arrays.copyOf(pack, length);
            assertThrows(StoreException.class, () -> readWhole(cut), "length " + length);
        }
    }

    private static void readWhole(byte[] pack) throws IOException {
        PackTable table = SamplePacks.readTable(pack, "x");
        try (BlockOpener opener = new BlockOpener(KEYS)) {
            for (int block = 0; block < table.blockCount(); block++) {
                opener.open(table, block, pack, (int) table.blockOffset(block), "x");
            }
        }
    }
}
