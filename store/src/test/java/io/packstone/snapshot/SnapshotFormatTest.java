package io.packstone.snapshot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.packstone.bytes.ByteSink;
import io.packstone.bytes.LittleEndian;
import io.packstone.crypto.KeyRing;
import io.packstone.error.CorruptionException;
import io.packstone.error.StoreException;
import io.packstone.format.Frame;
import io.packstone.format.FrameKind;
import io.packstone.id.ChunkId;
import io.packstone.id.JobId;
import io.packstone.id.RepositoryId;
import io.packstone.id.SnapshotId;
import io.packstone.metadata.RawName;
import io.packstone.metadata.Timestamp;
import io.packstone.pack.SamplePacks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SnapshotFormatTest {
    private static final KeyRing KEYS = SamplePacks.keys();

    private static byte[] filled(int value) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    /** The record of the golden bytes. */
    static SnapshotRecord sample() {
        return record(
                SnapshotId.of(filled(2)),
                JobId.of(filled(4)),
                SnapshotRecord.DEGRADED,
                List.of(new SnapshotRecord.Problem(
                        RawName.takeOver(new byte[] {'/', (byte) 0xff}), "permission denied")));
    }

    /** The same, telling what it lacks. */
    static SnapshotRecord lacking(SnapshotRecord record) {
        return new SnapshotRecord(
                record.root(),
                record.parent(),
                record.links(),
                record.order(),
                record.job(),
                record.time(),
                record.host(),
                record.user(),
                record.paths(),
                record.tags(),
                record.strategy(),
                record.status(),
                record.problems(),
                record.problemCount(),
                record.counts(),
                record.options(),
                record.consistency(),
                record.program(),
                record.origin(),
                new Fidelity(List.of(
                        new Fidelity.Lack("attributes", 3, RawName.of("/etc/shadow")),
                        new Fidelity.Lack(Fidelity.TRUSTED, 0, RawName.EMPTY))));
    }

    private static SnapshotRecord record(
            @Nullable SnapshotId parent, @Nullable JobId job, String status, List<SnapshotRecord.Problem> problems) {
        return new SnapshotRecord(
                ChunkId.of(filled(1)),
                parent,
                List.of(SnapshotId.of(filled(2)), SnapshotId.of(filled(3))),
                17,
                job,
                new Timestamp(-5, 999_999_999),
                "host",
                "user \u00fc",
                List.of(RawName.of("/etc"), RawName.takeOver(new byte[] {'/', (byte) 0x80})),
                List.of("tag"),
                "pack",
                status,
                problems,
                problems.size(),
                new SnapshotCounts(1, 2, 3, 4, 5, 6, 7, 8, 9, Long.MAX_VALUE),
                List.of("exclude=*.o"),
                "live",
                "packstone 0.1");
    }

    @Test
    void recordsRoundTrip() throws StoreException {
        SnapshotRecord[] records = {
            sample(),
            record(null, null, SnapshotRecord.COMPLETE, List.of()),
            sample().linked(List.of(), 0, JobId.of(filled(9))),
            sample().madeFrom(SnapshotId.of(filled(8))),
            sample().madeFrom(SnapshotId.of(filled(8)))
                    .linked(List.of(), 99, null)
                    .withTags(List.of())
                    .madeFrom(SnapshotId.of(filled(7))),
            record(null, null, SnapshotRecord.PARTIAL, List.of()),
            lacking(sample()),
            lacking(sample().madeFrom(SnapshotId.of(filled(8)))),
        };
        for (SnapshotRecord record : records) {
            byte[] bytes = SnapshotFormat.encode(record, KEYS, SamplePacks.seeded(1));
            assertEquals(record, SnapshotFormat.decode(bytes, "x", KEYS));
            byte[] again = SnapshotFormat.encode(record, KEYS, SamplePacks.seeded(2));
            assertNotEquals(Arrays.toString(bytes), Arrays.toString(again));
        }
    }

    @Test
    void onlyACompleteOneHasEverythingForWhoReadsTheStructureAlone() throws StoreException {
        for (String status : List.of(SnapshotRecord.COMPLETE, SnapshotRecord.DEGRADED, SnapshotRecord.PARTIAL)) {
            byte[] bytes = SnapshotFormat.encode(record(null, null, status, List.of()), KEYS, SamplePacks.seeded(1));
            boolean degraded = SnapshotFormat.decodeStructure(bytes, "x", KEYS).degraded();
            assertEquals(!status.equals(SnapshotRecord.COMPLETE), degraded, status);
        }
    }

    @Test
    void theCommittedRecordStateAndJobStillRead() throws IOException {
        byte[] record = SamplePacks.golden(SnapshotFormatTest.class, "record.hex");
        assertEquals(sample(), SnapshotFormat.decode(record, "x", KEYS));
        byte[] made = SamplePacks.golden(SnapshotFormatTest.class, "record-of-another.hex");
        assertEquals(sample().madeFrom(SnapshotId.of(filled(8))), SnapshotFormat.decode(made, "x", KEYS));
        byte[] lacking = SamplePacks.golden(SnapshotFormatTest.class, "record-lacking.hex");
        assertEquals(lacking(sample()), SnapshotFormat.decode(lacking, "x", KEYS));
        byte[] state = SamplePacks.golden(SnapshotFormatTest.class, "state.hex");
        SnapshotId id = SnapshotId.of(filled(5));
        assertEquals(SnapshotState.CONFIRMED, SnapshotState.decode(state, "x", KEYS, id));
        assertArrayEquals(state, SnapshotState.CONFIRMED.encode(KEYS, id));
        byte[] job = SamplePacks.golden(SnapshotFormatTest.class, "job.hex");
        assertEquals(sampleJob(), JobRecord.decode(job, "x", KEYS));
    }

    private static JobRecord sampleJob() {
        JobRecord.Mark machine = JobRecord.Mark.of(KEYS, "machine");
        return new JobRecord("snapshot", machine, JobRecord.Mark.of(KEYS, "boot"), 4711, 1_700_000_000_000L);
    }

    @Test
    void noForgeryOfARecordPasses() throws StoreException {
        byte[] bytes = SnapshotFormat.encode(sample(), KEYS, SamplePacks.seeded(1));
        for (int i = 0; i < bytes.length; i++) {
            byte[] damaged = bytes.clone();
            damaged[i] ^= 2;
            assertThrows(StoreException.class, () -> SnapshotFormat.decode(damaged, "x", KEYS), "byte " + i);
        }
        byte[] body = Frame.unwrap(FrameKind.SNAPSHOT, bytes, "x").body();
        for (int i = 0; i < body.length; i++) {
            byte[] changed = body.clone();
            changed[i] ^= 2;
            refuse(changed, "body byte " + i);
            refuse(Arrays.copyOf(body, i), "body length " + i);
        }
        KeyRing strangers = new KeyRing(SamplePacks.REPOSITORY, SamplePacks.key(7), SamplePacks.key(2));
        assertThrows(CorruptionException.class, () -> SnapshotFormat.decode(bytes, "x", strangers));
        KeyRing elsewhere = new KeyRing(new RepositoryId(1, 2), SamplePacks.key(1), SamplePacks.key(2));
        assertThrows(CorruptionException.class, () -> SnapshotFormat.decode(bytes, "x", elsewhere));
    }

    private static void refuse(byte[] body, String what) {
        byte[] object = Frame.wrap(FrameKind.SNAPSHOT, SamplePacks.REPOSITORY, body);
        assertThrows(StoreException.class, () -> SnapshotFormat.decode(object, "x", KEYS), what);
    }

    @Test
    void thePartsOfTwoRecordsDoNotMix() throws StoreException {
        byte[][] one = parts(SnapshotFormat.encode(sample(), KEYS, SamplePacks.seeded(1)));
        byte[][] two = parts(SnapshotFormat.encode(sample(), KEYS, SamplePacks.seeded(2)));
        refuse(join(one[0], two[1]), "structure of one, content of the other");
        refuse(join(one[1], one[0]), "swapped");
        refuse(join(one[0], one[0]), "structure twice");
        byte[] right = Frame.wrap(FrameKind.SNAPSHOT, SamplePacks.REPOSITORY, join(one[0], one[1]));
        assertEquals(sample(), SnapshotFormat.decode(right, "x", KEYS));
    }

    private static byte[][] parts(byte[] object) throws StoreException {
        byte[] body = Frame.unwrap(FrameKind.SNAPSHOT, object, "x").body();
        int split = 4 + LittleEndian.getInt(body, 0);
        return new byte[][] {Arrays.copyOfRange(body, 4, split), Arrays.copyOfRange(body, split + 4, body.length)};
    }

    private static byte[] join(byte[] structure, byte[] content) {
        ByteSink body = new ByteSink(structure.length + content.length + 8);
        body.putInt(structure.length).putBytes(structure).putInt(content.length).putBytes(content);
        return body.toBytes();
    }

    @Test
    void aFloodOfProblemsIsCutButCounted() throws StoreException {
        List<SnapshotRecord.Problem> many = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            many.add(new SnapshotRecord.Problem(RawName.of("/" + i), "no"));
        }
        SnapshotRecord flood = record(null, null, SnapshotRecord.DEGRADED, many);
        SnapshotRecord read =
                SnapshotFormat.decode(SnapshotFormat.encode(flood, KEYS, SamplePacks.seeded(1)), "x", KEYS);
        assertEquals(5000, read.problemCount());
        assertEquals(many.subList(0, 1000), read.problems());
        List<SnapshotRecord.Problem> heavyOnes = new ArrayList<>();
        RawName deepPath = RawName.takeOver(new byte[1 << 20]);
        for (int i = 0; i < 900; i++) {
            heavyOnes.add(new SnapshotRecord.Problem(deepPath, "\u20ac".repeat(5000)));
        }
        SnapshotRecord heavy = record(null, null, SnapshotRecord.DEGRADED, heavyOnes);
        byte[] bytes = SnapshotFormat.encode(heavy, KEYS, SamplePacks.seeded(1));
        SnapshotRecord again = SnapshotFormat.decode(bytes, "x", KEYS);
        assertEquals(900, again.problemCount());
        assertEquals(7, again.problems().size());
    }

    @Test
    void statesAreTheSameBytesWhoeverWritesAndHoldForOneSnapshot() throws StoreException {
        SnapshotId id = SnapshotId.of(filled(5));
        for (SnapshotState state : SnapshotState.values()) {
            byte[] bytes = state.encode(KEYS, id);
            assertArrayEquals(bytes, state.encode(KEYS, id));
            assertEquals(state, SnapshotState.decode(bytes, "x", KEYS, id));
            assertThrows(
                    CorruptionException.class, () -> SnapshotState.decode(bytes, "x", KEYS, SnapshotId.of(filled(6))));
            refuseEveryForgery(FrameKind.STATE, bytes, object -> SnapshotState.decode(object, "x", KEYS, id));
        }
    }

    @Test
    void jobsAreNeverTheSameAndNotForged() throws StoreException {
        byte[] bytes = sampleJob().encode(KEYS, SamplePacks.seeded(1));
        assertEquals(sampleJob(), JobRecord.decode(bytes, "x", KEYS));
        byte[] another = sampleJob().encode(KEYS, SamplePacks.seeded(2));
        assertNotEquals(Arrays.toString(bytes), Arrays.toString(another));
        refuseEveryForgery(FrameKind.JOB, bytes, object -> JobRecord.decode(object, "x", KEYS));
        JobId job = JobId.of(filled(9));
        byte[] word = JobRecord.encodeVoid(KEYS, job);
        JobRecord.verifyVoid(word, "x", KEYS, job);
        refuseEveryForgery(FrameKind.JOB, word, object -> JobRecord.verifyVoid(object, "x", KEYS, job));
        JobId other = JobId.of(filled(8));
        assertThrows(CorruptionException.class, () -> JobRecord.verifyVoid(word, "x", KEYS, other));
        assertThrows(CorruptionException.class, () -> JobRecord.decode(word, "x", KEYS));
    }

    @Test
    void theStructureOfARecordNeedsNoContentKey() throws StoreException {
        SnapshotRecord record = sample();
        byte[] bytes = SnapshotFormat.encode(record, KEYS, SamplePacks.seeded(1));
        SnapshotStructure structure = SnapshotFormat.decodeStructure(bytes, "x", KEYS);
        assertEquals(record.root(), structure.root());
        assertEquals(record.links(), structure.links());
        assertEquals(record.order(), structure.order());
        byte[][] parts = parts(bytes);
        byte[] noContent = Frame.wrap(FrameKind.SNAPSHOT, SamplePacks.REPOSITORY, join(parts[0], new byte[56]));
        assertEquals(structure, SnapshotFormat.decodeStructure(noContent, "x", KEYS));
    }

    interface Reading {
        void read(byte[] object) throws StoreException;
    }

    /** Flips and cuts the object, and its body with the checksum made right again. */
    static void refuseEveryForgery(FrameKind kind, byte[] bytes, Reading reading) throws StoreException {
        byte[] body = Frame.unwrap(kind, bytes, "x").body();
        for (int i = 0; i < bytes.length; i++) {
            byte[] damaged = bytes.clone();
            damaged[i] ^= 1;
            byte[] cut = Arrays.copyOf(bytes, i);
            assertThrows(StoreException.class, () -> reading.read(damaged), "byte " + i);
            assertThrows(StoreException.class, () -> reading.read(cut), "length " + i);
        }
        for (int i = 0; i < body.length; i++) {
            byte[] changed = body.clone();
            changed[i] ^= 1;
            byte[] forged = Frame.wrap(kind, SamplePacks.REPOSITORY, changed);
            byte[] shorter = Frame.wrap(kind, SamplePacks.REPOSITORY, Arrays.copyOf(body, i));
            assertThrows(CorruptionException.class, () -> reading.read(forged), "body byte " + i);
            assertThrows(CorruptionException.class, () -> reading.read(shorter), "body length " + i);
        }
        byte[] elsewhere = Frame.wrap(kind, new RepositoryId(1, 2), body);
        assertThrows(CorruptionException.class, () -> reading.read(elsewhere));
    }
}
