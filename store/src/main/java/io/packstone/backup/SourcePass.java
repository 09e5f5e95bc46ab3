package io.packstone.backup;

import io.packstone.backup.ManifestThread.Making;
import io.packstone.backup.changes.Changes;
import io.packstone.backup.changes.ParentSeek;
import io.packstone.backup.cutting.Cutting;
import io.packstone.backup.former.FormerEntries;
import io.packstone.backup.former.FormerEntry;
import io.packstone.backup.strategy.Choice;
import io.packstone.crypto.BoundaryHash;
import io.packstone.error.SourceException;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.manifest.BodyReader;
import io.packstone.manifest.FileBody;
import io.packstone.manifest.ManifestBuilder;
import io.packstone.manifest.ManifestEdit;
import io.packstone.manifest.ManifestEntry;
import io.packstone.manifest.ManifestRoot;
import io.packstone.metadata.ExtendedAttributes;
import io.packstone.metadata.FileMetadata;
import io.packstone.metadata.FileType;
import io.packstone.metadata.Fingerprint;
import io.packstone.metadata.Holes;
import io.packstone.metadata.Owner;
import io.packstone.metadata.RawName;
import io.packstone.metadata.Timestamp;
import io.packstone.metadata.TreePath;
import io.packstone.pipeline.BlockDraft;
import io.packstone.pipeline.SameThread;
import io.packstone.pipeline.WarmUp;
import io.packstone.repository.Repository;
import io.packstone.repository.StoredSnapshot;
import io.packstone.source.SourceEntry;
import io.packstone.source.SourceOptions;
import io.packstone.source.SourceWalker;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One walk over the source: merged with the parent's manifest, worked on in batches, made into a manifest. */
final class SourcePass {
    private static final int BATCH_ENTRIES_MAX = 1000;
    private static final long WARM_UP_LENGTH_MIN = 256 << 10;

    private final Repository repository;
    private final ChunkOutput output;
    private final Counters counters;
    private final ExecutorService workers;
    private final Choice choice;
    private final boolean verifyReused;
    private final CutterPool cutters;
    private final FileReading reading;

    /** Threads that each wait for the segments of a large file: at most as many as batches wait. */
    private final ExecutorService waiting;

    private Consumer<SourceEntry> found = entry -> {};

    /**
     * What the system says has changed is read whatever its times say: its entry may have been taken over since long before
     * the parent, so that the parent's time does not tell whether it was settled when it was read.
     */
    private Predicate<TreePath> toldOf = path -> false;

    /** {@code verifyReused} looks up every chunk of unchanged files, as after a commit that found packs gone. */
    SourcePass(
            Repository repository,
            ChunkOutput output,
            Counters counters,
            ExecutorService workers,
            Choice choice,
            boolean verifyReused,
            Cutting cutting) {
        this.repository = repository;
        this.output = output;
        this.counters = counters;
        this.workers = workers;
        this.choice = choice;
        this.verifyReused = verifyReused;
        this.cutters = new CutterPool(repository, output, counters);
        this.reading = new FileReading(cutters, output, workers, repository.chunks(), cutting);
        this.waiting =
                repository.threads() ? Executors.newCachedThreadPool(Backup.daemons("waiting")) : new SameThread();
    }

    /** What is done with what there is so far, while a walk goes on. */
    interface Pause {
        /** Never. */
        Pause NONE = new Pause() {
            @Override
            public void willRead(long bytes) {
                // Nobody asks.
            }

            @Override
            public boolean isDue() {
                return false;
            }

            @Override
            public void take(ManifestRoot soFar, SourceWalker walker, TreePath reached) {
                throw new IllegalStateException("never due");
            }
        };

        /** A file of so many bytes is about to be read. */
        void willRead(long bytes);

        /** True when it is time. */
        boolean isDue();

        /** Takes the manifest of all up to {@code reached}; nothing is on its way meanwhile. */
        void take(ManifestRoot soFar, SourceWalker walker, TreePath reached) throws IOException;
    }

    /** Walks a file tree. */
    ManifestRoot walk(SourceOptions options, Pause pause) throws IOException, InterruptedException {
        try (SourceWalker walker = new SourceWalker(options, this::report);
                FormerEntries former = new FormerEntries(repository, choice)) {
            return walk(walker, former::at, Making.of(new ManifestBuilder(output.nodes(), boundaries())), pause);
        }
    }

    /** Walks what {@code changes} leads to, and takes all else over from the manifest of the parent. */
    ManifestRoot walk(SourceOptions options, StoredSnapshot parent, Changes changes)
            throws IOException, InterruptedException {
        ChunkId before = parent.record().root();
        ParentSeek seek = new ParentSeek(repository.manifests(), before);
        changes.begin();
        try (SourceWalker walker = new SourceWalker(options, this::report)) {
            ManifestEdit edit = new ManifestEdit(repository.chunks(), before, changes, output.nodes(), boundaries());
            found = changes::found;
            toldOf = changes::contains;
            Before there = path -> FormerEntry.of(seek.advanceTo(path), parent, true);
            return walk(walker, there, Making.of(edit), Pause.NONE);
        }
    }

    /** What is known of a path from before; paths ascend. */
    private interface Before {
        @Nullable
        FormerEntry at(TreePath path) throws IOException, InterruptedException;
    }

    private ManifestThread manifestThread(Making making) {
        return new ManifestThread(output, counters, cutters, workers, making, repository.threads());
    }

    private BoundaryHash boundaries() {
        return new BoundaryHash(repository.keys().boundaryKey());
    }

    private ManifestRoot walk(SourceWalker walker, Before before, Making making, Pause pause)
            throws IOException, InterruptedException {
        ManifestThread manifest = manifestThread(making);
        boolean done = false;
        try {
            Batch batch = new Batch();
            for (SourceEntry entry = walker.next(); entry != null; entry = walker.next()) {
                found.accept(entry);
                batch = add(walker, entry, before.at(entry.path()), batch, manifest, pause);
                if (pause.isDue()) {
                    submit(walker, batch, manifest);
                    batch = new Batch();
                    pause.take(manifest.soFar(), walker, entry.path());
                }
            }
            submit(walker, batch, manifest);
            counters.heeded(walker.heeded());
            ManifestRoot root = manifest.finish();
            counters.unread(walker.unread().counts(), walker.seesTrusted());
            done = true;
            return root;
        } finally {
            if (!done) {
                manifest.stop();
            }
            waiting.shutdownNow();
        }
    }

    private void report(SourceException problem) {
        counters.problem(RawName.of(problem.path()), problem.getMessage());
    }

    private Batch add(
            SourceWalker walker,
            SourceEntry entry,
            @Nullable FormerEntry former,
            Batch batch,
            ManifestThread manifest,
            Pause pause)
            throws IOException, InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        FileMetadata metadata = entry.metadata();
        Batch current = batch;
        boolean file = metadata.type() == FileType.FILE;
        if (!file || former != null && !entry.isDevice() && !toldOf.test(entry.path()) && reusable(former, metadata)) {
            ExtendedAttributes attributes = attributes(walker, entry, former);
            if (attributes != null && !file) {
                current.addReady(ManifestEntry.plain(entry.path(), metadata.withAttributes(attributes)));
            } else if (attributes != null) {
                addUnchanged(walker, entry, former.entry().withMetadata(metadata.withAttributes(attributes)), current);
            }
        } else {
            pause.willRead(metadata.size());
            current = addFile(walker, entry, former, batch, manifest);
        }
        if (current.slots().size() >= BATCH_ENTRIES_MAX) {
            submit(walker, current, manifest);
            current = new Batch();
        }
        return current;
    }

    /** A file that is to be read. */
    private Batch addFile(
            SourceWalker walker, SourceEntry entry, @Nullable FormerEntry former, Batch batch, ManifestThread manifest)
            throws IOException, InterruptedException {
        long size = entry.metadata().size();
        if (size > io.packstone.chunker.ChunkerParameters.SEGMENT_LENGTH) {
            submit(walker, batch, manifest);
            addLarge(walker, entry, former, manifest);
            return new Batch();
        }
        Batch current = batch;
        if (current.plainLength() > 0 && current.plainLength() + size > BlockDraft.DATA_LENGTH) {
            submit(walker, current, manifest);
            current = new Batch();
        }
        current.addFile(entry, entryOf(former), seemsUnchanged(entry, former));
        return current;
    }

    private static @Nullable ManifestEntry entryOf(@Nullable FormerEntry former) {
        return former == null ? null : former.entry();
    }

    private void addUnchanged(SourceWalker walker, SourceEntry entry, ManifestEntry unchanged, Batch batch) {
        counters.filesUnchanged.incrementAndGet();
        counters.progress().unchanged(1, entry.metadata().size());
        batch.addReady(unchanged);
        if (unchanged.holes().count() == Holes.COUNT_MAX) {
            walker.tooManyHoles(entry); // What the parent had to leave out is still left out.
        }
    }

    /** The former ones while the change time stands, which every change of them moves; null when the file has just gone. */
    private static @Nullable ExtendedAttributes attributes(
            SourceWalker walker, SourceEntry entry, @Nullable FormerEntry former) {
        boolean known = former != null
                && former.isTakenOver()
                && former.knowsAttributes(walker.seesTrusted())
                && former.isSettled(entry.metadata());
        return known ? former.entry().metadata().attributes() : walker.attributes(entry);
    }

    /** Loads the fast cipher while the first files are read; a snapshot of next to nothing goes without. */
    private static void warmUp(long plainLength) {
        if (plainLength >= WARM_UP_LENGTH_MIN) {
            WarmUp.begin();
        }
    }

    private void submit(SourceWalker walker, Batch batch, ManifestThread manifest)
            throws IOException, InterruptedException {
        if (batch.filesToRead() > 0) {
            warmUp(batch.plainLength());
            batch.work = workers.submit(() -> {
                reading.readBatch(batch, walker);
                return null;
            });
        }
        if (!batch.slots().isEmpty()) {
            manifest.add(batch);
        }
    }

    /** A file of several segments; the walk goes on meanwhile, so that no worker waits for the last of them. */
    private void addLarge(SourceWalker walker, SourceEntry entry, @Nullable FormerEntry former, ManifestThread manifest)
            throws IOException, InterruptedException {
        Batch batch = new Batch();
        ManifestEntry before = entryOf(former);
        batch.addFile(entry, before, seemsUnchanged(entry, former));
        warmUp(batch.plainLength());
        Batch.Slot slot = batch.slots().get(0);
        batch.work = waiting.submit(() -> {
            try {
                slot.result = reading.readLarge(walker, entry, before);
            } catch (SourceException e) {
                slot.problem = e;
            }
            return null;
        });
        manifest.add(batch);
    }

    private boolean reusable(FormerEntry former, FileMetadata now) throws IOException {
        return former.isTakenOver()
                && former.seemsUnchanged(now)
                && (!verifyReused || everyChunkStored(former.entry().body()));
    }

    /** A device's times say nothing of its bytes. */
    private static boolean seemsUnchanged(SourceEntry entry, @Nullable FormerEntry former) {
        return former != null && !entry.isDevice() && former.seemsUnchanged(entry.metadata());
    }

    private boolean everyChunkStored(FileBody body) throws IOException {
        BodyReader reader = new BodyReader(repository.chunks(), body);
        while (reader.next()) {
            if (!output.isStored(reader.id(), ChunkType.DATA)) {
                return false;
            }
        }
        return recipesStored(body);
    }

    private boolean recipesStored(FileBody body) throws IOException {
        if (body.depth() == 0) {
            return true;
        }
        for (int i = 0; i < body.count(); i++) {
            ChunkId id = body.id(i);
            if (!output.isStored(id, ChunkType.RECIPE)) {
                return false;
            }
        }
        return body.depth() == 1;
    }

    /** One file from a stream, below the directories of its path. */
    ManifestRoot read(StandardInput input, Owner owner, Timestamp now)
            throws SourceException, IOException, InterruptedException {
        ManifestThread manifest = manifestThread(Making.of(new ManifestBuilder(output.nodes(), boundaries())));
        boolean done = false;
        try {
            TreePath path = TreePath.parse(input.name());
            Batch batch = new Batch();
            addAncestors(path, owner, now, batch);
            manifest.add(batch);
            Batch file = new Batch();
            FileMetadata metadata =
                    new FileMetadata(FileType.FILE, 0600, owner, now, 0, Fingerprint.NONE, 1, 0, 0, RawName.EMPTY);
            file.addCut(path, reading.readStream(input.stream(), path, metadata));
            manifest.add(file);
            ManifestRoot root = manifest.finish();
            done = true;
            return root;
        } finally {
            if (!done) {
                manifest.stop();
            }
        }
    }

    private static void addAncestors(TreePath path, Owner owner, Timestamp now, Batch batch) {
        RawName directory = path.directory();
        List<TreePath> ancestors = new java.util.ArrayList<>();
        while (directory.length() > 0) {
            TreePath ancestor = TreePath.parse(directory);
            ancestors.add(0, ancestor);
            directory = ancestor.directory();
        }
        for (TreePath ancestor : ancestors) {
            batch.addReady(ManifestEntry.plain(
                    ancestor,
                    new FileMetadata(
                            FileType.DIRECTORY, 0755, owner, now, 0, Fingerprint.NONE, 1, 0, 0, RawName.EMPTY)));
        }
    }
}
