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
import io.packstone.id.PackId;
import io.packstone.id.SnapshotId;
import io.packstone.metadata.RawName;
import java.util.ArrayList;
import java.util.List;

/** The stored form of a repair's record (docs/format.md, Repairs): two sealed parts, as of a snapshot. */
public final class RepairFormat {
    /** So many packs at most stand in one record. */
    public static final int RETIRED_MAX = 100_000;

    private static final int PATH_BYTES_MAX = 8 << 20;

    private RepairFormat() {}

    /** The whole object. Paths are left out where there are too many for one. */
    public static byte[] encode(RepairRecord record, KeyRing keys, Randomness randomness) {
        if (record.retired().size() > RETIRED_MAX) {
            throw new IllegalArgumentException(record.retired().size() + " packs in one record");
        }
        Sealer sealer = new Sealer(randomness);
        byte[] structure = seal(sealer, keys.snapshotStructureKey(), structureAad(keys), structure(record));
        byte[] content = seal(sealer, keys.snapshotContentKey(), contentAad(keys, structure), content(record));
        ByteSink body = new ByteSink(structure.length + content.length + 8);
        body.putInt(structure.length).putBytes(structure).putInt(content.length).putBytes(content);
        return Frame.wrap(FrameKind.REPAIR, keys.repository(), body.toBytes());
    }

    private static byte[] seal(Sealer sealer, SecretKey key, byte[] associatedData, byte[] plain) {
        byte[] sealed = new byte[Math.toIntExact(Sealer.sealedLength(plain.length))];
        sealer.seal(key, associatedData, plain, 0, plain.length, sealed, 0);
        return sealed;
    }

    private static byte[] structureAad(KeyRing keys) {
        return new ByteSink(64)
                .putBytes(Hkdf.info("repair structure"))
                .putBytes(keys.repository().toBytes())
                .toBytes();
    }

    private static byte[] contentAad(KeyRing keys, byte[] sealedStructure) {
        return new ByteSink(96)
                .putBytes(Hkdf.info("repair content"))
                .putBytes(keys.repository().toBytes())
                .putBytes(Hmac.sha256(sealedStructure, 0, sealedStructure.length))
                .toBytes();
    }

    private static byte[] structure(RepairRecord record) {
        CborWriter cbor = new CborWriter().array(4).integer(record.order()).integer(record.time());
        cbor.array(record.retired().size());
        record.retired().forEach(pack -> cbor.bytes(pack.toBytes()));
        cbor.end().array(record.losses().size());
        record.losses().forEach(loss -> cbor.bytes(loss.snapshot().toBytes()));
        return cbor.end().end().toBytes();
    }

    private static byte[] content(RepairRecord record) {
        CborWriter cbor = new CborWriter().array(2).array(record.losses().size());
        long room = PATH_BYTES_MAX;
        for (RepairRecord.Loss loss : record.losses()) {
            List<RawName> paths = new ArrayList<>();
            for (RawName path : loss.paths()) {
                room -= path.length();
                if (room >= 0) {
                    paths.add(path);
                }
            }
            cbor.array(2).integer(loss.files()).array(paths.size());
            paths.forEach(path -> cbor.bytes(path.array()));
            cbor.end().end();
        }
        return cbor.end().text(record.program()).end().toBytes();
    }

    /**
     * Reads a whole object.
     *
     * @throws CorruptionException when a byte is not what {@link #encode} wrote with these keys
     */
    public static RepairRecord decode(byte[] bytes, String name, KeyRing keys) throws StoreException {
        Frame.Opened frame = Frame.unwrap(FrameKind.REPAIR, bytes, name);
        Frame.expectRepository(keys.repository(), frame.repository(), name);
        ByteCursor body = new ByteCursor(frame.body(), 0, frame.body().length, name);
        byte[] structure = body.getBytes(body.getInt());
        byte[] content = body.getBytes(body.getInt());
        body.expectEnd();
        CborReader first = open(structure, keys.snapshotStructureKey(), structureAad(keys), name + " (structure)");
        CborReader second = open(content, keys.snapshotContentKey(), contentAad(keys, structure), name + " (content)");
        return record(first, second);
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

    private static RepairRecord record(CborReader structure, CborReader content) throws CorruptionException {
        structure.array(4);
        long order = structure.integer();
        long time = structure.integer();
        List<PackId> retired = new ArrayList<>();
        for (int count = structure.array(); count > 0; count--) {
            retired.add(PackId.of(structure.bytes(PackId.LENGTH)));
        }
        List<RepairRecord.Loss> losses = new ArrayList<>();
        int count = structure.array();
        content.array(2);
        content.array(count);
        for (int i = 0; i < count; i++) {
            SnapshotId snapshot = SnapshotId.of(structure.bytes(SnapshotId.LENGTH));
            content.array(2);
            long files = content.integer();
            List<RawName> paths = new ArrayList<>();
            for (int left = content.array(); left > 0; left--) {
                paths.add(RawName.takeOver(content.bytes()));
            }
            losses.add(new RepairRecord.Loss(snapshot, files, paths));
        }
        structure.expectEnd();
        RepairRecord record = new RepairRecord(order, time, retired, losses, content.text());
        content.expectEnd();
        return record;
    }
}
