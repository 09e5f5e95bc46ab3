package io.packstone.snapshot;

import io.packstone.crypto.KeyRing;
import io.packstone.error.CorruptionException;
import io.packstone.error.StoreException;
import io.packstone.format.CborReader;
import io.packstone.format.CborWriter;
import io.packstone.format.FrameKind;
import io.packstone.id.SnapshotId;

/** What became of a claim; written once, by put-if-absent (docs/format.md, Snapshots). */
public enum SnapshotState {
    /** It is a snapshot: this is the commit. */
    CONFIRMED,
    /** It never will be one. */
    VOID;

    /** The whole object: the same bytes whoever writes it. */
    public byte[] encode(KeyRing keys, SnapshotId snapshot) {
        byte[] cbor = new CborWriter()
                .array(2)
                .integer(ordinal() + 1)
                .bytes(snapshot.toBytes())
                .end()
                .toBytes();
        return MacBody.wrap(FrameKind.STATE, keys.repository(), keys.stateMacKey(), cbor);
    }

    /** Reads the state of {@code snapshot}; that of another is damage. */
    public static SnapshotState decode(byte[] bytes, String name, KeyRing keys, SnapshotId snapshot)
            throws StoreException {
        CborReader cbor = MacBody.unwrap(FrameKind.STATE, keys.repository(), keys.stateMacKey(), bytes, name);
        cbor.array(2);
        int state = cbor.integer(1, 2);
        SnapshotId subject = SnapshotId.of(cbor.bytes(SnapshotId.LENGTH));
        cbor.expectEnd();
        if (!subject.equals(snapshot)) {
            throw new CorruptionException(name, "it is the state of another snapshot");
        }
        return state == 1 ? CONFIRMED : VOID;
    }
}
