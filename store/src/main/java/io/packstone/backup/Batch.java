package io.packstone.backup;

import io.packstone.error.SourceException;
import io.packstone.manifest.ManifestEntry;
import io.packstone.manifest.ManifestRoot;
import io.packstone.metadata.TreePath;
import io.packstone.pipeline.BlockDraft;
import io.packstone.source.SourceEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Consecutive entries that are worked on together, in manifest order. Filled by the walk, worked on by one thread,
 * then read by the thread that builds the manifest: each hands it on through a future.
 */
final class Batch {
    private final List<Slot> slots = new ArrayList<>();
    private long plainLength;
    private int filesToRead;

    /** What was new and does not fill a block; null when nothing is left over. */
    @Nullable
    BlockDraft leftover;

    /** The work, null when every slot was ready from the start. */
    @Nullable
    Future<?> work;

    /** When not null, there is nothing in it: it asks for the root of what came before it. */
    final @Nullable CompletableFuture<ManifestRoot> soFar;

    /** An empty one. */
    Batch() {
        this(null);
    }

    /** One that asks. */
    Batch(@Nullable CompletableFuture<ManifestRoot> soFar) {
        this.soFar = soFar;
    }

    /** An entry: ready, or a file to be read, then its result or what went wrong. */
    static final class Slot {
        final @Nullable ManifestEntry ready;
        final @Nullable SourceEntry source;
        final TreePath path;
        final @Nullable ManifestEntry before;

        /** Whether all but the bytes say that it is what the parent has. */
        boolean seemsUnchanged;

        @Nullable
        CutFile result;

        @Nullable
        SourceException problem;

        private Slot(
                TreePath path,
                @Nullable ManifestEntry ready,
                @Nullable SourceEntry source,
                @Nullable ManifestEntry before) {
            this.path = path;
            this.ready = ready;
            this.source = source;
            this.before = before;
        }
    }

    void addReady(ManifestEntry entry) {
        slots.add(new Slot(entry.path(), entry, null, null));
    }

    /** {@code before} is what the parent has at this path, and {@code seemsUnchanged} whether all but the bytes says the same. */
    void addFile(SourceEntry entry, @Nullable ManifestEntry before, boolean seemsUnchanged) {
        Slot slot = new Slot(entry.path(), null, entry, before);
        slot.seemsUnchanged = seemsUnchanged;
        slots.add(slot);
        plainLength += entry.metadata().size();
        filesToRead++;
    }

    /** A file that was cut already. */
    void addCut(TreePath path, CutFile cut) {
        Slot slot = new Slot(path, null, null, null);
        slot.result = cut;
        slots.add(slot);
    }

    List<Slot> slots() {
        return slots;
    }

    long plainLength() {
        return plainLength;
    }

    int filesToRead() {
        return filesToRead;
    }
}
