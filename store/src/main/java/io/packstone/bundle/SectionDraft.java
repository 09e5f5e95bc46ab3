package io.packstone.bundle;

import io.packstone.compress.Codec;
import io.packstone.crypto.Envelope;
import io.packstone.id.ChunkId;
import io.packstone.pack.BlockType;
import io.packstone.pack.PackClass;
import io.packstone.pack.PackTable;
import io.packstone.pack.PackTableBuilder;
import io.packstone.pack.PackTableFormat;
import io.packstone.pipeline.BlockDraft;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** The blocks of one section to be; written when there are enough. For one thread. */
final class SectionDraft {
    private static final long BLOCKS_LENGTH_TARGET = 8 << 20;
    private static final int TABLE_LENGTH_TARGET = 1 << 20;
    private static final int BLOCKS_MAX = 10_000;

    private final BundleWriter writer;
    private final List<Envelope> envelopes = new ArrayList<>();
    private final List<byte[]> blocks = new ArrayList<>();
    private PackTableBuilder table = new PackTableBuilder(PackClass.DATA);
    private long length;
    private long liveRows;

    SectionDraft(BundleWriter writer) {
        this.writer = writer;
    }

    /** Adds a block of a pack as it is sealed; takes over {@code stored}. */
    void move(PackTable from, int block, byte[] stored, BitSet dead) throws IOException {
        int envelope = envelope(from.envelope(block));
        int first = from.blockFirstRow(block);
        int rows = from.blockFirstRow(block + 1) - first;
        for (int i = 0; i < rows; i++) {
            byte[] refs = from.rowRefs(first + i);
            table.addRow(
                    from.rowId(first + i),
                    from.rowType(first + i),
                    dead.get(i),
                    from.rowPayloadLength(first + i),
                    refs,
                    0,
                    refs.length / ChunkId.LENGTH);
        }
        end(from.blockType(block), from.codec(block), envelope, stored, from.blockPlainLength(block));
        liveRows += rows - dead.cardinality();
        writeIfEnough();
    }

    /** Adds a block that was just sealed; takes over {@code stored}. */
    void add(BlockType type, Codec codec, byte[] stored, BlockDraft draft, Envelope sealedUnder) throws IOException {
        int envelope = envelope(sealedUnder);
        int ref = 0;
        for (int row = 0; row < draft.rowCount(); row++) {
            int refCount = draft.refCount(row);
            table.addRow(draft.id(row), draft.type(row), false, draft.payloadLength(row), draft.refs(), ref, refCount);
            ref += refCount * ChunkId.LENGTH;
        }
        end(type, codec, envelope, stored, draft.length());
        liveRows += draft.rowCount();
        writeIfEnough();
    }

    private int envelope(Envelope envelope) throws IOException {
        int number = envelopes.indexOf(envelope);
        if (number < 0 && envelopes.size() == PackTableFormat.ENVELOPES_MAX) {
            write();
        }
        if (number < 0) {
            number = envelopes.size();
            envelopes.add(envelope);
            table.addEnvelope(envelope);
        }
        return number;
    }

    private void end(BlockType type, Codec codec, int envelope, byte[] stored, int plainLength) {
        table.endBlock(type, codec, envelope, stored.length, plainLength);
        blocks.add(stored);
        length += stored.length;
    }

    private void writeIfEnough() throws IOException {
        if (length >= BLOCKS_LENGTH_TARGET || table.length() >= TABLE_LENGTH_TARGET || blocks.size() >= BLOCKS_MAX) {
            write();
        }
    }

    /** Writes what was collected, if anything was. */
    void write() throws IOException {
        if (blocks.isEmpty()) {
            return;
        }
        byte[] plain = table.toBytes();
        if (!BundleFormat.fitsSection(plain.length, length)) {
            throw new IllegalStateException(
                    "a section of " + length + " bytes with a table of " + plain.length + " bytes");
        }
        writer.section(plain, blocks, liveRows);
        table = new PackTableBuilder(PackClass.DATA);
        envelopes.clear();
        blocks.clear();
        length = 0;
        liveRows = 0;
    }
}
