package io.packstone.restore;

import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.posix.DirectoryHandle;
import io.packstone.posix.PosixException;
import io.packstone.restore.disk.Marker;
import io.packstone.restore.disk.TargetFolders;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Walks the snapshot beside the target and removes what only the target has. For one thread. */
final class Deletion {
    private final RestoreRun run;
    private final Removal removal;
    private final SelectedWalk walk;
    private @Nullable Listed listed;

    /** A folder of the target under comparison with the sorted entries of the snapshot's. */
    private final class Listed {
        private final Folder folder;
        private final List<RawName> names;
        private int next;

        private Listed(Folder folder, List<RawName> names) {
            this.folder = folder;
            this.names = names;
            names.sort(null);
        }

        /** Removes the names before {@code known}, which is not; all that are left when it is null. */
        private void advanceTo(@Nullable RawName known) {
            while (next < names.size()) {
                RawName name = names.get(next);
                int order = known == null ? -1 : name.compareTo(known);
                if (order > 0) {
                    return;
                }
                next++;
                if (order == 0) {
                    return;
                }
                remove(folder, name);
            }
        }
    }

    /** {@code walk} is at its beginning. */
    Deletion(RestoreRun run, Removal removal, SelectedWalk walk) {
        this.run = run;
        this.removal = removal;
        this.walk = walk;
        walk.tellEmptyFolders(folder -> list(folder).advanceTo(null));
    }

    /** Removes it, unless the snapshot does not say enough to know what is superfluous. */
    void run() throws IOException {
        if (!removal.doubt().isEmpty()) {
            run.tally().problem("nothing was deleted: " + removal.doubt());
            return;
        }
        for (SelectedWalk.Step step = walk.next(); step != null; step = walk.next()) {
            if (run.workers().isStopped()) {
                return;
            }
            Listed current = listed;
            if (current == null || current.folder != step.folder()) {
                if (current != null) {
                    current.advanceTo(null);
                }
                current = list(step.folder());
                listed = current;
            }
            current.advanceTo(step.entry().path().name());
        }
        Listed last = listed;
        if (last != null) {
            last.advanceTo(null);
        }
    }

    private Listed list(Folder folder) {
        if (folder.choice().excluded() || !removal.wasTaken(folder.source())) {
            return new Listed(folder, new ArrayList<>());
        }
        try (TargetFolders.Held held = run.folders().hold(folder.place())) {
            DirectoryHandle here = held.handle();
            return new Listed(folder, removal.isHolder(here) ? new ArrayList<>() : Removal.namesIn(here));
        } catch (PosixException e) {
            if (!e.isNotFound() && !e.isNotDirectory()) {
                run.failed(folder.place(), e);
            }
            return new Listed(folder, new ArrayList<>());
        }
    }

    private void remove(Folder folder, RawName name) {
        RawName place = Folder.join(folder.place(), name);
        if (place.equals(Marker.NAME)) {
            return;
        }
        try (TargetFolders.Held held = run.folders().hold(folder.place())) {
            DirectoryHandle here = held.handle();
            removal.remove(here, place, new TreePath(folder.source(), name), Removal.deviceOf(here));
        } catch (PosixException e) {
            run.failed(place, e);
        }
    }
}
