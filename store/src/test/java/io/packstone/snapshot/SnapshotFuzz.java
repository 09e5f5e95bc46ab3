package io.packstone.snapshot;

import io.packstone.bytes.ByteCursor;
import io.packstone.bytes.ByteSink;
import io.packstone.crypto.Hkdf;
import io.packstone.crypto.Hmac;
import io.packstone.crypto.KeyRing;
import io.packstone.crypto.Randomness;
import io.packstone.crypto.Sealer;
import io.packstone.crypto.SecretKey;
import io.packstone.error.StoreException;
import io.packstone.format.Frame;
import io.packstone.format.FrameKind;
import io.packstone.id.JobId;
import io.packstone.id.NoteId;
import io.packstone.id.PackId;
import io.packstone.id.PruneId;
import io.packstone.id.SnapshotId;
import io.packstone.metadata.RawName;
import io.packstone.pack.SamplePacks;
import io.packstone.testkit.FuzzTarget;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Parsers of records and markers, as they are stored and behind seals and MACs that fit. */
public final class SnapshotFuzz {
    private static final KeyRing KEYS = SamplePacks.keys();
    private static final Randomness SEEDED = SamplePacks.seeded(3);
    private static final SnapshotId SNAPSHOT = SnapshotId.of(new byte[32]);
    private static final JobId JOB = JobId.of(new byte[JobId.LENGTH]);
    private static final PruneId PRUNE = PruneId.of(new byte[PruneId.LENGTH]);

    private SnapshotFuzz() {}

    /** By name; those that end in {@code -plain} are behind the seal or the MAC. */
    public static Map<String, FuzzTarget> targets() {
        Map<String, FuzzTarget> targets = new HashMap<>();
        targets.put("snapshot", SnapshotFuzz::record);
        targets.put("snapshot-plain", input -> record(parts(FrameKind.SNAPSHOT, "snapshot", new byte[0], input)));
        targets.put("note", SnapshotFuzz::note);
        targets.put("note-plain", input -> note(parts(FrameKind.NOTE, "note", SNAPSHOT.toBytes(), input)));
        targets.put("repair", SnapshotFuzz::repair);
        targets.put("repair-plain", input -> repair(parts(FrameKind.REPAIR, "repair", new byte[0], input)));
        mac(targets, "state", FrameKind.STATE, KEYS.stateMacKey(), SnapshotFuzz::state);
        mac(targets, "forget", FrameKind.FORGET, KEYS.stateMacKey(), SnapshotFuzz::forget);
        mac(targets, "job", FrameKind.JOB, KEYS.jobMacKey(), SnapshotFuzz::job);
        mac(targets, "job-void", FrameKind.JOB, KEYS.jobMacKey(), SnapshotFuzz::jobVoid);
        mac(targets, "marker", FrameKind.MARKER, KEYS.markerMacKey(), SnapshotFuzz::marker);
        return targets;
    }

    /** A valid input for each of them. */
    public static Map<String, byte[]> seeds() throws IOException {
        Map<String, byte[]> seeds = new HashMap<>();
        seeds.put("snapshot", SnapshotFormat.encode(SnapshotFormatTest.sample().madeFrom(SNAPSHOT), KEYS, SEEDED));
        seeds.put(
                "note",
                new SnapshotNote(
                                List.of(NoteId.of(new byte[32])),
                                SnapshotNote.Pin.PROTECTED,
                                List.of("a"),
                                List.of("b"))
                        .encode(KEYS, SNAPSHOT, SEEDED));
        RepairRecord.Loss loss = new RepairRecord.Loss(SNAPSHOT, 2, List.of(RawName.of("home/a")));
        RepairRecord repair = new RepairRecord(3, 4, List.of(PackId.of(new byte[32])), List.of(loss), "test");
        seeds.put("repair", RepairFormat.encode(repair, KEYS, SEEDED));
        seeds.put("snapshot-plain", plain("snapshot", new byte[0], seeds.get("snapshot")));
        seeds.put("note-plain", plain("note", SNAPSHOT.toBytes(), seeds.get("note")));
        seeds.put("repair-plain", plain("repair", new byte[0], seeds.get("repair")));
        seeds.put("state", SnapshotState.CONFIRMED.encode(KEYS, SNAPSHOT));
        seeds.put("forget", new ForgetRecord(SNAPSHOT, List.of(SNAPSHOT)).encode(KEYS));
        seeds.put("job", SamplePacks.golden(SnapshotFuzz.class, "job.hex"));
        seeds.put("job-void", JobRecord.encodeVoid(KEYS, JOB));
        PackId pack = PackId.of(new byte[32]);
        seeds.put(
                "marker",
                new PruneMarker(PruneMarker.Sort.DONE, PRUNE, JOB, 5, List.of(pack), List.of(SNAPSHOT)).encode(KEYS));
        for (String name : List.of("state", "forget", "job", "job-void", "marker")) {
            byte[] whole = seeds.get(name);
            seeds.put(
                    name + "-plain",
                    Arrays.copyOfRange(whole, Frame.HEADER_LENGTH + 4, whole.length - 4 - Hmac.LENGTH));
        }
        return seeds;
    }

    private static byte[] plain(String label, byte[] subject, byte[] whole) throws StoreException {
        ByteCursor body = new ByteCursor(whole, Frame.HEADER_LENGTH + 4, whole.length - Frame.OVERHEAD, "a sample");
        byte[] first = body.getBytes(body.getInt());
        byte[] second = body.getBytes(body.getInt());
        return FuzzTarget.joined(
                open(KEYS.snapshotStructureKey(), structureAad(label, subject), first),
                open(KEYS.snapshotContentKey(), contentAad(label, subject, first), second));
    }

    private static byte[] open(SecretKey key, byte[] associatedData, byte[] sealed) throws StoreException {
        byte[] plain = new byte[(int) Sealer.plainLength(sealed.length)];
        new Sealer().open(key, associatedData, sealed, 0, sealed.length, plain, 0, "a sample");
        return plain;
    }

    private static byte[] structureAad(String label, byte[] subject) {
        return new ByteSink(96)
                .putBytes(Hkdf.info(label + " structure"))
                .putBytes(KEYS.repository().toBytes())
                .putBytes(subject)
                .toBytes();
    }

    private static byte[] contentAad(String label, byte[] subject, byte[] sealedStructure) {
        return new ByteSink(128)
                .putBytes(Hkdf.info(label + " content"))
                .putBytes(KEYS.repository().toBytes())
                .putBytes(subject)
                .putBytes(Hmac.sha256(sealedStructure, 0, sealedStructure.length))
                .toBytes();
    }

    private static void mac(
            Map<String, FuzzTarget> targets, String name, FrameKind kind, SecretKey key, FuzzTarget parser) {
        targets.put(name, parser);
        targets.put(name + "-plain", input -> {
            if (input.length + Hmac.LENGTH + Frame.OVERHEAD <= kind.maxLength()) {
                parser.parse(MacBody.wrap(kind, KEYS.repository(), key, input));
            }
        });
    }

    /** Both parts of an object, sealed. */
    private static byte[] parts(FrameKind kind, String label, byte[] subject, byte[] input) {
        byte[] structure = FuzzTarget.first(input);
        byte[] content = FuzzTarget.rest(input);
        byte[] first = seal(KEYS.snapshotStructureKey(), structureAad(label, subject), structure);
        byte[] second = seal(KEYS.snapshotContentKey(), contentAad(label, subject, first), content);
        ByteSink body = new ByteSink(first.length + second.length + 8);
        body.putInt(first.length).putBytes(first).putInt(second.length).putBytes(second);
        return body.length() + Frame.OVERHEAD > kind.maxLength()
                ? new byte[0]
                : Frame.wrap(kind, KEYS.repository(), body.toBytes());
    }

    private static byte[] seal(SecretKey key, byte[] associatedData, byte[] plain) {
        byte[] sealed = new byte[(int) Sealer.sealedLength(plain.length)];
        new Sealer(SEEDED).seal(key, associatedData, plain, 0, plain.length, sealed, 0);
        return sealed;
    }

    private static void record(byte[] input) throws IOException {
        SnapshotFormat.decodeStructure(input, "input", KEYS);
        SnapshotRecord record = SnapshotFormat.decode(input, "input", KEYS);
        FuzzTarget.same(record, SnapshotFormat.decode(SnapshotFormat.encode(record, KEYS, SEEDED), "input", KEYS));
    }

    private static void note(byte[] input) throws IOException {
        SnapshotNote.decodeStructure(input, "input", KEYS, SNAPSHOT);
        SnapshotNote note = SnapshotNote.decode(input, "input", KEYS, SNAPSHOT);
        FuzzTarget.same(note, SnapshotNote.decode(note.encode(KEYS, SNAPSHOT, SEEDED), "input", KEYS, SNAPSHOT));
    }

    private static void repair(byte[] input) throws IOException {
        RepairRecord record = RepairFormat.decode(input, "input", KEYS);
        FuzzTarget.same(record, RepairFormat.decode(RepairFormat.encode(record, KEYS, SEEDED), "input", KEYS));
    }

    private static void state(byte[] input) throws IOException {
        FuzzTarget.same(
                input, SnapshotState.decode(input, "input", KEYS, SNAPSHOT).encode(KEYS, SNAPSHOT));
    }

    private static void forget(byte[] input) throws IOException {
        FuzzTarget.same(
                input, ForgetRecord.decode(input, "input", KEYS, SNAPSHOT).encode(KEYS));
    }

    private static void job(byte[] input) throws IOException {
        JobRecord job = JobRecord.decode(input, "input", KEYS);
        FuzzTarget.same(job, JobRecord.decode(job.encode(KEYS, SEEDED), "input", KEYS));
    }

    private static void jobVoid(byte[] input) throws IOException {
        JobRecord.verifyVoid(input, "input", KEYS, JOB);
        FuzzTarget.same(input, JobRecord.encodeVoid(KEYS, JOB));
    }

    private static void marker(byte[] input) throws IOException {
        FuzzTarget.same(input, PruneMarker.decode(input, "input", KEYS, PRUNE).encode(KEYS));
    }
}
