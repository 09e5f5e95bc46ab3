package io.packstone.segment;

import io.packstone.bytes.ByteSink;
import io.packstone.crypto.Hkdf;
import io.packstone.id.RepositoryId;

/** The layout of index segments (docs/format.md, Index segments). */
final class SegmentFormat {
    static final int VERSION = 1;

    /** Parts: what a sealed piece holds. */
    static final int RUN = 1;

    static final int ENTRIES = 2;
    static final int FILTER = 3;
    static final int DIRECTORY = 4;

    /** An entry: first 8 bytes of the id as a big-endian word, table u16, row u32. */
    static final int ENTRY_LENGTH = 14;

    static final int ENTRIES_PER_PIECE = (16 << 10) / ENTRY_LENGTH;
    static final int TABLES_MAX = 65_535;
    static final int ENTRIES_MAX = 1 << 22;
    static final int SUPERSEDED_MAX = 65_535;
    static final int PIECE_LENGTH_MAX = 256 << 20;

    /** A run: pack id 32, pack length u64, table. */
    static final int RUN_HEAD_LENGTH = 40;

    private SegmentFormat() {}

    static byte[] associatedData(RepositoryId repository, int part, int ordinal) {
        return new ByteSink(48)
                .putBytes(Hkdf.info("index"))
                .putBytes(repository.toBytes())
                .putByte(part)
                .putInt(ordinal)
                .toBytes();
    }
}
