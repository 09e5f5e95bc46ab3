package io.packstone.house;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.bundle.BundleKind;
import io.packstone.bundle.BundleSamples;
import io.packstone.bytes.ByteCursor;
import io.packstone.crypto.Envelope;
import io.packstone.crypto.KeyRing;
import io.packstone.crypto.Sealer;
import io.packstone.crypto.SecretKey;
import io.packstone.format.ConfigFormat;
import io.packstone.format.RepositoryConfig;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.id.JobId;
import io.packstone.id.ObjectHash;
import io.packstone.id.PackId;
import io.packstone.id.PruneId;
import io.packstone.id.RepositoryId;
import io.packstone.id.SnapshotId;
import io.packstone.keyslot.KeySlotFormat;
import io.packstone.keyslot.KeyText;
import io.packstone.keyslot.Secret;
import io.packstone.manifest.BodyReader;
import io.packstone.manifest.ChunkSource.StoredChunk;
import io.packstone.manifest.FileBody;
import io.packstone.manifest.ManifestCursor;
import io.packstone.manifest.ManifestEntry;
import io.packstone.manifest.ManifestReader;
import io.packstone.manifest.Totals;
import io.packstone.metadata.Holes;
import io.packstone.metadata.RawName;
import io.packstone.metadata.Timestamp;
import io.packstone.pack.BlockOpener;
import io.packstone.pack.PackTable;
import io.packstone.pack.SamplePacks;
import io.packstone.parity.ParityRepair;
import io.packstone.parity.Sidecar;
import io.packstone.segment.RandomBytes;
import io.packstone.segment.SegmentReader;
import io.packstone.snapshot.Fidelity;
import io.packstone.snapshot.ForgetRecord;
import io.packstone.snapshot.JobRecord;
import io.packstone.snapshot.PruneMarker;
import io.packstone.snapshot.SnapshotFormat;
import io.packstone.snapshot.SnapshotNote;
import io.packstone.snapshot.SnapshotRecord;
import io.packstone.snapshot.SnapshotState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * docs/format.md and the classes that hold layouts name each other; the dumps in the page are the bytes that are committed,
 * and decode to what the page says. Nothing here encodes: a version that can't read these bytes is not to be released.
 */
class FormatDocTest {
    private static final Path PAGE = Path.of("docs/format.md");
    private static final Path RESOURCES = Path.of("store/src/test/resources/io/packstone");
    private static final Pattern NAMED = Pattern.compile("\\b[A-Z][A-Za-z]*Format\\b");
    private static final Pattern GOLDEN = Pattern.compile("(?m)^Golden bytes, `([a-z]+/[a-z-]+\\.hex)`:");
    private static final KeyRing KEYS = SamplePacks.keys();

    private interface Decoder {
        void decode(byte[] bytes) throws IOException;
    }

    private static final Map<String, Decoder> DECODERS = Map.ofEntries(
            Map.entry("crypto/sealed.hex", FormatDocTest::sealed),
            Map.entry("crypto/envelope.hex", FormatDocTest::envelope),
            Map.entry("format/config.hex", FormatDocTest::config),
            Map.entry("keyslot/key-file-slot.hex", FormatDocTest::keyFileSlot),
            Map.entry("keyslot/password-slot.hex", FormatDocTest::passwordSlot),
            Map.entry("keyslot/sheet-slot.hex", FormatDocTest::sheetSlot),
            Map.entry("pack/pack.hex", FormatDocTest::pack),
            Map.entry("segment/segment.hex", FormatDocTest::segment),
            Map.entry("parity/sidecar.hex", FormatDocTest::sidecar),
            Map.entry("manifest/leaf.hex", FormatDocTest::leaf),
            Map.entry("manifest/leaf-attributes.hex", FormatDocTest::leafWithAttributes),
            Map.entry("manifest/interior.hex", FormatDocTest::interior),
            Map.entry("manifest/recipe.hex", FormatDocTest::recipe),
            Map.entry("snapshot/record.hex", FormatDocTest::record),
            Map.entry("snapshot/record-of-another.hex", FormatDocTest::recordOfAnother),
            Map.entry("snapshot/record-lacking.hex", FormatDocTest::recordLacking),
            Map.entry("snapshot/state.hex", FormatDocTest::state),
            Map.entry("snapshot/job.hex", FormatDocTest::job),
            Map.entry("snapshot/forget.hex", FormatDocTest::forget),
            Map.entry("snapshot/note.hex", FormatDocTest::note),
            Map.entry("snapshot/marker.hex", FormatDocTest::marker),
            Map.entry("bundle/bundle.hex", FormatDocTest::bundle));

    @Test
    void everyFormatClassIsNamedInThePageAndTheOtherWayRound() throws IOException {
        Set<String> named = new TreeSet<>();
        Matcher name = NAMED.matcher(Checkout.text(PAGE));
        while (name.find()) {
            named.add(name.group());
        }
        Set<String> classes = Checkout.files().stream()
                .filter(file -> Checkout.isMain(file) && file.startsWith("store"))
                .map(file -> file.getFileName().toString())
                .filter(file -> file.endsWith("Format.java"))
                .map(file -> file.replace(".java", ""))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(
                classes,
                named,
                "left: classes *Format; right: those that docs/format.md names. Describe the structure, or mend the name");
    }

    @Test
    void everyStructureHasADumpInThePageThatIsItsCommittedBytes() throws IOException {
        Map<String, byte[]> dumps = dumps();
        Set<String> committed = Checkout.files().stream()
                .filter(file -> file.startsWith(RESOURCES) && file.toString().endsWith(".hex"))
                .map(file -> RESOURCES.relativize(file).toString())
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(committed, dumps.keySet(), "left: committed; right: in the page");
        assertEquals(committed, new TreeSet<>(DECODERS.keySet()), "left: committed; right: decoded here");
        for (String name : committed) {
            byte[] bytes = HexFormat.of()
                    .parseHex(Checkout.text(RESOURCES.resolve(name)).replaceAll("\\s", ""));
            assertArrayEquals(bytes, dumps.get(name), name);
        }
    }

    @Test
    void everyDumpOfThePageDecodesToWhatItSays() throws IOException {
        for (Map.Entry<String, byte[]> dump : dumps().entrySet()) {
            Decoder decoder = DECODERS.get(dump.getKey());
            assertNotNull(decoder, dump.getKey());
            decoder.decode(dump.getValue());
        }
    }

    /** The indented lines behind each heading; what stands four spaces or more to the right of the bytes is a remark. */
    private static Map<String, byte[]> dumps() throws IOException {
        String page = Checkout.text(PAGE);
        Map<String, byte[]> dumps = new TreeMap<>();
        Matcher golden = GOLDEN.matcher(page);
        while (golden.find()) {
            StringBuilder hex = new StringBuilder();
            List<String> lines = page.substring(golden.end())
                    .lines()
                    .dropWhile(line -> !line.startsWith("    "))
                    .takeWhile(line -> line.startsWith("    "))
                    .toList();
            for (String line : lines) {
                hex.append(line.strip().replaceAll(" {4,}.*", "").replace(" ", ""));
            }
            dumps.put(golden.group(1), HexFormat.of().parseHex(hex));
        }
        return dumps;
    }

    private static void sealed(byte[] bytes) throws IOException {
        byte[] associated = "packstone/1/golden".getBytes(StandardCharsets.US_ASCII);
        byte[] plain = new byte[(int) Sealer.plainLength(bytes.length)];
        new Sealer().open(SamplePacks.key(5), associated, bytes, 0, bytes.length, plain, 0, "a dump");
        assertEquals("Ceci n'est pas une pipe.", new String(plain, StandardCharsets.US_ASCII));
    }

    private static void envelope(byte[] bytes) throws IOException {
        ByteCursor cursor = new ByteCursor(bytes, 0, bytes.length, "a dump");
        Envelope envelope = Envelope.decode(cursor);
        cursor.expectEnd();
        assertEquals(Envelope.SYMMETRIC, envelope.kind());
        assertNotNull(KEYS.dataKey(envelope, "a dump"));
    }

    private static void config(byte[] bytes) throws IOException {
        RepositoryConfig config = ConfigFormat.verify(bytes, "config/1", SamplePacks.key(1));
        assertEquals(RepositoryConfig.first(SamplePacks.REPOSITORY, 65_536, "auto", false), config);
    }

    private static void keyFileSlot(byte[] bytes) throws IOException {
        RepositoryId repository = RepositoryId.parse("404142434445464748494a4b4c4d4e4f");
        Secret keyFile =
                KeyText.parse("packstone-key-1 4c9326bb9805fa8f85882c12eae724cef0c62e118427f5948aefa5c428c43c93");
        KeyRing keys = KeySlotFormat.tryOpen(bytes, "a dump", repository, keyFile);
        assertNotNull(keys);
        assertEquals(key("73d51abbd89cb8196f0efb6892f94d68fccc2c35f0b84609e5f12c55dd85aba8"), keys.root());
        assertEquals(key("39722cbbf8b91a4b9045c5e6175f1001eac32f7fcd5eccda5c6e62fc4e638508"), keys.gear());
    }

    private static void passwordSlot(byte[] bytes) throws IOException {
        opens(bytes, Secret.Password.of("correct horse \u00fc"));
        assertNull(KeySlotFormat.tryOpen(
                bytes, "a dump", SamplePacks.REPOSITORY, Secret.Password.of("correct horse u\u0308")));
    }

    private static void sheetSlot(byte[] bytes) throws IOException {
        opens(bytes, new Secret.RecoverySheet(SamplePacks.key(3)));
    }

    private static void opens(byte[] bytes, Secret secret) throws IOException {
        KeyRing keys = KeySlotFormat.tryOpen(bytes, "a dump", SamplePacks.REPOSITORY, secret);
        assertNotNull(keys);
        assertEquals(KEYS.root(), keys.root());
        assertEquals(KEYS.gear(), keys.gear());
    }

    private static SecretKey key(String hex) {
        return SecretKey.copyOf(HexFormat.of().parseHex(hex));
    }

    private static void pack(byte[] bytes) throws IOException {
        assertArrayEquals(filled(9), Arrays.copyOfRange(bytes, 32, 64));
        PackTable table = SamplePacks.readTable(bytes, "a dump");
        assertEquals(2, table.blockCount());
        assertEquals(3, table.rowCount());
        assertEquals(List.of(false, true, false), List.of(table.rowDead(0), table.rowDead(1), table.rowDead(2)));
        assertEquals(List.of(table.rowId(0), table.rowId(1)), List.of(table.rowRef(2, 0), table.rowRef(2, 1)));
        assertEquals(100, table.rowPayloadLength(0));
        try (BlockOpener opener = new BlockOpener(KEYS)) {
            byte[] speech = opener.open(table, 0, bytes, (int) table.blockOffset(0), "a dump");
            assertEquals(
                    "To be, or not to be, that is the question. ".repeat(8),
                    new String(speech, StandardCharsets.US_ASCII));
            byte[] node = opener.open(table, 1, bytes, (int) table.blockOffset(1), "a dump");
            assertArrayEquals(new byte[] {1, 2, 3}, node);
        }
    }

    private static void segment(byte[] bytes) throws IOException {
        SegmentReader reader = SegmentReader.open(RandomBytes.of(bytes), KEYS, "a dump");
        reader.verifyAll();
        assertEquals(2, reader.tableCount());
        assertEquals(6, reader.entryCount());
        assertEquals(1, reader.superseded().size());
        PackTable table = reader.run(0).table();
        for (int row = 0; row < table.rowCount(); row++) {
            assertEquals(table.rowDead(row), reader.find(table.rowId(row), ChunkType.DATA) == null, "row " + row);
        }
    }

    private static void sidecar(byte[] bytes) throws IOException {
        ObjectHash object = ObjectHash.parse("4e4c294b331f7a2099a379bec34b9f9fc03dc46ab465d998f4d683da53487e6d");
        Sidecar.verify(RandomBytes.of(bytes), object, SamplePacks.REPOSITORY, "a dump");
        ParityRepair repair = new ParityRepair(Sidecar.of(bytes, object, "a dump"));
        assertTrue(repair.solve());
        byte[] computed = new byte[1000];
        repair.patch(0, computed, 0, computed.length);
        for (int i = 0; i < computed.length; i++) {
            assertEquals(i % 251, computed[i] & 0xff, "byte " + i);
        }
    }

    private static ManifestReader reader(byte[] node) {
        return new ManifestReader((id, type) -> new StoredChunk(node, filled(0x11)));
    }

    private static void leaf(byte[] bytes) throws IOException {
        ManifestCursor cursor = reader(bytes).walk(ChunkId.of(filled(1)));
        ManifestEntry file = next(cursor);
        assertEquals("/f", file.path().toString());
        assertEquals(0644, file.metadata().mode());
        assertEquals("ada", file.metadata().owner().user());
        assertEquals(FileBody.of(0xdeadbeef, 0, new long[] {70_000}, filled(0x11)), file.body());
        ManifestEntry link = next(cursor);
        assertEquals("/d/l", link.path().toString());
        assertEquals(RawName.of("to"), link.metadata().linkTarget());
        assertEquals(3, link.metadata().linkCount());
        assertTrue(link.changedWhileRead());
        assertEquals(5, link.extensions().key(0));
        assertNull(cursor.next());
    }

    private static void leafWithAttributes(byte[] bytes) throws IOException {
        ManifestCursor cursor = reader(bytes).walk(ChunkId.of(filled(1)));
        ManifestEntry folder = next(cursor);
        assertEquals("/e", folder.path().toString());
        assertEquals(new Timestamp(99_999, 999_999_999), folder.metadata().born());
        assertEquals(0, folder.metadata().flags());
        ManifestEntry file = next(cursor);
        assertEquals("/f", file.path().toString());
        assertEquals(Holes.of(new long[] {0, 4096, 8192, 70_000}), file.holes());
        assertEquals(2, file.metadata().attributes().count());
        assertArrayEquals(new byte[0], file.metadata().attributes().value(RawName.of("user.empty")));
        assertEquals(0x50, file.metadata().flags());
        assertEquals(new Timestamp(-5, 1), file.metadata().born());
        assertNull(cursor.next());
    }

    private static ManifestEntry next(ManifestCursor cursor) throws IOException {
        ManifestEntry entry = cursor.next();
        assertNotNull(entry);
        return entry;
    }

    private static void interior(byte[] bytes) throws IOException {
        assertEquals(new Totals(300, 20, 3, 1L << 32, -1), reader(bytes).totals(ChunkId.of(filled(1))));
    }

    private static void recipe(byte[] bytes) throws IOException {
        byte[] refs = new byte[3 * ChunkId.LENGTH];
        FileBody body = FileBody.of(0, 1, new long[] {82_346}, filled(1));
        BodyReader reader = new BodyReader((id, type) -> new StoredChunk(bytes, refs), body);
        for (long length : new long[] {70_000, 12_345, 1}) {
            assertTrue(reader.next());
            assertEquals(length, reader.length());
        }
        assertEquals(false, reader.next());
    }

    private static void record(byte[] bytes) throws IOException {
        SnapshotRecord record = SnapshotFormat.decode(bytes, "a dump", KEYS);
        assertEquals(17, record.order());
        assertEquals(2, record.links().size());
        assertEquals(SnapshotRecord.DEGRADED, record.status());
        assertEquals(List.of(RawName.of("/etc"), RawName.takeOver(new byte[] {'/', (byte) 0x80})), record.paths());
        assertEquals(1, record.problems().size());
        assertEquals(List.of("tag"), record.tags());
    }

    private static void recordOfAnother(byte[] bytes) throws IOException {
        record(bytes);
        SnapshotRecord record = SnapshotFormat.decode(bytes, "a dump", KEYS);
        assertEquals(new SnapshotRecord.Origin(SnapshotId.of(filled(8)), 17), record.origin());
    }

    private static void recordLacking(byte[] bytes) throws IOException {
        record(bytes);
        SnapshotRecord record = SnapshotFormat.decode(bytes, "a dump", KEYS);
        assertNull(record.origin());
        Fidelity fidelity = record.fidelity();
        assertNotNull(fidelity);
        assertEquals(
                List.of(
                        new Fidelity.Lack("attributes", 3, RawName.of("/etc/shadow")),
                        new Fidelity.Lack("trusted", 0, RawName.EMPTY)),
                fidelity.lacks());
    }

    private static void state(byte[] bytes) throws IOException {
        SnapshotId id = SnapshotId.of(filled(5));
        assertEquals(SnapshotState.CONFIRMED, SnapshotState.decode(bytes, "a dump", KEYS, id));
    }

    private static void job(byte[] bytes) throws IOException {
        assertEquals("snapshot", JobRecord.decode(bytes, "a dump", KEYS).kind());
    }

    private static void forget(byte[] bytes) throws IOException {
        SnapshotId id = SnapshotId.of(filled(5));
        ForgetRecord expected = new ForgetRecord(id, List.of(SnapshotId.of(filled(6))));
        assertEquals(expected, ForgetRecord.decode(bytes, "a dump", KEYS, id));
    }

    private static void note(byte[] bytes) throws IOException {
        SnapshotNote note = SnapshotNote.decode(bytes, "a dump", KEYS, SnapshotId.of(filled(5)));
        assertEquals(SnapshotNote.Pin.PROTECTED, note.pin());
        assertEquals(2, note.added().size());
        assertEquals(1, note.removed().size());
    }

    private static void marker(byte[] bytes) throws IOException {
        PruneMarker marker = PruneMarker.decode(bytes, "a dump", KEYS, PruneId.of(filled(7)));
        assertEquals(PruneMarker.Sort.EXEC, marker.sort());
        assertEquals(JobId.of(filled(9)), marker.job());
        assertEquals(List.of(PackId.of(filled(2)), PackId.of(filled(3))), marker.packs());
    }

    private static void bundle(byte[] bytes) throws IOException {
        BundleSamples.Contents bundle = BundleSamples.read(bytes);
        assertEquals(BundleKind.DIFFERENTIAL, bundle.front().kind());
        assertEquals(List.of("tag", "other"), bundle.front().snapshot().record().tags());
        assertEquals(
                new SnapshotRecord.Origin(SnapshotId.of(filled(8)), 17),
                bundle.front().snapshot().record().origin());
        assertNotNull(bundle.front().base());
        PackTable table = bundle.tables().get(0);
        assertEquals(List.of(false, true, false), List.of(table.rowDead(0), table.rowDead(1), table.rowDead(2)));
        try (BlockOpener opener = new BlockOpener(KEYS)) {
            byte[] speech = opener.open(table, 0, bundle.blocks().get(0), 0, "a dump");
            assertTrue(new String(speech, StandardCharsets.US_ASCII).startsWith("To be, or not to be"));
            assertArrayEquals(
                    new byte[] {1, 2, 3}, opener.open(table, 1, bundle.blocks().get(1), 0, "a dump"));
        }
        assertEquals(bytes.length, bundle.length());
    }

    private static byte[] filled(int value) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
