package io.packstone.backup.former;

import io.packstone.backup.strategy.Choice;
import io.packstone.metadata.TreePath;
import io.packstone.repository.Repository;
import io.packstone.repository.StoredSnapshot;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a snapshot is compared with, in the order of the walk: partial snapshots of runs that were stopped, the newest first, and
 * behind their ends the one before. For one thread.
 */
public final class FormerEntries implements Closeable {
    private final List<Former> formers = new ArrayList<>();

    private record Former(StoredSnapshot snapshot, boolean isTakenOver, ParentMerge entries) {}

    /** Begins to read what {@code choice} says. */
    public FormerEntries(Repository repository, Choice choice) {
        for (StoredSnapshot partial : choice.partials()) {
            formers.add(former(repository, partial, true));
        }
        StoredSnapshot before = choice.before();
        if (before != null) {
            formers.add(former(repository, before, choice.parent() != null));
        }
    }

    private static Former former(Repository repository, StoredSnapshot snapshot, boolean isTakenOver) {
        ParentMerge entries =
                new ParentMerge(repository.manifests().walk(snapshot.record().root()), repository.threads());
        return new Former(snapshot, isTakenOver, entries);
    }

    /** The entry with that path of the first that has it; null when none has. Paths must ascend from call to call. */
    public @Nullable FormerEntry at(TreePath path) throws IOException, InterruptedException {
        FormerEntry found = null;
        for (Former former : formers) {
            FormerEntry here = FormerEntry.of(former.entries.advanceTo(path), former.snapshot, former.isTakenOver);
            found = found == null ? here : found;
        }
        return found;
    }

    @Override
    public void close() {
        formers.forEach(former -> former.entries.close());
    }
}
