package io.packstone.backup.resume;

import io.packstone.id.SnapshotId;
import io.packstone.manifest.ManifestEntry;
import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.CommitOutcome;
import io.packstone.repository.Repository;
import io.packstone.repository.SnapshotLog;
import io.packstone.repository.StoredSnapshot;
import io.packstone.repository.WriteSession;
import io.packstone.snapshot.SnapshotRecord;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The partial snapshots of one run: each holds all that the one before it holds, which is forgotten then, and so is one of an
 * earlier run once the walk is behind its end. For one thread.
 */
public final class Checkpoints {
    private final Repository repository;
    private final WriteSession session;
    private final Interval interval;
    private final ProgressListener progress;

    /** Those of earlier walks that this one goes on from and that still stand, the newest first. */
    private final List<Earlier> earlier = new ArrayList<>();

    /** What was taken over from these is there because they are. */
    private final Set<SnapshotId> reliedOn = new HashSet<>();

    private @Nullable StoredSnapshot newest;
    private boolean any;
    private long bytesToRead;
    private long since = System.nanoTime();

    /** {@code last} is the last path in it; null when it can't be read. */
    private record Earlier(
            StoredSnapshot snapshot, @Nullable TreePath last) {}

    /** Of the run that writes to {@code session}, which is borrowed. */
    public Checkpoints(Repository repository, WriteSession session, Interval interval, ProgressListener progress) {
        this.repository = repository;
        this.session = session;
        this.interval = interval;
        this.progress = progress;
    }

    /** A walk begins, which goes on from {@code partials}. */
    public void begin(List<StoredSnapshot> partials) {
        earlier.clear();
        reliedOn.clear();
        newest = null; // Of a walk before this one; it may be among these.
        for (StoredSnapshot partial : partials) {
            reliedOn.add(partial.id());
            earlier.add(new Earlier(partial, lastPath(partial)));
        }
        restart();
    }

    private @Nullable TreePath lastPath(StoredSnapshot partial) {
        try {
            ManifestEntry last =
                    repository.manifests().reverse(partial.record().root()).next();
            return last == null ? TreePath.ROOT : last.path();
        } catch (IOException e) {
            return null; // It stays until the snapshot is whole; the walk meets the damage, and tells.
        }
    }

    private void restart() {
        bytesToRead = 0;
        since = System.nanoTime();
    }

    /** A file of so many bytes is about to be read. */
    public void willRead(long bytes) {
        bytesToRead += bytes;
    }

    /** True when a partial snapshot is due. */
    public boolean isDue() {
        return bytesToRead > 0 && (bytesToRead >= interval.bytes() || System.nanoTime() - since >= interval.nanos());
    }

    /** The bytes that the session has put so far. */
    public long bytesStored() {
        return session.bytesStored();
    }

    /**
     * Stores a partial snapshot, if it can be; the run goes on either way. Nothing that was taken on may be on its way.
     *
     * @param record complete but for its links, order and job
     * @param reached the last path that the walk has come to
     * @throws RefusedException when the walk has to begin again
     * @throws IOException when the session can't go on
     */
    public void take(SnapshotRecord record, TreePath reached) throws IOException {
        try {
            CommitOutcome outcome = session.checkpoint(record, reliedOn());
            SnapshotId id = outcome.snapshot();
            if (id == null) {
                throw new RefusedException(outcome);
            }
            landed(new StoredSnapshot(id, record), reached);
        } catch (RefusedException | InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            session.check();
            any = true; // It may be there all the same.
            progress.warn("no partial snapshot could be stored, the next one may be: " + e.getMessage());
        }
        restart();
    }

    private void landed(StoredSnapshot partial, TreePath reached) throws IOException {
        Set<SnapshotId> passed = new HashSet<>();
        if (newest != null) {
            passed.add(newest.id());
        }
        for (Earlier each : earlier) {
            if (each.last != null && each.last.compareTo(reached) <= 0) {
                passed.add(each.snapshot.id());
            }
        }
        newest = partial;
        any = true;
        if (reliedOn.removeAll(passed)) {
            reliedOn.add(partial.id());
        }
        earlier.removeIf(each -> passed.contains(each.snapshot.id()));
        try {
            forget(passed);
        } catch (InterruptedIOException e) {
            throw e;
        } catch (IOException e) {
            session.check(); // Otherwise they stay until the whole one is there.
        }
        progress.checkpoint(partial.id());
    }

    private void forget(Set<SnapshotId> chosen) throws IOException {
        if (chosen.isEmpty()) {
            return;
        }
        SnapshotLog.View view = repository.snapshots().list();
        for (StoredSnapshot snapshot : view.snapshots()) {
            if (chosen.contains(snapshot.id()) && !snapshot.isProtected()) {
                repository.snapshots().forget(snapshot.id(), view.heads());
            }
        }
    }

    /** The partial snapshots that have to stand when the snapshot is committed. */
    public Set<SnapshotId> reliedOn() {
        return Set.copyOf(reliedOn);
    }

    /** What another walk of this run can go on from, the newest first. */
    public List<StoredSnapshot> standing() {
        List<StoredSnapshot> all = new ArrayList<>();
        if (newest != null) {
            all.add(newest);
        }
        earlier.forEach(each -> all.add(each.snapshot));
        return all;
    }

    /** True when this run has stored one, or may have. */
    public boolean any() {
        return any;
    }

    /**
     * Forgets partial snapshots: the whole one is there. What can't be done is left to the next run.
     *
     * @param whole null when there was nothing new, and so only those that this run knows go
     */
    public void drop(@Nullable SnapshotId whole, String host, List<RawName> paths) {
        try {
            SnapshotLog.View view = repository.snapshots().list();
            StoredSnapshot last = whole == null ? null : view.find(whole);
            Set<SnapshotId> useless = new HashSet<>();
            standing().forEach(own -> useless.add(own.id()));
            for (StoredSnapshot snapshot : view.snapshots()) {
                SnapshotRecord record = snapshot.record();
                boolean same = record.host().equals(host) && record.paths().equals(paths);
                if (last != null
                        && same
                        && record.isPartial()
                        && record.order() < last.record().order()) {
                    useless.add(snapshot.id());
                }
            }
            forget(useless);
        } catch (IOException e) {
            progress.warn("the snapshot is taken; partial ones before it are left to the next one to forget: "
                    + e.getMessage());
        }
    }
}
