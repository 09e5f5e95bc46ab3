package io.packstone.snapshot;

import io.packstone.id.ChunkId;
import io.packstone.id.JobId;
import io.packstone.id.SnapshotId;
import io.packstone.metadata.RawName;
import io.packstone.metadata.Timestamp;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a snapshot says of itself.
 *
 * @param root of the manifest
 * @param parent what unchanged files were taken over from
 * @param links the newest records its writer knew: they order the log, whatever clocks say
 * @param order one more than the highest order among what its writer knew
 * @param paths the absolute paths that were given
 * @param status {@code complete}, {@code degraded} or {@code partial}
 * @param problems the first things that could not be read
 * @param problemCount how many there were
 * @param fidelity what it lacks of the files' metadata; null when its writer did not tell
 * @param origin the snapshot that it was made from, and not from files; null for none
 */
public record SnapshotRecord(
        ChunkId root,
        @Nullable SnapshotId parent,
        List<SnapshotId> links,
        long order,
        @Nullable JobId job,
        Timestamp time,
        String host,
        String user,
        List<RawName> paths,
        List<String> tags,
        String strategy,
        String status,
        List<Problem> problems,
        long problemCount,
        SnapshotCounts counts,
        List<String> options,
        String consistency,
        String program,
        @Nullable Origin origin,
        @Nullable Fidelity fidelity) {
    /** The status of a snapshot that has everything. */
    public static final String COMPLETE = "complete";

    /** The status of a snapshot that something is missing from. */
    public static final String DEGRADED = "degraded";

    /** The status of one that was stored while a snapshot was being taken: what had not been reached is missing from it. */
    public static final String PARTIAL = "partial";

    /**
     * The snapshot that another was made from.
     *
     * @param place the order of the one that it stands for: it is listed there, whenever it was made
     */
    public record Origin(SnapshotId snapshot, long place) {}

    /** Of one that was taken of files. */
    public SnapshotRecord(
            ChunkId root,
            @Nullable SnapshotId parent,
            List<SnapshotId> links,
            long order,
            @Nullable JobId job,
            Timestamp time,
            String host,
            String user,
            List<RawName> paths,
            List<String> tags,
            String strategy,
            String status,
            List<Problem> problems,
            long problemCount,
            SnapshotCounts counts,
            List<String> options,
            String consistency,
            String program) {
        this(
                root,
                parent,
                links,
                order,
                job,
                time,
                host,
                user,
                paths,
                tags,
                strategy,
                status,
                problems,
                problemCount,
                counts,
                options,
                consistency,
                program,
                null,
                null);
    }

    /** Copies the lists. */
    public SnapshotRecord {
        links = List.copyOf(links);
        paths = List.copyOf(paths);
        tags = List.copyOf(tags);
        problems = List.copyOf(problems);
        options = List.copyOf(options);
    }

    /** True when everything was read. */
    public boolean isComplete() {
        return status.equals(COMPLETE);
    }

    /** True when it ends where its writer had got to. */
    public boolean isPartial() {
        return status.equals(PARTIAL);
    }

    /** Where it is listed: after those that stood before it when it, or what it was made from, was taken. */
    public long place() {
        return origin == null ? order : origin.place();
    }

    /** Something that could not be read. */
    public record Problem(RawName path, String message) {}

    /** The same record with these tags. */
    public SnapshotRecord withTags(List<String> other) {
        return with(parent, links, order, job, other, origin);
    }

    /** The same record with its place in the log. */
    public SnapshotRecord linked(List<SnapshotId> heads, long newOrder, @Nullable JobId newJob) {
        return with(parent, heads, newOrder, newJob, tags, origin);
    }

    /** The same record of a snapshot that is made from {@code former}, which this is the record of, and stands for it. */
    public SnapshotRecord madeFrom(SnapshotId former) {
        return with(parent, links, order, job, tags, new Origin(former, place()));
    }

    /**
     * The same record of a snapshot that was taken elsewhere, in another copy of this repository, where it is {@code
     * former}.
     *
     * @param base what of it is here already is that snapshot's; null for nothing
     */
    public SnapshotRecord broughtFrom(SnapshotId former, @Nullable SnapshotId base) {
        return with(base, links, order, job, tags, new Origin(former, place()));
    }

    private SnapshotRecord with(
            @Nullable SnapshotId newParent,
            List<SnapshotId> newLinks,
            long newOrder,
            @Nullable JobId newJob,
            List<String> newTags,
            @Nullable Origin newOrigin) {
        return new SnapshotRecord(
                root,
                newParent,
                newLinks,
                newOrder,
                newJob,
                time,
                host,
                user,
                paths,
                newTags,
                strategy,
                status,
                problems,
                problemCount,
                counts,
                options,
                consistency,
                program,
                newOrigin,
                fidelity);
    }
}
