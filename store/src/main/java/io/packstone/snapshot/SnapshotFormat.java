package io.packstone.snapshot;

import io.packstone.crypto.KeyRing;
import io.packstone.crypto.Randomness;
import io.packstone.error.CorruptionException;
import io.packstone.error.StoreException;
import io.packstone.format.CborReader;
import io.packstone.format.CborWriter;
import io.packstone.format.FrameKind;
import io.packstone.id.ChunkId;
import io.packstone.id.JobId;
import io.packstone.id.SnapshotId;
import io.packstone.metadata.RawName;
import io.packstone.metadata.Timestamp;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The stored form of snapshot records (docs/format.md, Snapshots): a structure part and a content part, sealed apart. */
public final class SnapshotFormat {
    private static final int WRITER_LENGTH = 16;
    private static final byte[] OWNER = new byte[WRITER_LENGTH];
    private static final int PROBLEMS_MAX = 1000;
    private static final long PROBLEM_BYTES_MAX = 8 << 20;
    private static final int CONTENT_PARTS = 13;
    private static final int WITH_ORIGIN = 14;
    private static final int WITH_FIDELITY = 15;
    private static final int KINDS_MAX = 64;

    private SnapshotFormat() {}

    /**
     * The whole object; salts make it differ each time, so its SHA-256 is a fresh name. Of many problems only the first
     * are kept; their count still tells of all.
     */
    public static byte[] encode(SnapshotRecord record, KeyRing keys, Randomness randomness) {
        return parts(keys).wrap(structure(record), content(record), randomness);
    }

    private static SealedParts parts(KeyRing keys) {
        return new SealedParts(keys, FrameKind.SNAPSHOT, "snapshot", new byte[0]);
    }

    private static byte[] structure(SnapshotRecord record) {
        CborWriter cbor = new CborWriter().array(7);
        cbor.bytes(record.root().toBytes());
        cbor.bytes(record.parent() == null ? new byte[0] : record.parent().toBytes());
        cbor.array(record.links().size());
        record.links().forEach(link -> cbor.bytes(link.toBytes()));
        cbor.end().bytes(OWNER).bool(!record.isComplete()).integer(record.order());
        cbor.bytes(record.job() == null ? new byte[0] : record.job().toBytes());
        return cbor.end().toBytes();
    }

    private static byte[] content(SnapshotRecord record) {
        SnapshotRecord.Origin origin = record.origin();
        Fidelity fidelity = record.fidelity();
        int least = origin == null ? CONTENT_PARTS : WITH_ORIGIN;
        CborWriter cbor = new CborWriter().array(fidelity == null ? least : WITH_FIDELITY);
        cbor.array(2)
                .integer(record.time().seconds())
                .integer(record.time().nanos())
                .end();
        cbor.text(record.host()).text(record.user()).array(record.paths().size());
        record.paths().forEach(path -> cbor.bytes(path.array()));
        texts(cbor.end(), record.tags());
        List<SnapshotRecord.Problem> problems = problemsThatFit(record.problems());
        cbor.text(record.strategy()).text(record.status()).array(problems.size());
        for (SnapshotRecord.Problem problem : problems) {
            cbor.array(2).bytes(problem.path().array()).text(problem.message()).end();
        }
        cbor.end().integer(record.problemCount());
        SnapshotCounts counts = record.counts();
        long[] numbers = {
            counts.files(), counts.directories(), counts.others(), counts.bytes(), counts.filesNew(),
            counts.filesChanged(), counts.filesUnchanged(), counts.bytesRead(), counts.bytesNew(), counts.bytesStored()
        };
        cbor.array(numbers.length);
        for (long number : numbers) {
            cbor.integer(number);
        }
        texts(cbor.end(), record.options());
        cbor.text(record.consistency()).text(record.program());
        if (origin != null) {
            cbor.array(2)
                    .bytes(origin.snapshot().toBytes())
                    .integer(origin.place())
                    .end();
        } else if (fidelity != null) {
            cbor.nothing();
        }
        if (fidelity != null) {
            cbor.array(fidelity.lacks().size());
            for (Fidelity.Lack lack : fidelity.lacks()) {
                cbor.array(3).text(lack.kind()).integer(lack.count());
                cbor.bytes(lack.path().array()).end();
            }
            cbor.end();
        }
        return cbor.end().toBytes();
    }

    /** As many from the first as fit {@value #PROBLEMS_MAX} and {@value #PROBLEM_BYTES_MAX} bytes or so. */
    private static List<SnapshotRecord.Problem> problemsThatFit(List<SnapshotRecord.Problem> problems) {
        long length = 0;
        int count = 0;
        while (count < Math.min(problems.size(), PROBLEMS_MAX)) {
            SnapshotRecord.Problem problem = problems.get(count);
            length += problem.path().length() + 3L * problem.message().length();
            if (length > PROBLEM_BYTES_MAX) {
                break;
            }
            count++;
        }
        return problems.subList(0, count);
    }

    private static void texts(CborWriter cbor, List<String> texts) {
        cbor.array(texts.size());
        texts.forEach(cbor::text);
        cbor.end();
    }

    /**
     * Reads a whole object.
     *
     * @throws CorruptionException when a byte is not what {@link #encode} wrote with these keys
     */
    public static SnapshotRecord decode(byte[] bytes, String name, KeyRing keys) throws StoreException {
        SealedParts parts = parts(keys);
        SealedParts.Sealed sealed = parts.unwrap(bytes, name);
        SnapshotStructure structure = structure(parts.structure(sealed), name);
        SnapshotRecord record = content(parts.content(sealed), structure);
        if (structure.degraded() == record.isComplete()) {
            throw new CorruptionException(name, "its two parts contradict each other");
        }
        return record;
    }

    /** As {@link #decode}, but only what the structure key opens. */
    public static SnapshotStructure decodeStructure(byte[] bytes, String name, KeyRing keys) throws StoreException {
        SealedParts parts = parts(keys);
        return structure(parts.structure(parts.unwrap(bytes, name)), name);
    }

    private static SnapshotStructure structure(CborReader structure, String name) throws CorruptionException {
        structure.array(7);
        ChunkId root = ChunkId.of(structure.bytes(ChunkId.LENGTH));
        byte[] parent = structure.bytes();
        List<SnapshotId> links = new ArrayList<>();
        for (int count = structure.array(); count > 0; count--) {
            links.add(SnapshotId.of(structure.bytes(SnapshotId.LENGTH)));
        }
        structure.bytes(WRITER_LENGTH);
        boolean degraded = structure.bool();
        long order = count(structure);
        byte[] job = structure.bytes();
        structure.expectEnd();
        if (parent.length != 0 && parent.length != SnapshotId.LENGTH || job.length != 0 && job.length != JobId.LENGTH) {
            throw new CorruptionException(name, "an id in it has the wrong length");
        }
        return new SnapshotStructure(
                root,
                parent.length == 0 ? null : SnapshotId.of(parent),
                links,
                degraded,
                order,
                job.length == 0 ? null : JobId.of(job));
    }

    private static SnapshotRecord content(CborReader cbor, SnapshotStructure structure) throws CorruptionException {
        int parts = cbor.array();
        if (parts < CONTENT_PARTS || parts > WITH_FIDELITY) {
            throw cbor.corrupt("an array of 13 to 15", Integer.toString(parts));
        }
        cbor.array(2);
        Timestamp time = new Timestamp(cbor.integer(), cbor.integer(0, 999_999_999));
        String host = cbor.text();
        String user = cbor.text();
        List<RawName> paths = new ArrayList<>();
        for (int count = cbor.array(); count > 0; count--) {
            paths.add(RawName.takeOver(cbor.bytes()));
        }
        List<String> tags = texts(cbor);
        String strategy = cbor.text();
        String status = cbor.text();
        List<SnapshotRecord.Problem> problems = new ArrayList<>();
        for (int count = cbor.array(); count > 0; count--) {
            cbor.array(2);
            problems.add(new SnapshotRecord.Problem(RawName.takeOver(cbor.bytes()), cbor.text()));
        }
        long problemCount = count(cbor);
        SnapshotCounts counts = counts(cbor);
        List<String> options = texts(cbor);
        SnapshotRecord record = new SnapshotRecord(
                structure.root(),
                structure.parent(),
                structure.links(),
                structure.order(),
                structure.job(),
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
                cbor.text(),
                cbor.text(),
                parts == CONTENT_PARTS ? null : origin(cbor, parts == WITH_FIDELITY),
                parts < WITH_FIDELITY ? null : fidelity(cbor));
        cbor.expectEnd();
        return record;
    }

    private static Fidelity fidelity(CborReader cbor) throws CorruptionException {
        List<Fidelity.Lack> lacks = new ArrayList<>();
        int kinds = cbor.array();
        if (kinds > KINDS_MAX) {
            throw cbor.corrupt("at most " + KINDS_MAX + " kinds", Integer.toString(kinds));
        }
        for (int count = kinds; count > 0; count--) {
            cbor.array(3);
            lacks.add(new Fidelity.Lack(cbor.text(), count(cbor), RawName.takeOver(cbor.bytes())));
        }
        return new Fidelity(lacks);
    }

    private static SnapshotRecord.@Nullable Origin origin(CborReader cbor, boolean optional)
            throws CorruptionException {
        if (optional && cbor.nothing()) {
            return null;
        }
        cbor.array(2);
        return new SnapshotRecord.Origin(SnapshotId.of(cbor.bytes(SnapshotId.LENGTH)), count(cbor));
    }

    private static SnapshotCounts counts(CborReader cbor) throws CorruptionException {
        cbor.array(10);
        return new SnapshotCounts(
                count(cbor),
                count(cbor),
                count(cbor),
                count(cbor),
                count(cbor),
                count(cbor),
                count(cbor),
                count(cbor),
                count(cbor),
                count(cbor));
    }

    private static long count(CborReader cbor) throws CorruptionException {
        long count = cbor.integer();
        if (count < 0) {
            throw cbor.corrupt("a count", Long.toString(count));
        }
        return count;
    }

    private static List<String> texts(CborReader cbor) throws CorruptionException {
        List<String> texts = new ArrayList<>();
        for (int count = cbor.array(); count > 0; count--) {
            texts.add(cbor.text());
        }
        return texts;
    }
}
