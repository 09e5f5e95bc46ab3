package io.packstone.snapshot;

import io.packstone.crypto.Hmac;
import io.packstone.crypto.KeyRing;
import io.packstone.crypto.Randomness;
import io.packstone.error.CorruptionException;
import io.packstone.error.StoreException;
import io.packstone.format.CborReader;
import io.packstone.format.CborWriter;
import io.packstone.format.FrameKind;
import io.packstone.id.JobId;
import java.nio.charset.StandardCharsets;

/**
 * The announcement of a write session: its packs are pending until it ends (docs/format.md, Jobs). Who made it is told
 * as keyed hashes, so that whoever stores it learns no name.
 *
 * @param kind what the session is for
 * @param machine hash of the machine
 * @param boot hash of the machine since it last started
 * @param pid the process id
 * @param started when the process began, milliseconds since 1970; 0 when not known
 */
public record JobRecord(String kind, Mark machine, Mark boot, long pid, long started) {
    private static final int NONCE_LENGTH = 32;

    /** A hash that says only whether two things are the same. */
    public static final class Mark {
        private final byte[] bytes;

        private Mark(byte[] bytes) {
            this.bytes = bytes;
        }

        /** The hash of {@code text}. */
        public static Mark of(KeyRing keys, String text) {
            return new Mark(Hmac.of(keys.jobMacKey(), text.getBytes(StandardCharsets.UTF_8)));
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Mark that && Hmac.equal(bytes, that.bytes);
        }

        @Override
        public int hashCode() {
            return java.util.Arrays.hashCode(bytes);
        }
    }

    /** The whole object; random bytes in it make its SHA-256, the job's id, a fresh name. */
    public byte[] encode(KeyRing keys, Randomness randomness) {
        byte[] nonce = new byte[NONCE_LENGTH];
        randomness.fill(nonce);
        CborWriter cbor = new CborWriter().array(6).bytes(nonce).text(kind);
        cbor.bytes(machine.bytes)
                .bytes(boot.bytes)
                .integer(pid)
                .integer(started)
                .end();
        return MacBody.wrap(FrameKind.JOB, keys.repository(), keys.jobMacKey(), cbor.toBytes());
    }

    /** Reads an announcement that was made with this repository's keys. */
    public static JobRecord decode(byte[] bytes, String name, KeyRing keys) throws StoreException {
        CborReader cbor = MacBody.unwrap(FrameKind.JOB, keys.repository(), keys.jobMacKey(), bytes, name);
        cbor.array(6);
        cbor.bytes(NONCE_LENGTH);
        JobRecord job = new JobRecord(
                cbor.text(),
                new Mark(cbor.bytes(Hmac.LENGTH)),
                new Mark(cbor.bytes(Hmac.LENGTH)),
                cbor.integer(),
                cbor.integer());
        cbor.expectEnd();
        return job;
    }

    /** The whole object that says that a job's packs are no longer pending: the same bytes whoever writes them. */
    public static byte[] encodeVoid(KeyRing keys, JobId job) {
        byte[] cbor = new CborWriter().array(1).bytes(job.toBytes()).end().toBytes();
        return MacBody.wrap(FrameKind.JOB, keys.repository(), keys.jobMacKey(), cbor);
    }

    /** Reads the word that {@code job} is void; that of another is damage. */
    public static void verifyVoid(byte[] bytes, String name, KeyRing keys, JobId job) throws StoreException {
        CborReader cbor = MacBody.unwrap(FrameKind.JOB, keys.repository(), keys.jobMacKey(), bytes, name);
        cbor.array(1);
        JobId subject = JobId.of(cbor.bytes(JobId.LENGTH));
        cbor.expectEnd();
        if (!subject.equals(job)) {
            throw new CorruptionException(name, "it is the word about another job");
        }
    }
}
