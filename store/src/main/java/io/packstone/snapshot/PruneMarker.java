package io.packstone.snapshot;

import io.packstone.crypto.KeyRing;
import io.packstone.error.CorruptionException;
import io.packstone.error.StoreException;
import io.packstone.format.CborReader;
import io.packstone.format.CborWriter;
import io.packstone.format.FrameKind;
import io.packstone.id.Id256;
import io.packstone.id.JobId;
import io.packstone.id.PackId;
import io.packstone.id.PruneId;
import io.packstone.id.SnapshotId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.function.BiFunction;

/**
 * A write-once marker of the removal of garbage (docs/format.md, Removal of garbage). Readable without a key.
 *
 * @param prune the run that it belongs to
 * @param job the job of that run
 * @param written seconds since 1970, by the clock of its writer: safety never rests on it
 * @param packs ascending, none twice
 * @param snapshots ascending, none twice: those forgotten when a plan was made, those removed when it was done
 */
public record PruneMarker(
        Sort sort, PruneId prune, JobId job, long written, List<PackId> packs, List<SnapshotId> snapshots) {
    /** So many packs fit one marker. */
    public static final int PACKS_MAX = 500_000;

    /** What a marker says of its packs. */
    public enum Sort {
        /** They may be condemned some day: nothing new should rely on them. */
        PLAN,
        /** They are condemned: nothing may rely on them. */
        EXEC,
        /** These of them are deleted, the others spared. */
        DECIDED,
        /** None of them is deleted. */
        ABORTED,
        /** They were deleted. */
        DONE
    }

    /** Copies the lists, sorted. */
    public PruneMarker {
        packs = List.copyOf(new TreeSet<>(packs));
        snapshots = List.copyOf(new TreeSet<>(snapshots));
        if (packs.size() > PACKS_MAX) {
            throw new IllegalArgumentException("a marker names at most " + PACKS_MAX + " packs, not " + packs.size());
        }
    }

    /** The whole object. */
    public byte[] encode(KeyRing keys) {
        CborWriter cbor = new CborWriter().array(6).integer(sort.ordinal() + 1);
        cbor.bytes(prune.toBytes()).bytes(job.toBytes()).integer(written);
        cbor.bytes(joined(packs)).bytes(joined(snapshots)).end();
        return MacBody.wrap(FrameKind.MARKER, keys.repository(), keys.markerMacKey(), cbor.toBytes());
    }

    private static byte[] joined(Collection<? extends Id256> ids) {
        byte[] joined = new byte[ids.size() * Id256.LENGTH];
        int at = 0;
        for (Id256 id : ids) {
            id.copyTo(joined, at);
            at += Id256.LENGTH;
        }
        return joined;
    }

    /** Reads a marker of the run {@code prune} that was made with this repository's keys. */
    public static PruneMarker decode(byte[] bytes, String name, KeyRing keys, PruneId prune) throws StoreException {
        CborReader cbor = MacBody.unwrap(FrameKind.MARKER, keys.repository(), keys.markerMacKey(), bytes, name);
        cbor.array(6);
        Sort sort = Sort.values()[cbor.integer(1, Sort.values().length) - 1];
        PruneId subject = PruneId.of(cbor.bytes(PruneId.LENGTH));
        JobId job = JobId.of(cbor.bytes(JobId.LENGTH));
        long written = cbor.integer();
        List<PackId> packs = split(cbor.bytes(), name, PackId::of);
        List<SnapshotId> snapshots = split(cbor.bytes(), name, SnapshotId::of);
        cbor.expectEnd();
        if (!subject.equals(prune)) {
            throw new CorruptionException(name, "it is a marker of another prune");
        }
        return new PruneMarker(sort, subject, job, written, packs, snapshots);
    }

    private static <T extends Id256> List<T> split(byte[] joined, String name, BiFunction<byte[], Integer, T> of)
            throws CorruptionException {
        List<T> ids = new ArrayList<>(joined.length / Id256.LENGTH);
        for (int at = 0; at + Id256.LENGTH <= joined.length; at += Id256.LENGTH) {
            T id = of.apply(joined, at);
            if (!ids.isEmpty() && ids.get(ids.size() - 1).compareTo(id) >= 0) {
                throw new CorruptionException(name, "ids in it do not ascend");
            }
            ids.add(id);
        }
        if (joined.length % Id256.LENGTH != 0 || ids.size() > PACKS_MAX) {
            throw new CorruptionException(name, "it lists " + joined.length + " bytes of ids");
        }
        return ids;
    }
}
