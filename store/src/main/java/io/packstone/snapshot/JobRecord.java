package io.packstone.snapshot;

import io.packstone.crypto.KeyRing;
import io.packstone.crypto.Randomness;
import io.packstone.error.StoreException;
import io.packstone.format.CborReader;
import io.packstone.format.CborWriter;
import io.packstone.format.FrameKind;

/** The announcement of a write session: its packs are pending until it ends (docs/format.md, Jobs). */
public final class JobRecord {
    private static final int NONCE_LENGTH = 32;

    private JobRecord() {}

    /** A new announcement; its SHA-256 is the job's id. */
    public static byte[] announce(KeyRing keys, Randomness randomness) {
        byte[] nonce = new byte[NONCE_LENGTH];
        randomness.fill(nonce);
        byte[] cbor =
                new CborWriter().array(2).bytes(nonce).text("snapshot").end().toBytes();
        return MacBody.wrap(FrameKind.JOB, keys.repository(), keys.jobMacKey(), cbor);
    }

    /** Proves that an announcement was made with this repository's keys; the kind of job. */
    public static String verify(byte[] bytes, String name, KeyRing keys) throws StoreException {
        CborReader cbor = MacBody.unwrap(FrameKind.JOB, keys.repository(), keys.jobMacKey(), bytes, name);
        cbor.array(2);
        cbor.bytes(NONCE_LENGTH);
        String kind = cbor.text();
        cbor.expectEnd();
        return kind;
    }
}
