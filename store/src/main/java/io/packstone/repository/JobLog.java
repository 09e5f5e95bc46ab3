package io.packstone.repository;

import io.packstone.backend.Backend;
import io.packstone.backend.ObjectNames;
import io.packstone.crypto.KeyRing;
import io.packstone.crypto.Randomness;
import io.packstone.error.CorruptionException;
import io.packstone.error.StoreException;
import io.packstone.format.FrameKind;
import io.packstone.id.JobId;
import io.packstone.posix.ProcessIdentity;
import io.packstone.snapshot.JobRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The announcements of write sessions. While one stands and is not void, packs of that job are pending, not garbage. To
 * take a living job for a dead one costs it work and nobody data: it finds what was deleted before it commits.
 */
public final class JobLog {
    /** The kind of jobs that free space. */
    static final String PRUNE = "prune";

    private final Backend backend;
    private final VitalStore vital;
    private final KeyRing keys;

    JobLog(Backend backend, KeyRing keys) {
        this.backend = backend;
        this.vital = new VitalStore(backend);
        this.keys = keys;
    }

    /**
     * An announcement that stands.
     *
     * @param record null when it can't be read
     * @param isVoid somebody took the job for dead
     */
    public record Open(JobId id, @Nullable JobRecord record, boolean isVoid) {}

    /** Announces a job of this process; durable when it returns. */
    public JobId announce(String kind, Randomness randomness) throws IOException {
        ProcessIdentity self = ProcessIdentity.current();
        JobRecord record = new JobRecord(
                kind,
                JobRecord.Mark.of(keys, self.machine()),
                JobRecord.Mark.of(keys, self.boot()),
                self.pid(),
                self.started());
        byte[] bytes = record.encode(keys, randomness);
        JobId id = JobId.of(SnapshotLog.sha256(bytes));
        (kind.equals(PRUNE) ? vital.urgent() : vital).put(ObjectNames.job(id), bytes);
        return id;
    }

    /** Ends a job of one's own. */
    public void end(JobId id) throws IOException {
        vital.delete(ObjectNames.job(id));
        vital.delete(ObjectNames.jobVoid(id));
    }

    /** Every announcement that stands. */
    public List<Open> list() throws IOException {
        Set<JobId> announced = new TreeSet<>();
        Set<JobId> voided = new TreeSet<>();
        names(announced, voided);
        List<Open> jobs = new ArrayList<>();
        for (JobId id : announced) {
            try {
                JobRecord record = vital.find(
                        ObjectNames.job(id), FrameKind.JOB.maxLength(), (bytes, name) -> decode(id, bytes, name));
                if (record != null) {
                    jobs.add(new Open(id, record, voided.contains(id)));
                }
            } catch (StoreException e) {
                jobs.add(new Open(id, null, voided.contains(id)));
            }
        }
        return jobs;
    }

    private void names(Set<JobId> announced, Set<JobId> voided) throws IOException {
        backend.list(ObjectNames.JOBS, (name, length) -> {
            String primary = ObjectNames.primaryOf(name);
            JobId job = ObjectNames.jobId(primary);
            JobId voidJob = ObjectNames.voidedBy(primary);
            if (job != null) {
                announced.add(job);
            } else if (voidJob != null) {
                voided.add(voidJob);
            }
        });
    }

    private JobRecord decode(JobId id, byte[] bytes, String name) throws StoreException {
        if (!JobId.of(SnapshotLog.sha256(bytes)).equals(id)) {
            throw new CorruptionException(name, "its SHA-256 is not its name");
        }
        return JobRecord.decode(bytes, name, keys);
    }

    /** True when any announcement stands. */
    public boolean anyOpen() throws IOException {
        Set<JobId> announced = new TreeSet<>();
        names(announced, new TreeSet<>());
        return !announced.isEmpty();
    }

    /** True when a job's announcement is gone, or void. */
    public boolean isVoid(JobId id) throws IOException {
        return backend.length(ObjectNames.jobVoid(id)) >= 0 || backend.length(ObjectNames.job(id)) < 0;
    }

    /** True when the process that announced a job ran on this machine and is no more. */
    public boolean isGone(JobRecord job) {
        ProcessIdentity self = ProcessIdentity.current();
        if (!job.machine().equals(JobRecord.Mark.of(keys, self.machine()))) {
            return false;
        }
        return !job.boot().equals(JobRecord.Mark.of(keys, self.boot()))
                || ProcessIdentity.isGone(job.pid(), job.started());
    }

    /** Says that packs of a job are no longer pending; whoever says so first. */
    public void makeVoid(JobId id) throws IOException {
        vital.urgent().putIfAbsent(ObjectNames.jobVoid(id), JobRecord.encodeVoid(keys, id));
    }

    /** Clears away words about jobs whose announcements are gone. */
    public void sweep() throws IOException {
        Set<JobId> announced = new TreeSet<>();
        Set<JobId> voided = new TreeSet<>();
        names(announced, voided);
        voided.removeAll(announced);
        for (JobId id : voided) {
            vital.delete(ObjectNames.jobVoid(id));
        }
    }
}
