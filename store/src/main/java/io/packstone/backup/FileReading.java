package io.packstone.backup;

import io.packstone.backup.cutting.Cutting;
import io.packstone.backup.cutting.KnownCuts;
import io.packstone.chunker.ChunkerParameters;
import io.packstone.error.SourceException;
import io.packstone.manifest.ChunkSource;
import io.packstone.manifest.ManifestEntry;
import io.packstone.metadata.ExtendedAttributes;
import io.packstone.metadata.FileMetadata;
import io.packstone.metadata.Holes;
import io.packstone.metadata.TreePath;
import io.packstone.pipeline.BlockDraft;
import io.packstone.pipeline.FailureLatch;
import io.packstone.source.SourceEntry;
import io.packstone.source.SourceFile;
import io.packstone.source.SourceWalker;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Reads whole files, again when they change meanwhile. A file of one segment is read by the calling worker; a longer
 * one has each of its 256 MiB segments cut as a task of its own.
 */
final class FileReading {
    /** How often a file that changes is read before it is taken as it is, with a mark. */
    private static final int TRIES = 3;

    private final CutterPool cutters;
    private final ChunkOutput output;
    private final ExecutorService workers;
    private final ChunkSource parentChunks;
    private final Cutting cutting;

    /** {@code parentChunks} is where recipes of the parent's files are read from. */
    FileReading(
            CutterPool cutters,
            ChunkOutput output,
            ExecutorService workers,
            ChunkSource parentChunks,
            Cutting cutting) {
        this.cutters = cutters;
        this.output = output;
        this.workers = workers;
        this.parentChunks = parentChunks;
        this.cutting = cutting;
    }

    /** Works through a batch of files that each lie in one segment; keeps what does not fill a block with the batch. */
    void readBatch(Batch batch, SourceWalker walker) throws IOException {
        BlockDraft draft = cutters.draft();
        FileCutter cutter = cutters.cutter();
        try {
            for (Batch.Slot slot : batch.slots()) {
                if (slot.source != null) {
                    try {
                        slot.result = readSmall(walker, slot.source, slot.before, cutter, draft);
                    } catch (SourceException e) {
                        slot.problem = e;
                    }
                }
            }
        } finally {
            cutters.giveBack(cutter);
        }
        keepLeftover(batch, draft);
    }

    private void keepLeftover(Batch batch, BlockDraft draft) throws IOException {
        if (draft.length() >= BlockDraft.DATA_LENGTH / 2) {
            output.seal(draft);
        }
        if (draft.rowCount() == 0) {
            cutters.giveBack(draft);
        } else {
            batch.leftover = draft;
        }
    }

    /** {@code before} is what the parent has at that path. */
    private CutFile readSmall(
            SourceWalker walker, SourceEntry entry, @Nullable ManifestEntry before, FileCutter cutter, BlockDraft draft)
            throws SourceException, IOException {
        int fixed = fixedLength(entry);
        for (int attempt = 1; ; attempt++) {
            try (SourceFile file = attempt == 1 ? walker.openAsFound(entry) : walker.open(entry)) {
                FileMetadata opened = file.opened();
                ExtendedAttributes attributes = file.attributes();
                Holes holes = file.holes(attributes);
                FileCutter.ByteReader reader = reader(file, holes);
                List<CutSegment> segments = new ArrayList<>(1);
                long offset = 0;
                long end;
                do {
                    end = segmentEnd(offset, opened.size());
                    CutSegment segment = cutter.cut(reader, offset, end, known(fixed, before, offset), draft);
                    offset += segment.chunks().plainLength();
                    segments.add(segment);
                } while (offset == end && offset != opened.size());
                CutFile cut = finish(segments, holes, opened, file.stat().withAttributes(attributes), fixed);
                if (!cut.changed() || attempt == tries(entry)) {
                    return cut;
                }
            }
        }
    }

    /** A device in use never holds still, and is long. */
    private static int tries(SourceEntry entry) {
        return entry.isDevice() ? 1 : TRIES;
    }

    private int fixedLength(SourceEntry entry) {
        return cutting.lengthFor(entry.path().name(), entry.isDevice(), cutters.average());
    }

    /** A file's bytes, of which holes are not read. */
    private record AroundHoles(SourceFile file, Holes holes) implements FileCutter.ByteReader {
        @Override
        public int read(long offset, byte[] target, int targetOffset, int length) throws SourceException {
            int next = holes.at(offset);
            long upTo = next == holes.count() ? Long.MAX_VALUE : holes.start(next);
            return file.read(offset, target, targetOffset, (int) Math.min(length, upTo - offset));
        }

        @Override
        public long zerosFrom(long offset) {
            int next = holes.at(offset);
            return next < holes.count() && holes.start(next) <= offset ? holes.end(next) - offset : 0;
        }
    }

    private static FileCutter.ByteReader reader(SourceFile file, Holes holes) {
        return holes.isEmpty() ? file::read : new AroundHoles(file, holes);
    }

    /**
     * Where to stop reading: at the size that the file had, which the status after it confirms, so that its end need not
     * be read for; what claims to be empty is read until it is.
     */
    private static long segmentEnd(long from, long size) {
        long end = from + ChunkerParameters.SEGMENT_LENGTH;
        return size == 0 ? end : Math.min(end, size);
    }

    /** Reads a stream to its end, on the calling thread. */
    CutFile readStream(InputStream stream, TreePath path, FileMetadata metadata) throws SourceException, IOException {
        BlockDraft draft = cutters.draft();
        FileCutter cutter = cutters.cutter();
        FileCutter.ByteReader reader = (offset, target, targetOffset, length) -> {
            try {
                return stream.read(target, targetOffset, length);
            } catch (IOException e) {
                throw new SourceException(path.toString(), String.valueOf(e.getMessage()));
            }
        };
        int fixed = cutting.lengthFor(path.name(), false, cutters.average());
        KnownCuts cuts = fixed > 0 ? KnownCuts.every(fixed) : KnownCuts.none();
        List<CutSegment> segments = new ArrayList<>();
        long length = 0;
        CutSegment last;
        do {
            last = cutter.cut(reader, length, length + ChunkerParameters.SEGMENT_LENGTH, cuts, draft);
            length += last.chunks().plainLength();
            segments.add(last);
        } while (last.chunks().plainLength() == ChunkerParameters.SEGMENT_LENGTH);
        output.seal(draft);
        return new CutFile(List.copyOf(segments), metadata.withSize(length), Holes.NONE, false, fixed);
    }

    private static CutFile finish(
            List<CutSegment> segments, Holes holes, FileMetadata before, FileMetadata after, int fixedLength) {
        long length = 0;
        for (CutSegment segment : segments) {
            length += segment.chunks().plainLength();
        }
        boolean still = after.looksUnchangedSince(before) && after.size() == length;
        return new CutFile(
                segments, still ? after : after.withSize(length), still ? holes : Holes.NONE, !still, fixedLength);
    }

    /** Reads a file of several segments; the calling thread, which is none of the workers, only waits. */
    CutFile readLarge(SourceWalker walker, SourceEntry entry, @Nullable ManifestEntry before)
            throws SourceException, IOException, InterruptedException {
        int fixed = fixedLength(entry);
        for (int attempt = 1; ; attempt++) {
            List<Future<CutSegment>> tasks = new ArrayList<>();
            List<CutSegment> segments = new ArrayList<>();
            try (SourceFile file = walker.open(entry)) {
                FileMetadata opened = file.opened();
                long size = opened.size();
                ExtendedAttributes attributes = file.attributes();
                Holes holes = file.holes(attributes);
                for (long from = 0; from < size; from += ChunkerParameters.SEGMENT_LENGTH) {
                    long start = from;
                    long end = segmentEnd(from, size);
                    tasks.add(workers.submit(
                            () -> cutSegment(reader(file, holes), known(fixed, before, start), start, end)));
                }
                for (Future<CutSegment> task : tasks) {
                    segments.add(await(task));
                }
                CutFile cut = finish(segments, holes, opened, file.stat().withAttributes(attributes), fixed);
                if (!cut.changed() || attempt == tries(entry)) {
                    return wholeSegmentsOnly(cut);
                }
            } finally {
                tasks.forEach(task -> task.cancel(false));
                awaitAll(tasks);
            }
        }
    }

    /** A file that shrank while it was read has a gap after its first short segment; what follows is dropped. */
    private static CutFile wholeSegmentsOnly(CutFile cut) {
        List<CutSegment> whole = new ArrayList<>();
        for (CutSegment segment : cut.segments()) {
            whole.add(segment);
            if (segment.chunks().plainLength() < ChunkerParameters.SEGMENT_LENGTH) {
                break;
            }
        }
        long length = whole.stream().mapToLong(s -> s.chunks().plainLength()).sum();
        return new CutFile(
                List.copyOf(whole), cut.metadata().withSize(length), cut.holes(), cut.changed(), cut.fixedLength());
    }

    /** Cuts of the parent's say nothing where it was cut another way. */
    private KnownCuts known(int fixedLength, @Nullable ManifestEntry before, long from) throws IOException {
        if (fixedLength > 0) {
            return KnownCuts.every(fixedLength);
        }
        return before == null || !Cutting.isByContent(before)
                ? KnownCuts.none()
                : KnownCuts.of(before.body(), parentChunks, from);
    }

    private CutSegment cutSegment(FileCutter.ByteReader file, KnownCuts known, long from, long to)
            throws SourceException, IOException {
        BlockDraft draft = cutters.draft();
        FileCutter cutter = cutters.cutter();
        try {
            CutSegment segment = cutter.cut(file, from, to, known, draft);
            output.seal(draft);
            return segment;
        } finally {
            draft.clear();
            cutters.giveBack(draft);
            cutters.giveBack(cutter);
        }
    }

    private CutSegment await(Future<CutSegment> task) throws SourceException, IOException, InterruptedException {
        while (true) {
            try {
                return task.get(100, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                output.check();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof SourceException problem) {
                    throw problem;
                }
                throw FailureLatch.asIo(e.getCause());
            }
        }
    }

    /** Lets segments that already run end before the file under them is closed. */
    private static void awaitAll(List<Future<CutSegment>> tasks) throws InterruptedException {
        for (Future<CutSegment> task : tasks) {
            if (!task.isCancelled()) {
                try {
                    task.get();
                } catch (ExecutionException e) {
                    continue;
                }
            }
        }
    }
}
