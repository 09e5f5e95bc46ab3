package io.packstone.restore;

import io.packstone.error.StoreException;
import io.packstone.manifest.ManifestEntry;
import io.packstone.metadata.FileType;
import io.packstone.metadata.RawName;
import io.packstone.posix.DirectoryHandle;
import io.packstone.posix.FileHandle;
import io.packstone.posix.FileStatus;
import io.packstone.posix.PosixException;
import io.packstone.restore.disk.TargetFolders;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads back what a restore left in the target and compares every chunk's id. Begun by one thread. */
final class Verification {
    private static final int FILES_MAX = 500;
    private static final long BYTES_MAX = 64L << 20;

    private final RestoreRun run;
    private final Removal removal;
    private List<SelectedWalk.Step> files = new ArrayList<>();
    private long bytes;

    Verification(RestoreRun run, Removal removal) {
        this.run = run;
        this.removal = removal;
    }

    /** Verifies what {@code walk}, at its beginning, takes. */
    void run(SelectedWalk walk) throws IOException {
        for (SelectedWalk.Step step = walk.next(); step != null; step = walk.next()) {
            if (step.entry().metadata().type() == FileType.FILE && step.choice().isTaken()) {
                files.add(step);
                bytes += step.entry().metadata().size();
            }
            if (files.size() >= FILES_MAX || bytes >= BYTES_MAX) {
                submit();
            }
        }
        submit();
        run.workers().await();
    }

    private void submit() throws IOException {
        List<SelectedWalk.Step> batch = files;
        files = new ArrayList<>();
        bytes = 0;
        run.workers().submit(ignored -> () -> {
            ExistingFiles existing = new ExistingFiles(run, removal);
            for (SelectedWalk.Step step : batch) {
                if (!run.workers().isStopped()) {
                    verify(step, existing);
                }
            }
        });
    }

    private void verify(SelectedWalk.Step step, ExistingFiles existing) throws IOException {
        ManifestEntry entry = step.entry();
        RawName place = step.place();
        if (run.isGivenUp(place)) {
            return;
        }
        try (TargetFolders.Held held = run.folders().hold(step.folder().place());
                FileHandle file =
                        ExistingFiles.openRegular(held.handle(), entry.path().name())) {
            if (file == null || !existing.matches(entry, file) && !mayDiffer(held.handle(), entry)) {
                run.tally().problem(run.text(place) + ": what is there is not what the snapshot has");
            }
            run.tally().progress().advance(1, 0);
        } catch (PosixException e) {
            run.failed(place, e);
        } catch (StoreException e) {
            if (!run.survives(e)) {
                throw e;
            }
            run.tally().lost(entry.path() + ": could not be verified: " + e.getMessage());
        }
    }

    /** True when the options may have left another file in its place. */
    private boolean mayDiffer(DirectoryHandle here, ManifestEntry entry) throws PosixException {
        FileStatus there = here.statIfPresent(entry.path().name());
        return there != null && ExistingFiles.isLeftAlone(run.options().overwrite(), run.wanted(entry), there);
    }
}
