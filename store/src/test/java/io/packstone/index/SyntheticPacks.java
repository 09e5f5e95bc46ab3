package io.packstone.index;

import io.packstone.compress.Codec;
import io.packstone.crypto.Envelope;
import io.packstone.crypto.KeyRing;
import io.packstone.crypto.Randomness;
import io.packstone.crypto.Sealer;
import io.packstone.crypto.SecretKey;
import io.packstone.error.CorruptionException;
import io.packstone.format.Footer;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.id.PackId;
import io.packstone.id.RepositoryId;
import io.packstone.id.SegmentId;
import io.packstone.pack.BlockType;
import io.packstone.pack.PackClass;
import io.packstone.pack.PackTable;
import io.packstone.pack.PackTableBuilder;
import io.packstone.pack.PackTableFormat;
import io.packstone.segment.RandomBytes;
import io.packstone.segment.SegmentBuilder;
import io.packstone.segment.SegmentReader;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Packs that exist only as tables, and segments that speak of them, drawn from a seed. */
public final class SyntheticPacks {
    private final int payloadLength;
    private final int rowsPerBlock;
    private final SplittableRandom random;
    private final KeyRing keys;
    private final Envelope envelope;

    SyntheticPacks(long seed) {
        payloadLength = 1000;
        rowsPerBlock = 1000;
        random = new SplittableRandom(seed);
        Randomness seeded = random::nextBytes;
        keys = new KeyRing(repository(1), SecretKey.copyOf(bytes(32)), SecretKey.copyOf(bytes(32)));
        envelope = keys.newEnvelope(seeded);
    }

    /** Of the repository that has these keys, and so many chunks of that length to a block. */
    public SyntheticPacks(KeyRing keys, long seed, int payloadLength, int rowsPerBlock) {
        this.payloadLength = payloadLength;
        this.rowsPerBlock = rowsPerBlock;
        random = new SplittableRandom(seed);
        this.keys = keys;
        envelope = keys.newEnvelope(random::nextBytes);
    }

    static RepositoryId repository(int number) {
        return new RepositoryId(number, number);
    }

    /** A pack. */
    public record Pack(PackId id, long length, PackTable table) {}

    /** A chunk in a pack. */
    public record Row(ChunkId id, ChunkType type, boolean dead, List<ChunkId> refs) {
        private static final ChunkId ZERO = ChunkId.of(new byte[ChunkId.LENGTH]);

        /** One that refers to a chunk of zeros, unless it is data. */
        Row(ChunkId id, ChunkType type, boolean dead) {
            this(id, type, dead, type == ChunkType.DATA ? List.of() : List.of(ZERO));
        }
    }

    /** A segment and its bytes. */
    record Segment(SegmentId id, byte[] bytes) {}

    KeyRing keys() {
        return keys;
    }

    SplittableRandom random() {
        return random;
    }

    private byte[] bytes(int count) {
        byte[] drawn = new byte[count];
        random.nextBytes(drawn);
        return drawn;
    }

    /** An id that is drawn. */
    public ChunkId chunkId() {
        return ChunkId.of(bytes(32));
    }

    Row row() {
        return new Row(chunkId(), ChunkType.of(random.nextInt(4)), false);
    }

    List<Row> rows(int count) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(row());
        }
        return rows;
    }

    Pack pack(List<Row> rows) throws CorruptionException {
        return pack(rows, null);
    }

    /** A pack of that id, or of one that is drawn. */
    Pack pack(List<Row> rows, byte @Nullable [] id) throws CorruptionException {
        return pack(PackClass.DATA, rows, PackId.of(id == null ? bytes(32) : id));
    }

    /** A pack of any class. */
    public Pack pack(PackClass packClass, List<Row> rows, PackId id) throws CorruptionException {
        PackTableBuilder builder = new PackTableBuilder(packClass);
        builder.addEnvelope(envelope);
        BlockType type = packClass == PackClass.TREE ? BlockType.TREE : BlockType.DATA;
        long stored = 0;
        int inBlock = 0;
        for (Row row : rows) {
            byte[] refs = new byte[row.refs().size() * ChunkId.LENGTH];
            for (int ref = 0; ref < row.refs().size(); ref++) {
                row.refs().get(ref).copyTo(refs, ref * ChunkId.LENGTH);
            }
            builder.addRow(
                    row.id(),
                    row.type(),
                    row.dead(),
                    payloadLength,
                    refs,
                    0,
                    row.refs().size());
            if (++inBlock == rowsPerBlock) {
                stored += endBlock(builder, type, inBlock);
                inBlock = 0;
            }
        }
        stored += inBlock == 0 ? 0 : endBlock(builder, type, inBlock);
        byte[] plain = builder.toBytes();
        long tableOffset = PackTableFormat.BLOCKS_OFFSET + stored;
        PackTable table = PackTableFormat.decode(plain, "a synthetic table", tableOffset);
        long length = tableOffset + Sealer.sealedLength(plain.length) + Footer.LENGTH;
        return new Pack(id, length, table);
    }

    private int endBlock(PackTableBuilder builder, BlockType type, int rows) {
        int plainLength = rows * payloadLength;
        int storedLength = Math.toIntExact(Sealer.sealedLength(plainLength));
        builder.endBlock(type, Codec.NONE, 0, storedLength, plainLength);
        return storedLength;
    }

    Segment segment(List<Pack> packs) {
        SegmentBuilder builder = new SegmentBuilder(keys);
        packs.forEach(pack -> builder.add(pack.id(), pack.length(), pack.table()));
        return new Segment(segmentId(packs), builder.toBytes());
    }

    /** Of what it holds, not of its bytes: seals are random, and a child process must come to the same id. */
    private static SegmentId segmentId(List<Pack> packs) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            packs.forEach(pack -> digest.update(pack.id().toBytes()));
            return SegmentId.of(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    SegmentReader open(Segment segment) throws IOException {
        return SegmentReader.open(RandomBytes.of(segment.bytes()), keys, "index/" + segment.id());
    }
}
