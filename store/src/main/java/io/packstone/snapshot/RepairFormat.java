package io.packstone.snapshot;

import io.packstone.crypto.KeyRing;
import io.packstone.crypto.Randomness;
import io.packstone.error.CorruptionException;
import io.packstone.error.StoreException;
import io.packstone.format.CborReader;
import io.packstone.format.CborWriter;
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
        return parts(keys).wrap(structure(record), content(record), randomness);
    }

    private static SealedParts parts(KeyRing keys) {
        return new SealedParts(keys, FrameKind.REPAIR, "repair", new byte[0]);
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
        SealedParts parts = parts(keys);
        SealedParts.Sealed sealed = parts.unwrap(bytes, name);
        return record(parts.structure(sealed), parts.content(sealed));
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
