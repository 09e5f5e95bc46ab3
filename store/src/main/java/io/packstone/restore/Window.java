package io.packstone.restore;

import io.packstone.id.ChunkType;
import io.packstone.id.PackId;
import io.packstone.index.ChunkLocation;
import io.packstone.pack.PackTable;
import io.packstone.restore.work.Workers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Files, or pieces of large ones, that are restored together: their chunks are looked up, sorted by where they are stored,
 * and read in ranges of packs, so that each block is read and opened once. Filled by one thread, then run by another.
 */
final class Window {
    private static final int FILES_MAX = 2000;
    private static final int NEEDS_MAX = 8192;
    private static final long BYTES_MAX = 64L << 20;

    /** Files of several chunks stay open between them; this bounds how many. */
    private static final int MANY_CHUNKS_MAX = 256;

    private final List<Portion> portions = new ArrayList<>();
    private final Map<PackId, PackNeeds> packs = new HashMap<>();
    private final List<FileJob.Need> strays = new ArrayList<>();
    private long bytes;
    private int needs;
    private int manyChunks;

    /** Some chunks of a file; the job waits for one release per portion. */
    private record Portion(FileJob job, List<FileJob.Need> needs) {}

    /** What is needed of one pack, by block. */
    private record PackNeeds(PackTable table, TreeMap<Integer, List<PackRange.Placed>> blocks) {}

    /** Adds chunks of a file; their lengths are announced by {@link #count}. */
    void add(FileJob job, List<FileJob.Need> portion) {
        portions.add(new Portion(job, portion));
        manyChunks += portion.size() > 1 ? 1 : 0;
    }

    /** Counts a chunk of {@code length} bytes that is to be added. */
    void count(int length) {
        bytes += length;
        needs++;
    }

    /** True when it should be run. */
    boolean isFull() {
        return portions.size() >= FILES_MAX
                || needs >= NEEDS_MAX
                || bytes >= BYTES_MAX
                || manyChunks >= MANY_CHUNKS_MAX;
    }

    /** True when there is nothing in it. */
    boolean isEmpty() {
        return portions.isEmpty();
    }

    /** Decides what becomes of existing files, and adds to {@code batch} what is to be read for the others. */
    void run(RestoreRun run, Removal removal, Workers.Batch batch) throws IOException {
        ExistingFiles existing = new ExistingFiles(run, removal);
        for (Portion portion : portions) {
            if (run.workers().isStopped()) {
                return;
            }
            plan(portion, run, existing);
        }
        for (Map.Entry<PackId, PackNeeds> pack : packs.entrySet()) {
            PackRange.split(
                            run,
                            pack.getKey(),
                            pack.getValue().table(),
                            pack.getValue().blocks())
                    .forEach(range -> batch.add(range::fetch));
        }
        for (FileJob.Need need : strays) {
            PackRange.fetchAlone(run, need, null);
        }
    }

    private void plan(Portion portion, RestoreRun run, ExistingFiles existing) throws IOException {
        FileJob job = portion.job();
        if (job.begin(existing)) {
            List<FileJob.Need> rest = existing.reuse(job, portion.needs());
            job.await(rest.size());
            for (FileJob.Need need : rest) {
                place(run, need);
            }
        }
        job.release();
    }

    private void place(RestoreRun run, FileJob.Need need) throws IOException {
        ChunkLocation location = run.repository().index().find(need.id(), ChunkType.DATA);
        if (location == null || location.table().rowPayloadLength(location.row()) != need.length()) {
            strays.add(need);
            return;
        }
        int block = location.table().rowBlock(location.row());
        packs.computeIfAbsent(location.pack(), pack -> new PackNeeds(location.table(), new TreeMap<>()))
                .blocks()
                .computeIfAbsent(block, number -> new ArrayList<>())
                .add(new PackRange.Placed(need, location.row()));
    }
}
