package io.packstone.restore;

import io.packstone.crypto.ChunkHasher;
import io.packstone.error.CorruptionException;
import io.packstone.error.MissingObjectException;
import io.packstone.error.StoreException;
import io.packstone.id.ChunkType;
import io.packstone.id.PackId;
import io.packstone.pack.PackTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Blocks of a pack that lie close together and are read at once, and the chunks wanted from them. */
final class PackRange {
    /** Reading over a gap is cheaper than asking twice. */
    private static final long GAP_MAX = 128 << 10;

    private static final long LENGTH_MAX = 4 << 20;
    private static final byte[] NOTHING = new byte[0];

    private final RestoreRun run;
    private final PackId pack;
    private final PackTable table;
    private final List<Wanted> blocks = new ArrayList<>();

    /** A chunk for one place in one file, and the row of the pack's table that has it. */
    record Placed(FileJob.Need need, int row) {}

    private record Wanted(int block, List<Placed> chunks) {}

    private PackRange(RestoreRun run, PackId pack, PackTable table) {
        this.run = run;
        this.pack = pack;
        this.table = table;
    }

    /** Cuts what is needed of a pack into ranges. */
    static List<PackRange> split(RestoreRun run, PackId pack, PackTable table, SortedMap<Integer, List<Placed>> needs) {
        List<PackRange> ranges = new ArrayList<>();
        PackRange current = new PackRange(run, pack, table);
        needs.forEach((block, chunks) -> chunks.sort(Comparator.comparingInt(Placed::row)));
        for (var entry : needs.entrySet()) {
            if (!current.takes(entry.getKey())) {
                ranges.add(current);
                current = new PackRange(run, pack, table);
            }
            current.blocks.add(new Wanted(entry.getKey(), entry.getValue()));
        }
        ranges.add(current);
        return ranges;
    }

    private boolean takes(int block) {
        if (blocks.isEmpty()) {
            return true;
        }
        long start = table.blockOffset(blocks.get(0).block());
        int last = blocks.get(blocks.size() - 1).block();
        long end = table.blockOffset(last) + table.blockStoredLength(last);
        long newEnd = table.blockOffset(block) + table.blockStoredLength(block);
        return table.blockOffset(block) - end <= GAP_MAX && newEnd - start <= LENGTH_MAX;
    }

    /** Reads, opens, verifies and writes. */
    void fetch() throws IOException {
        ChunkHasher hasher = new ChunkHasher(run.repository().keys().idKey());
        byte[] stored = read();
        byte[] plain = run.borrow(plainLengthMax());
        long start = table.blockOffset(blocks.get(0).block());
        for (Wanted wanted : blocks) {
            if (run.workers().isStopped()) {
                return;
            }
            Opened opened = open(wanted.block(), stored, (int) (table.blockOffset(wanted.block()) - start), plain);
            if (opened.failure() == null) {
                write(wanted.chunks(), opened.plain(), hasher);
                continue;
            }
            for (Placed placed : wanted.chunks()) {
                fetchAlone(run, placed.need(), opened.failure());
            }
        }
        run.giveBack(plain);
        if (stored != null) {
            run.giveBack(stored);
        }
    }

    private int plainLengthMax() {
        int longest = 0;
        for (Wanted wanted : blocks) {
            longest = Math.max(longest, table.blockPlainLength(wanted.block()));
        }
        return longest;
    }

    /** The plain bytes of a block, or why there are none. */
    private record Opened(byte[] plain, @Nullable StoreException failure) {}

    /** Into {@code room}, where {@code stored} is at hand. */
    private Opened open(int block, byte @Nullable [] stored, int offset, byte[] room) throws IOException {
        try {
            if (stored == null) {
                return new Opened(run.repository().blocks().plain(pack, table, block), null);
            }
            run.repository().blocks().open(pack, table, block, stored, offset, room);
            return new Opened(room, null);
        } catch (StoreException e) {
            if (!run.survives(e)) {
                throw e;
            }
            return new Opened(NOTHING, e);
        }
    }

    /** All bytes of the range; null when that fails, and block by block may still succeed. */
    private byte @Nullable [] read() throws IOException {
        long start = table.blockOffset(blocks.get(0).block());
        int last = blocks.get(blocks.size() - 1).block();
        int length = (int) (table.blockOffset(last) + table.blockStoredLength(last) - start);
        byte[] stored = run.borrow(length);
        try {
            run.repository().blocks().read(pack, start, stored, length);
            return stored;
        } catch (StoreException e) {
            if (!run.survives(e)) {
                throw e;
            }
            return null;
        }
    }

    private void write(List<Placed> chunks, byte[] plain, ChunkHasher hasher) throws IOException {
        int verified = -1;
        for (Placed placed : chunks) {
            int row = placed.row();
            int from = table.rowPlainOffset(row);
            FileJob.Need need = placed.need();
            if (row != verified) {
                if (!hasher.id(ChunkType.DATA, NOTHING, 0, plain, from, need.length())
                        .equals(need.id())) {
                    CorruptionException cause = new CorruptionException(
                            "chunk " + need.id().toShortHex() + " in packs/" + pack, "its bytes do not have its id");
                    fetchAlone(run, need, cause);
                    continue;
                }
                verified = row;
            }
            write(run, need, plain, from);
        }
    }

    private static void write(RestoreRun run, FileJob.Need need, byte[] source, int from) {
        if (need.job().write(need.offset(), source, from, need.length())) {
            run.tally().bytesWritten.addAndGet(need.length());
        }
        need.job().release();
    }

    /** Fetches a chunk from wherever there is a whole copy; {@code failure} is why the first was none. */
    static void fetchAlone(RestoreRun run, FileJob.Need need, @Nullable StoreException failure) throws IOException {
        try {
            byte[] payload =
                    run.repository().chunks().get(need.id(), ChunkType.DATA).payload();
            if (payload.length != need.length()) {
                throw new CorruptionException(
                        "chunk " + need.id().toShortHex(), "it has another length than its file says");
            }
            // That a pack is gone is what every prune does, whether it still runs or was killed: check tells of one
            // that is lost.
            if (failure != null && !(failure instanceof MissingObjectException)) {
                run.tally().copyDamaged(failure.getMessage() + "; another copy was used, run check");
            }
            write(run, need, payload, 0);
        } catch (StoreException e) {
            if (!run.survives(e)) {
                throw e;
            }
            need.job().lost(failure == null ? e : failure);
            need.job().release();
        }
    }
}
