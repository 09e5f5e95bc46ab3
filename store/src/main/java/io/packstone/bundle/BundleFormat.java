package io.packstone.bundle;

import io.packstone.bytes.ByteSink;
import io.packstone.bytes.Crc32c;
import io.packstone.bytes.LittleEndian;
import io.packstone.crypto.Hmac;
import io.packstone.crypto.KeyRing;
import io.packstone.crypto.Sealer;
import io.packstone.error.CorruptionException;
import io.packstone.error.StoreException;
import io.packstone.format.CborReader;
import io.packstone.format.CborWriter;
import io.packstone.format.Frame;
import io.packstone.format.FrameKind;
import io.packstone.id.RepositoryId;
import io.packstone.id.SnapshotId;
import io.packstone.repository.StoredSnapshot;
import io.packstone.snapshot.SnapshotFormat;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The layout of bundles (docs/format.md, Bundles): the parts that are not blocks. Bytes in, bytes out. */
final class BundleFormat {
    /** The random bytes that tell one bundle from another. */
    static final int ID_LENGTH = 16;

    /** Header, id, length of the front, checksum. */
    static final int OPENING_LENGTH = Frame.HEADER_LENGTH + ID_LENGTH + 8;

    /** What stands before each section. */
    static final int HEAD_LENGTH = 32;

    /** SHA-256 of everything before it: the last bytes of a bundle. */
    static final int HASH_LENGTH = Hmac.LENGTH;

    private static final int FRONT_LENGTH_MAX = 48 << 20;
    private static final int TABLE_LENGTH_MAX = 64 << 20;
    private static final int BLOCKS_LENGTH_MAX = 64 << 20;
    private static final int END_LENGTH_MAX = 4 << 10;
    private static final byte[] MAGIC = "PKSTBND1".getBytes(StandardCharsets.US_ASCII);
    private static final int CHUNKS = 1;
    private static final int END = 2;

    private BundleFormat() {}

    /** The first bytes, which need no key. */
    static final class Opening {
        private final RepositoryId repository;
        private final byte[] id;
        private final int frontLength;

        private Opening(RepositoryId repository, byte[] id, int frontLength) {
            this.repository = repository;
            this.id = id;
            this.frontLength = frontLength;
        }

        /** Whose snapshot it brings. */
        RepositoryId repository() {
            return repository;
        }

        /** The random bytes that all its seals are bound to: borrowed. */
        byte[] id() {
            return id;
        }

        /** The length of its sealed front. */
        int frontLength() {
            return frontLength;
        }
    }

    static byte[] encodeOpening(RepositoryId repository, byte[] id, int frontLength) {
        ByteSink sink = new ByteSink(OPENING_LENGTH);
        sink.putBytes(Frame.header(FrameKind.BUNDLE, repository)).putBytes(id).putInt(frontLength);
        return sink.putInt(Crc32c.of(sink.array(), 0, sink.length())).toBytes();
    }

    static Opening decodeOpening(byte[] bytes, String name) throws StoreException {
        RepositoryId repository = Frame.checkHeader(FrameKind.BUNDLE, bytes, 0, name);
        int checksumAt = OPENING_LENGTH - 4;
        if (LittleEndian.getInt(bytes, checksumAt) != Crc32c.of(bytes, 0, checksumAt)) {
            throw new CorruptionException(name, checksumAt, "the checksum of the first bytes", "another");
        }
        int lengthAt = checksumAt - 4;
        int frontLength = LittleEndian.getInt(bytes, lengthAt);
        if (!isSealedLength(frontLength, FRONT_LENGTH_MAX)) {
            throw new CorruptionException(name, lengthAt, "the length of a front", Integer.toString(frontLength));
        }
        return new Opening(repository, Arrays.copyOfRange(bytes, Frame.HEADER_LENGTH, lengthAt), frontLength);
    }

    private static boolean isSealedLength(int length, int max) {
        return length > 0 && length <= max && Sealer.plainLength(length) >= 0;
    }

    /**
     * What stands before a section.
     *
     * @param isEnd no section, but the end comes
     * @param sealedLength of the table, or of the end
     * @param blocksLength of the blocks behind the table
     */
    record Head(boolean isEnd, int sealedLength, int blocksLength) {}

    static byte[] encodeHead(Head head, long offset) {
        ByteSink sink = new ByteSink(HEAD_LENGTH).putBytes(MAGIC).putLong(offset);
        sink.putInt(head.isEnd ? END : CHUNKS).putInt(head.sealedLength).putInt(head.blocksLength);
        return sink.putInt(Crc32c.of(sink.array(), 0, sink.length())).toBytes();
    }

    /** {@code offset} is where the bytes begin in the bundle. */
    static Head decodeHead(byte[] bytes, long offset, String name) throws CorruptionException {
        int kind = LittleEndian.getInt(bytes, 16);
        boolean whole = Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)
                && LittleEndian.getInt(bytes, HEAD_LENGTH - 4) == Crc32c.of(bytes, 0, HEAD_LENGTH - 4)
                && LittleEndian.getLong(bytes, 8) == offset
                && (kind == CHUNKS || kind == END);
        if (!whole) {
            throw new CorruptionException(name, offset, "the head of a section", "something else");
        }
        Head head = new Head(kind == END, LittleEndian.getInt(bytes, 20), LittleEndian.getInt(bytes, 24));
        boolean fits = isSealedLength(head.sealedLength, head.isEnd ? END_LENGTH_MAX : TABLE_LENGTH_MAX)
                && head.blocksLength >= 0
                && head.blocksLength <= (head.isEnd ? 0 : BLOCKS_LENGTH_MAX);
        if (!fits) {
            throw new CorruptionException(name, offset, "the lengths of a section", head.toString());
        }
        return head;
    }

    /** True when a section may have so many bytes in its table, before it is sealed, and in its blocks. */
    static boolean fitsSection(long tableLength, long blocksLength) {
        return Sealer.sealedLength(tableLength) <= TABLE_LENGTH_MAX && blocksLength <= BLOCKS_LENGTH_MAX;
    }

    /** Both records as they are stored; {@code base} is empty for none. */
    static byte[] encodeFront(BundleKind kind, byte[] snapshot, byte[] base, List<String> tags, String program) {
        CborWriter cbor = new CborWriter().array(5);
        cbor.integer(kind.number()).bytes(snapshot).bytes(base).array(tags.size());
        tags.forEach(cbor::text);
        return cbor.end().text(program).end().toBytes();
    }

    static BundleFront decodeFront(byte[] plain, String name, KeyRing keys) throws StoreException {
        CborReader cbor = new CborReader(plain, 0, plain.length, name);
        cbor.array(5);
        BundleKind kind = BundleKind.of(cbor.integer(0, Byte.MAX_VALUE));
        StoredSnapshot snapshot = stored(cbor.bytes(), name + ", record of the snapshot", keys);
        byte[] baseRecord = cbor.bytes();
        @Nullable
        StoredSnapshot base = baseRecord.length == 0 ? null : stored(baseRecord, name + ", record of the base", keys);
        if (kind == null || (kind == BundleKind.FULL) != (base == null)) {
            throw new CorruptionException(name, "it is of kind " + kind + " and has a base, or has none");
        }
        List<String> tags = new ArrayList<>();
        for (int count = cbor.array(); count > 0; count--) {
            tags.add(cbor.text());
        }
        String program = cbor.text();
        cbor.expectEnd();
        StoredSnapshot tagged =
                new StoredSnapshot(snapshot.id(), snapshot.record().withTags(tags));
        return new BundleFront(kind, tagged, base, program);
    }

    private static StoredSnapshot stored(byte[] bytes, String name, KeyRing keys) throws StoreException {
        SnapshotId id = SnapshotId.of(Hmac.sha256(bytes, 0, bytes.length));
        return new StoredSnapshot(id, SnapshotFormat.decode(bytes, name, keys));
    }

    static byte[] encodeEnd(BundleTotals totals) {
        CborWriter cbor = new CborWriter().array(4);
        cbor.integer(totals.sections()).integer(totals.blocks()).integer(totals.chunks());
        return cbor.integer(totals.bytes()).end().toBytes();
    }

    static BundleTotals decodeEnd(byte[] plain, String name) throws CorruptionException {
        CborReader cbor = new CborReader(plain, 0, plain.length, name);
        cbor.array(4);
        BundleTotals totals = new BundleTotals(cbor.integer(), cbor.integer(), cbor.integer(), cbor.integer());
        cbor.expectEnd();
        return totals;
    }
}
