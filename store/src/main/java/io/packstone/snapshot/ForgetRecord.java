package io.packstone.snapshot;

import io.packstone.crypto.KeyRing;
import io.packstone.error.CorruptionException;
import io.packstone.error.StoreException;
import io.packstone.format.CborReader;
import io.packstone.format.CborWriter;
import io.packstone.format.FrameKind;
import io.packstone.id.SnapshotId;
import java.util.ArrayList;
import java.util.List;

/**
 * Says that a snapshot is forgotten (docs/format.md, Forgetting).
 *
 * @param snapshot the one that is
 * @param heads the snapshots its writer knew that no other one it knew links to: they order it in the log
 */
public record ForgetRecord(SnapshotId snapshot, List<SnapshotId> heads) {
    private static final int HEADS_MAX = 1000;

    /** Copies the list, and keeps the first of very many. */
    public ForgetRecord {
        heads = List.copyOf(heads.size() > HEADS_MAX ? heads.subList(0, HEADS_MAX) : heads);
    }

    /** The whole object. */
    public byte[] encode(KeyRing keys) {
        CborWriter cbor = new CborWriter().array(2).bytes(snapshot.toBytes()).array(heads.size());
        heads.forEach(head -> cbor.bytes(head.toBytes()));
        return MacBody.wrap(
                FrameKind.FORGET,
                keys.repository(),
                keys.stateMacKey(),
                cbor.end().end().toBytes());
    }

    /** Reads the record that forgets {@code snapshot}; that of another is damage. */
    public static ForgetRecord decode(byte[] bytes, String name, KeyRing keys, SnapshotId snapshot)
            throws StoreException {
        CborReader cbor = MacBody.unwrap(FrameKind.FORGET, keys.repository(), keys.stateMacKey(), bytes, name);
        cbor.array(2);
        SnapshotId subject = SnapshotId.of(cbor.bytes(SnapshotId.LENGTH));
        List<SnapshotId> heads = new ArrayList<>();
        for (int count = cbor.array(); count > 0; count--) {
            heads.add(SnapshotId.of(cbor.bytes(SnapshotId.LENGTH)));
        }
        cbor.expectEnd();
        if (!subject.equals(snapshot)) {
            throw new CorruptionException(name, "it forgets another snapshot");
        }
        return new ForgetRecord(subject, heads);
    }
}
