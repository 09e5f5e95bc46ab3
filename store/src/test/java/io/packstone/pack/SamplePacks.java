package io.packstone.pack;

import io.packstone.bytes.ByteSink;
import io.packstone.compress.Codec;
import io.packstone.compress.Compression;
import io.packstone.crypto.Envelope;
import io.packstone.crypto.KeyRing;
import io.packstone.crypto.Randomness;
import io.packstone.crypto.Sealer;
import io.packstone.crypto.SecretKey;
import io.packstone.error.CorruptionException;
import io.packstone.format.Footer;
import io.packstone.format.Frame;
import io.packstone.format.FrameKind;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.id.JobId;
import io.packstone.id.RepositoryId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Random;
import java.util.SplittableRandom;

/** Makes keys, tables and whole packs from seeds. */
public final class SamplePacks {
    /** The repository that every sample belongs to. */
    public static final RepositoryId REPOSITORY = RepositoryId.parse("000102030405060708090a0b0c0d0e0f");

    private SamplePacks() {}

    /** A key of equal bytes. */
    public static SecretKey key(int fill) {
        byte[] bytes = new byte[SecretKey.LENGTH];
        Arrays.fill(bytes, (byte) fill);
        return SecretKey.copyOf(bytes);
    }

    /** The ring of the golden bytes. */
    public static KeyRing keys() {
        return new KeyRing(REPOSITORY, key(1), key(2));
    }

    /** Repeats itself. */
    public static Randomness seeded(long seed) {
        return new Random(seed)::nextBytes;
    }

    /** An id of random bytes. */
    public static ChunkId id(SplittableRandom random) {
        byte[] bytes = new byte[ChunkId.LENGTH];
        random.nextBytes(bytes);
        return ChunkId.of(bytes);
    }

    /** A table of {@code blocks} times {@code rows} rows of 100 bytes; every {@code deadEach}-th is dead. */
    public static PackTable table(long seed, int blocks, int rows, int deadEach) throws CorruptionException {
        SplittableRandom random = new SplittableRandom(seed);
        PackTableBuilder builder = new PackTableBuilder(PackClass.DATA);
        builder.addEnvelope(keys().newEnvelope(seeded(seed)));
        int stored = (int) Sealer.sealedLength(100L * rows);
        for (int i = 0; i < blocks * rows; i++) {
            builder.addRow(id(random), ChunkType.DATA, i % deadEach == deadEach - 1, 100, new byte[0], 0, 0);
            if (i % rows == rows - 1) {
                builder.endBlock(BlockType.DATA, Codec.NONE, 0, stored, 100 * rows);
            }
        }
        long tableOffset = PackTableFormat.BLOCKS_OFFSET + (long) blocks * stored;
        return PackTableFormat.decode(builder.toBytes(), "a sample", tableOffset);
    }

    /** The length of the pack that a table is of. */
    public static long packLength(PackTable table) {
        int last = table.blockCount() - 1;
        long offset =
                last < 0 ? PackTableFormat.BLOCKS_OFFSET : table.blockOffset(last) + table.blockStoredLength(last);
        return offset + Sealer.sealedLength(table.plainBytes().length) + Footer.LENGTH;
    }

    /** A whole pack: a data block of two chunks, a tree block of a node that refers to both. */
    public static byte[] pack(long seed) throws IOException {
        KeyRing keys = keys();
        Randomness randomness = seeded(seed);
        SplittableRandom random = new SplittableRandom(seed);
        Envelope envelope = keys.newEnvelope(randomness);
        PackTableBuilder builder = new PackTableBuilder(PackClass.DATA);
        builder.addEnvelope(envelope);
        ByteSink pack = new ByteSink(4096).putBytes(Frame.header(FrameKind.PACK, REPOSITORY));
        byte[] job = new byte[JobId.LENGTH];
        Arrays.fill(job, (byte) 9);
        pack.putBytes(job);
        ChunkId first = id(random);
        ChunkId second = id(random);
        try (BlockSealer sealer = new BlockSealer(keys, envelope, Compression.AUTO, randomness)) {
            byte[] plain =
                    "To be, or not to be, that is the question. ".repeat(8).getBytes(StandardCharsets.US_ASCII);
            byte[] sealed = sealer.seal(BlockType.DATA, plain, 0, plain.length);
            pack.putBytes(sealed);
            builder.addRow(first, ChunkType.DATA, false, 100, new byte[0], 0, 0);
            builder.addRow(second, ChunkType.DATA, true, plain.length - 100, new byte[0], 0, 0);
            builder.endBlock(BlockType.DATA, sealer.codec(), 0, sealed.length, plain.length);
            byte[] node = {1, 2, 3};
            byte[] sealedNode = sealer.seal(BlockType.TREE, node, 0, node.length);
            pack.putBytes(sealedNode);
            byte[] refs = new byte[2 * ChunkId.LENGTH];
            first.copyTo(refs, 0);
            second.copyTo(refs, ChunkId.LENGTH);
            builder.addRow(id(random), ChunkType.NODE, false, node.length, refs, 0, 2);
            builder.endBlock(BlockType.TREE, sealer.codec(), 0, sealedNode.length, node.length);
        }
        return finish(pack, builder.toBytes(), randomness);
    }

    private static byte[] finish(ByteSink pack, byte[] table, Randomness randomness) {
        long tableOffset = pack.length();
        byte[] sealed = new byte[(int) Sealer.sealedLength(table.length)];
        byte[] associatedData = PackTableFormat.associatedData(REPOSITORY);
        new Sealer(randomness).seal(keys().packTableKey(), associatedData, table, 0, table.length, sealed, 0);
        pack.putBytes(sealed);
        long total = pack.length() + (long) Footer.LENGTH;
        return pack.putBytes(new Footer(tableOffset, sealed.length, table.length, total, REPOSITORY).encode())
                .toBytes();
    }

    /** Reads a whole pack's table the way a reader does. */
    public static PackTable readTable(byte[] pack, String name) throws IOException {
        Frame.expectRepository(REPOSITORY, Frame.checkHeader(FrameKind.PACK, pack, 0, name), name);
        Footer footer = Footer.decode(pack, pack.length - Footer.LENGTH, pack.length, name);
        Frame.expectRepository(REPOSITORY, footer.repository(), name);
        byte[] plain = new byte[(int) footer.tablePlainLength()];
        byte[] associatedData = PackTableFormat.associatedData(REPOSITORY);
        int from = (int) footer.tableOffset();
        int length = (int) footer.tableStoredLength();
        new Sealer().open(keys().packTableKey(), associatedData, pack, from, length, plain, 0, name);
        return PackTableFormat.decode(plain, name, footer.tableOffset());
    }

    /** The bytes of a committed hex dump that stands beside {@code owner}. */
    public static byte[] golden(Class<?> owner, String resource) throws IOException {
        try (InputStream input = owner.getResourceAsStream(resource)) {
            String hex = new String(Objects.requireNonNull(input).readAllBytes(), StandardCharsets.US_ASCII);
            return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
        }
    }
}
