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
final class SyntheticPacks {
    private static final int PAYLOAD_LENGTH = 1000;

    private final SplittableRandom random;
    private final KeyRing keys;
    private final Envelope envelope;

    SyntheticPacks(long seed) {
        random = new SplittableRandom(seed);
        Randomness seeded = random::nextBytes;
        keys = new KeyRing(repository(1), SecretKey.copyOf(bytes(32)), SecretKey.copyOf(bytes(32)));
        envelope = keys.newEnvelope(seeded);
    }

    static RepositoryId repository(int number) {
        return new RepositoryId(number, number);
    }

    /** A pack. */
    record Pack(PackId id, long length, PackTable table) {}

    /** A chunk in a pack. */
    record Row(ChunkId id, ChunkType type, boolean dead) {}

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

    ChunkId chunkId() {
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
        PackTableBuilder builder = new PackTableBuilder(PackClass.DATA);
        builder.addEnvelope(envelope);
        long stored = 0;
        int inBlock = 0;
        for (Row row : rows) {
            int refs = row.type() == ChunkType.DATA ? 0 : 1;
            byte[] ref = new byte[32];
            builder.addRow(row.id(), row.type(), row.dead(), PAYLOAD_LENGTH, ref, 0, refs);
            if (++inBlock == 1000) {
                stored += endBlock(builder, inBlock);
                inBlock = 0;
            }
        }
        stored += inBlock == 0 ? 0 : endBlock(builder, inBlock);
        byte[] plain = builder.toBytes();
        long tableOffset = PackTableFormat.BLOCKS_OFFSET + stored;
        PackTable table = PackTableFormat.decode(plain, "a synthetic table", tableOffset);
        long length = tableOffset + Sealer.sealedLength(plain.length) + Footer.LENGTH;
        return new Pack(PackId.of(id == null ? bytes(32) : id), length, table);
    }

    private static int endBlock(PackTableBuilder builder, int rows) {
        int plainLength = rows * PAYLOAD_LENGTH;
        int storedLength = Math.toIntExact(Sealer.sealedLength(plainLength));
        builder.endBlock(BlockType.DATA, Codec.NONE, 0, storedLength, plainLength);
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
