package io.packstone.parity;

import io.packstone.bytes.Crc32c;
import io.packstone.bytes.LittleEndian;
import io.packstone.format.Frame;
import io.packstone.format.FrameKind;
import io.packstone.id.ObjectHash;
import io.packstone.id.RepositoryId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The layout of sidecars (docs/format.md, Parity): what is needed to use one stands in it more than once. */
final class SidecarFormat {
    static final int SUMMARY_LENGTH = 128;
    static final int HASH_LENGTH = ObjectHash.LENGTH;
    private static final byte[] MAGIC = "PKSTPAR1".getBytes(StandardCharsets.US_ASCII);
    private static final int CHECKSUM_OFFSET = SUMMARY_LENGTH - 4;
    private static final int CRC_LENGTH = 4;

    private SidecarFormat() {}

    /** What each copy of the summary says. */
    record Summary(FrameKind kind, ObjectHash object, ParityGeometry geometry) {}

    static int firstSummary() {
        return Frame.HEADER_LENGTH;
    }

    static int firstTable() {
        return firstSummary() + SUMMARY_LENGTH;
    }

    static int tableLength(ParityGeometry geometry) {
        return (geometry.dataCells() + geometry.parityCells()) * CRC_LENGTH;
    }

    static int secondSummary(ParityGeometry geometry) {
        return firstTable() + tableLength(geometry);
    }

    static int cells(ParityGeometry geometry) {
        return secondSummary(geometry) + SUMMARY_LENGTH;
    }

    static long secondTable(ParityGeometry geometry) {
        return cells(geometry) + (long) geometry.parityCells() * geometry.cellLength();
    }

    static long thirdSummary(ParityGeometry geometry) {
        return secondTable(geometry) + tableLength(geometry);
    }

    static long totalLength(ParityGeometry geometry) {
        return thirdSummary(geometry) + SUMMARY_LENGTH + HASH_LENGTH;
    }

    static byte[] header(RepositoryId repository) {
        return Frame.header(FrameKind.PARITY, repository);
    }

    static byte[] encode(Summary summary) {
        byte[] bytes = Arrays.copyOf(MAGIC, SUMMARY_LENGTH);
        ParityGeometry geometry = summary.geometry();
        summary.object().copyTo(bytes, 8);
        LittleEndian.putLong(bytes, 40, geometry.objectLength());
        LittleEndian.putInt(bytes, 48, geometry.cellLength());
        bytes[52] = (byte) geometry.dataShards();
        bytes[53] = (byte) geometry.parityShards();
        bytes[54] = (byte) summary.kind().number();
        LittleEndian.putInt(bytes, CHECKSUM_OFFSET, Crc32c.of(bytes, 0, CHECKSUM_OFFSET));
        return bytes;
    }

    /** The summary at {@code offset}; null when none is there. */
    static @Nullable Summary decode(byte[] bytes, int offset) {
        if (offset < 0
                || bytes.length - offset < SUMMARY_LENGTH
                || !Arrays.equals(bytes, offset, offset + MAGIC.length, MAGIC, 0, MAGIC.length)
                || LittleEndian.getInt(bytes, offset + CHECKSUM_OFFSET) != Crc32c.of(bytes, offset, CHECKSUM_OFFSET)) {
            return null;
        }
        long objectLength = LittleEndian.getLong(bytes, offset + 40);
        int cellLength = LittleEndian.getInt(bytes, offset + 48);
        int dataShards = bytes[offset + 52] & 0xff;
        int parityShards = bytes[offset + 53] & 0xff;
        FrameKind kind = kind(bytes[offset + 54]);
        if (kind == null || !ParityGeometry.isValid(objectLength, cellLength, dataShards, parityShards)) {
            return null;
        }
        ParityGeometry geometry = new ParityGeometry(objectLength, cellLength, dataShards, parityShards);
        if (totalLength(geometry) > FrameKind.PARITY.maxLength()) {
            return null;
        }
        return new Summary(kind, ObjectHash.of(bytes, offset + 8), geometry);
    }

    private static @Nullable FrameKind kind(int number) {
        for (FrameKind kind : new FrameKind[] {FrameKind.PACK, FrameKind.INDEX_SEGMENT}) {
            if (kind.number() == number) {
                return kind;
            }
        }
        return null;
    }

    /** The first whole copy of the summary, wherever it is; null when there is none. */
    static @Nullable Summary find(byte[] bytes) {
        Summary found = decode(bytes, firstSummary());
        if (found == null) {
            found = decode(bytes, bytes.length - HASH_LENGTH - SUMMARY_LENGTH);
        }
        for (int offset = 0; found == null && offset <= bytes.length - SUMMARY_LENGTH; offset++) {
            found = bytes[offset] == MAGIC[0] ? decode(bytes, offset) : null;
        }
        return found;
    }

    /** The checksum of a cell in a table that starts at {@code table}; null when it is beyond the end of what there is. */
    static @Nullable Integer checksum(byte[] bytes, long table, int number) {
        long offset = table + (long) number * CRC_LENGTH;
        return offset + CRC_LENGTH <= bytes.length ? (Integer) LittleEndian.getInt(bytes, (int) offset) : null;
    }
}
