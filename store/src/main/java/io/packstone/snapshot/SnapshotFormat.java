package io.packstone.snapshot;

import io.packstone.bytes.ByteCursor;
import io.packstone.bytes.ByteSink;
import io.packstone.crypto.Hkdf;
import io.packstone.crypto.Hmac;
import io.packstone.crypto.KeyRing;
import io.packstone.crypto.Randomness;
import io.packstone.crypto.Sealer;
import io.packstone.crypto.SecretKey;
import io.packstone.error.CorruptionException;
import io.packstone.error.StoreException;
import io.packstone.format.CborReader;
import io.packstone.format.CborWriter;
import io.packstone.format.Frame;
import io.packstone.format.FrameKind;
import io.packstone.id.ChunkId;
import io.packstone.id.JobId;
import io.packstone.id.SnapshotId;
import io.packstone.metadata.RawName;
import io.packstone.metadata.Timestamp;
import java.util.ArrayList;
import java.util.List;

/** The stored form of snapshot records (docs/format.md, Snapshots): a structure part and a content part, sealed apart. */
public final class SnapshotFormat {
    private static final int WRITER_LENGTH = 16;
    private static final byte[] OWNER = new byte[WRITER_LENGTH];

    private SnapshotFormat() {}

    /** The whole object; salts make it differ each time, so its SHA-256 is a fresh name. */
    public static byte[] encode(SnapshotRecord record, KeyRing keys, Randomness randomness) {
        Sealer sealer = new Sealer(randomness);
        byte[] structure = seal(sealer, keys.snapshotStructureKey(), structureAad(keys), structure(record));
        byte[] content = seal(sealer, keys.snapshotContentKey(), contentAad(keys, structure), content(record));
        ByteSink body = new ByteSink(structure.length + content.length + 8);
        body.putInt(structure.length).putBytes(structure).putInt(content.length).putBytes(content);
        return Frame.wrap(FrameKind.SNAPSHOT, keys.repository(), body.toBytes());
    }

    private static byte[] seal(Sealer sealer, SecretKey key, byte[] associatedData, byte[] plain) {
        byte[] sealed = new byte[Math.toIntExact(Sealer.sealedLength(plain.length))];
        sealer.seal(key, associatedData, plain, 0, plain.length, sealed, 0);
        return sealed;
    }

    private static byte[] structureAad(KeyRing keys) {
        return new ByteSink(64)
                .putBytes(Hkdf.info("snapshot structure"))
                .putBytes(keys.repository().toBytes())
                .toBytes();
    }

    private static byte[] contentAad(KeyRing keys, byte[] sealedStructure) {
        return new ByteSink(96)
                .putBytes(Hkdf.info("snapshot content"))
                .putBytes(keys.repository().toBytes())
                .putBytes(Hmac.sha256(sealedStructure, 0, sealedStructure.length))
                .toBytes();
    }

    private static byte[] structure(SnapshotRecord record) {
        CborWriter cbor = new CborWriter().array(7);
        cbor.bytes(record.root().toBytes());
        cbor.bytes(record.parent() == null ? new byte[0] : record.parent().toBytes());
        cbor.array(record.links().size());
        record.links().forEach(link -> cbor.bytes(link.toBytes()));
        cbor.end()
                .bytes(OWNER)
                .bool(record.status().equals(SnapshotRecord.DEGRADED))
                .integer(record.order());
        cbor.bytes(record.job() == null ? new byte[0] : record.job().toBytes());
        return cbor.end().toBytes();
    }

    private static byte[] content(SnapshotRecord record) {
        CborWriter cbor = new CborWriter().array(13);
        cbor.array(2)
                .integer(record.time().seconds())
                .integer(record.time().nanos())
                .end();
        cbor.text(record.host()).text(record.user()).array(record.paths().size());
        record.paths().forEach(path -> cbor.bytes(path.array()));
        texts(cbor.end(), record.tags());
        cbor.text(record.strategy())
                .text(record.status())
                .array(record.problems().size());
        for (SnapshotRecord.Problem problem : record.problems()) {
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
        return cbor.text(record.consistency()).text(record.program()).end().toBytes();
    }

    private static void texts(CborWriter cbor, List<String> texts) {
        cbor.array(texts.size());
        texts.forEach(cbor::text);
        cbor.end();
    }

    /** Reads a whole object. */
    public static SnapshotRecord decode(byte[] bytes, String name, KeyRing keys) throws StoreException {
        Frame.Opened frame = Frame.unwrap(FrameKind.SNAPSHOT, bytes, name);
        Frame.expectRepository(keys.repository(), frame.repository(), name);
        ByteCursor body = new ByteCursor(frame.body(), 0, frame.body().length, name);
        byte[] structure = body.getBytes(body.getInt());
        byte[] content = body.getBytes(body.getInt());
        body.expectEnd();
        CborReader first = open(structure, keys.snapshotStructureKey(), structureAad(keys), name + " (structure)");
        first.array(7);
        ChunkId root = ChunkId.of(first.bytes(ChunkId.LENGTH));
        byte[] parent = first.bytes();
        List<SnapshotId> links = new ArrayList<>();
        for (int count = first.array(); count > 0; count--) {
            links.add(SnapshotId.of(first.bytes(SnapshotId.LENGTH)));
        }
        first.bytes(WRITER_LENGTH);
        boolean degraded = first.bool();
        long order = first.integer();
        byte[] job = first.bytes();
        first.expectEnd();
        if (parent.length % SnapshotId.LENGTH != 0 || job.length % JobId.LENGTH != 0) {
            throw new CorruptionException(name, "an id in it has the wrong length");
        }
        CborReader second = open(content, keys.snapshotContentKey(), contentAad(keys, structure), name + " (content)");
        SnapshotRecord record = content(second, root)
                .linked(links, order, job.length == 0 ? JobId.of(new byte[JobId.LENGTH]) : JobId.of(job));
        if (degraded != record.status().equals(SnapshotRecord.DEGRADED)) {
            throw new CorruptionException(name, "its two parts contradict each other");
        }
        return parent.length == 0 ? record : record.withParent(SnapshotId.of(parent));
    }

    private static CborReader open(byte[] sealed, SecretKey key, byte[] associatedData, String name)
            throws CorruptionException {
        long length = Sealer.plainLength(sealed.length);
        if (length < 0) {
            throw new CorruptionException(name, "it has not the length of a sealed string");
        }
        byte[] plain = new byte[(int) length];
        new Sealer().open(key, associatedData, sealed, 0, sealed.length, plain, 0, name);
        return new CborReader(plain, 0, plain.length, name);
    }

    private static SnapshotRecord content(CborReader cbor, ChunkId root) throws CorruptionException {
        cbor.array(13);
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
        long problemCount = cbor.integer();
        cbor.array(10);
        SnapshotCounts counts = new SnapshotCounts(
                cbor.integer(),
                cbor.integer(),
                cbor.integer(),
                cbor.integer(),
                cbor.integer(),
                cbor.integer(),
                cbor.integer(),
                cbor.integer(),
                cbor.integer(),
                cbor.integer());
        List<String> options = texts(cbor);
        SnapshotRecord record = new SnapshotRecord(
                root,
                null,
                List.of(),
                0,
                null,
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
                cbor.text());
        cbor.expectEnd();
        return record;
    }

    private static List<String> texts(CborReader cbor) throws CorruptionException {
        List<String> texts = new ArrayList<>();
        for (int count = cbor.array(); count > 0; count--) {
            texts.add(cbor.text());
        }
        return texts;
    }
}
