package io.packstone.manifest;

import static io.packstone.manifest.TestEntries.all;
import static io.packstone.manifest.TestEntries.build;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import io.packstone.bytes.ByteSink;
import io.packstone.error.CorruptionException;
import io.packstone.error.StoreException;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.manifest.ChunkSource.StoredChunk;
import io.packstone.metadata.ExtendedAttributes;
import io.packstone.metadata.FileMetadata;
import io.packstone.metadata.FileType;
import io.packstone.metadata.Fingerprint;
import io.packstone.metadata.Holes;
import io.packstone.metadata.Owner;
import io.packstone.metadata.RawName;
import io.packstone.metadata.Timestamp;
import io.packstone.metadata.TreePath;
import io.packstone.pack.SamplePacks;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeFormatTest {
    private static final ChunkId REF = ChunkId.of(new byte[32]);
    private static final ChunkId OTHER = ChunkId.parse("11".repeat(32));

    private final MemoryChunks chunks = new MemoryChunks();
    private final ManifestReader reader = new ManifestReader(chunks);

    private static ManifestEntry plain(String path, FileBody body) {
        FileMetadata metadata = new FileMetadata(
                FileType.FILE,
                0644,
                new Owner(1000, "ada", 100, "users"),
                new Timestamp(1_700_000_000, 5),
                body.plainLength(),
                new Fingerprint(99, 66, new Timestamp(-2, 999_999_999)),
                1,
                0,
                0,
                RawName.EMPTY);
        return new ManifestEntry(TreePath.parse(RawName.of(path)), metadata, body, false);
    }

    /** Equal entries must make equal nodes in every version, or snapshots of two versions share nothing. */
    @Test
    void goldenLeaf() throws IOException {
        FileBody body = FileBody.of(0xdeadbeef, 0, new long[] {70_000}, OTHER.toBytes());
        FileMetadata link = new FileMetadata(
                FileType.SYMLINK,
                0777,
                new Owner(0, "", -2, "\u00e9"),
                new Timestamp(0, 0),
                0,
                new Fingerprint(-1, 1, Timestamp.EPOCH),
                3,
                0,
                0,
                RawName.of("to"));
        ManifestEntry.Extensions unknown = ManifestEntry.Extensions.of(Map.of(5, new byte[] {(byte) 0x81, 7}));
        ManifestRoot root = build(
                chunks,
                List.of(
                        plain("f", body),
                        new ManifestEntry(
                                TreePath.parse(RawName.of("d/l")), link, FileBody.EMPTY, true, Holes.NONE, unknown)));
        assertArrayEquals(
                SamplePacks.golden(NodeFormatTest.class, "leaf.hex"),
                chunks.peek(root.id()).payload());
        assertArrayEquals(OTHER.toBytes(), chunks.peek(root.id()).refs());
    }

    /** A file with holes, attributes, flags and a time of birth before and after its change time. */
    @Test
    void goldenLeafWithAttributes() throws IOException {
        FileBody body = FileBody.of(0xdeadbeef, 0, new long[] {70_000}, OTHER.toBytes());
        Holes holes = Holes.of(new long[] {0, 4096, 8192, 70_000});
        ManifestEntry file = plain("f", body);
        ManifestEntry full = new ManifestEntry(
                file.path(),
                full(file.metadata(), 0x50, new Timestamp(-5, 1)),
                body,
                false,
                holes,
                ManifestEntry.Extensions.NONE);
        FileMetadata folder = TestEntries.metadata(FileType.DIRECTORY, 1, 1, 0);
        ManifestRoot root = build(
                chunks,
                List.of(
                        ManifestEntry.plain(
                                TreePath.parse(RawName.of("e")), full(folder, 0, new Timestamp(99_999, 999_999_999))),
                        full));
        assertArrayEquals(
                SamplePacks.golden(NodeFormatTest.class, "leaf-attributes.hex"),
                chunks.peek(root.id()).payload());
        assertEquals(full, all(reader.walk(root.id())).get(1));
    }

    private static FileMetadata full(FileMetadata plain, int flags, Timestamp born) {
        ExtendedAttributes attributes = ExtendedAttributes.of(Map.of(
                RawName.of("user.empty"),
                new byte[0],
                RawName.takeOver(new byte[] {'u', 's', 'e', 'r', '.', (byte) 0xff}),
                new byte[] {0, (byte) 0xff}));
        return new FileMetadata(
                plain.type(),
                plain.mode(),
                plain.owner(),
                plain.modified(),
                plain.size(),
                plain.fingerprint(),
                plain.linkCount(),
                plain.deviceMajor(),
                plain.deviceMinor(),
                plain.linkTarget(),
                attributes,
                flags,
                born);
    }

    @Test
    void goldenInterior() throws IOException {
        NodeWriter writer = new NodeWriter(chunks);
        TreePath path = TreePath.parse(RawName.of("a/b/c"));
        ManifestNode.Child child = new ManifestNode.Child(OTHER, path, new Totals(300, 20, 3, 1L << 32, -1));
        ManifestNode.Child node = writer.interior(2, List.of(child));
        assertArrayEquals(
                SamplePacks.golden(NodeFormatTest.class, "interior.hex"),
                chunks.peek(node.id()).payload());
        assertArrayEquals(OTHER.toBytes(), chunks.peek(node.id()).refs());
    }

    /** Another CBOR library reads what we write, and would have written the same. */
    @Test
    void agreesWithAnotherLibrary() throws IOException {
        ObjectMapper mapper = new ObjectMapper(new CBORFactory());
        Random random = new Random(1);
        List<ManifestEntry> entries = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            entries.add(plain(String.format("d%d/%05d", i / 700, i), TestEntries.body(random, i % 3)));
        }
        build(chunks, entries);
        List<String> names = new ArrayList<>();
        for (ChunkId id : chunks.puts) {
            byte[] payload = chunks.peek(id).payload();
            JsonNode node = mapper.readTree(payload);
            assertArrayEquals(payload, mapper.writeValueAsBytes(node));
            if (node.get(0).asInt() == 0) {
                for (JsonNode run : node.get(2)) {
                    for (JsonNode entry : run.get(1)) {
                        names.add(new String(run.get(0).binaryValue()) + "/"
                                + new String(entry.get(0).binaryValue()));
                    }
                }
            }
        }
        assertEquals(entries.stream().map(e -> e.path().asDirectory().toText()).toList(), names);
    }

    private ChunkId put(Consumer<Cbor.Sink> write, ChunkId... refs) {
        ByteSink sink = new ByteSink(100);
        write.accept(new Cbor.Sink(sink));
        return chunks.put(ChunkType.NODE, sink.toBytes(), refs);
    }

    private void refused(String why, Consumer<Cbor.Sink> write, ChunkId... refs) {
        ChunkId id = put(write, refs);
        assertThrows(StoreException.class, () -> all(reader.walk(id)), why);
        assertThrows(StoreException.class, () -> all(reader.reverse(id)), why);
    }

    private static void owners(Cbor.Sink cbor, int count) {
        cbor.array(3).integer(0).array(count);
        for (int i = 0; i < count; i++) {
            cbor.array(4).integer(i).text("u").integer(0).text("g");
        }
    }

    /** A directory entry with owner 0. */
    private static void directory(Cbor.Sink cbor, String name) {
        cbor.array(12).bytes(name.getBytes()).integer(1).integer(0755).integer(0);
        cbor.integer(0)
                .integer(0)
                .integer(0)
                .integer(0)
                .integer(0)
                .integer(0)
                .integer(0)
                .none();
    }

    private static void run(Cbor.Sink cbor, String directory, String... names) {
        cbor.array(2).bytes(directory.getBytes()).array(names.length);
        for (String name : names) {
            directory(cbor, name);
        }
    }

    private static Consumer<Cbor.Sink> leaf(String directory, String... names) {
        return cbor -> {
            owners(cbor, 1);
            cbor.array(1);
            run(cbor, directory, names);
        };
    }

    @Test
    void refusesLeavesThatLie() throws IOException {
        assertEquals(2, all(reader.walk(put(leaf("d", "a", "b")))).size());
        refused("descending", leaf("d", "b", "a"));
        refused("twice", leaf("d", "a", "a"));
        for (String name : List.of("", ".", "..", "a/b", "a\0")) {
            refused("name <" + name + ">", leaf("d", name));
        }
        for (String directory : List.of("/", "/a", "a/", "a//b", "..", "a/../b", "a\0b")) {
            refused("directory <" + directory + ">", leaf(directory, "n"));
        }
        refused("a reference too many", leaf("d", "a"), REF);
        refused("an empty run", leaf("d"));
        refused("an owner nobody has", cbor -> {
            owners(cbor, 2);
            cbor.array(1);
            run(cbor, "d", "a");
        });
        refused("no owner", cbor -> {
            owners(cbor, 0);
            cbor.array(1);
            run(cbor, "d", "a");
        });
        refused("directories descend", cbor -> {
            owners(cbor, 1);
            cbor.array(2);
            run(cbor, "b", "a");
            run(cbor, "a", "b");
        });
        refused("one directory twice", cbor -> {
            owners(cbor, 1);
            cbor.array(2);
            run(cbor, "b", "a");
            run(cbor, "b", "b");
        });
        refused("more than it says", leaf("d", "a").andThen(Cbor.Sink::none));
        refused("too many to allocate", cbor -> {
            owners(cbor, 1);
            cbor.array(1).array(2).bytes(new byte[0]).array(Integer.MAX_VALUE);
        });
        refused("nothing", cbor -> {});
        refused("a level that does not exist", cbor -> cbor.array(2).integer(17).array(0));
        refused("a negative level", cbor -> cbor.array(2).integer(-1).array(0));
        refused("no children", cbor -> cbor.array(2).integer(1).array(0));
    }

    /** One entry whose fields are given but for name, mode, owner and times. */
    private static Consumer<Cbor.Sink> entry(
            int type, Consumer<Cbor.Sink> body, Consumer<Cbor.Sink> optional, int parts) {
        return cbor -> {
            owners(cbor, 1);
            cbor.array(1).array(2).bytes(new byte[0]).array(1).array(parts);
            cbor.bytes(new byte[] {'n'})
                    .integer(type)
                    .integer(0)
                    .integer(0)
                    .integer(0)
                    .integer(0);
            cbor.integer(0).integer(0).integer(0).integer(0).integer(0);
            body.accept(cbor);
            optional.accept(cbor);
        };
    }

    private static Consumer<Cbor.Sink> body(int depth, long... lengths) {
        return cbor -> {
            cbor.array(3).integer(0).integer(depth).array(lengths.length);
            for (long length : lengths) {
                cbor.integer(length);
            }
        };
    }

    @Test
    void refusesEntriesThatLie() throws IOException {
        Consumer<Cbor.Sink> none = cbor -> {};
        assertEquals(
                1, all(reader.walk(put(entry(0, body(0, 9), none, 12), REF))).size());
        refused("a file without body", entry(0, Cbor.Sink::none, none, 12));
        refused("a directory with body", entry(1, body(0), none, 12));
        refused("no reference", entry(0, body(0, 9), none, 12));
        refused("two references", entry(0, body(0, 9), none, 12), REF, OTHER);
        refused("an empty chunk", entry(0, body(0, 0), none, 12), REF);
        refused("a negative length", entry(0, body(0, -9), none, 12), REF);
        refused("a chunk too long", entry(0, body(0, FileBody.MAX_CHUNK + 1), none, 12), REF);
        refused("a sum too large", entry(0, body(1, Long.MAX_VALUE, 1), none, 12), REF, OTHER);
        refused("too deep", entry(0, body(17, 9), none, 12), REF);
        refused("no such type", entry(7, Cbor.Sink::none, none, 12));
        refused("eleven parts", entry(1, none, none, 11));
        refused("a device without numbers", entry(4, Cbor.Sink::none, none, 12));
        refused("no optional field", entry(1, Cbor.Sink::none, cbor -> cbor.map(0), 13));
        refused(
                "a directory's target",
                entry(1, Cbor.Sink::none, c -> c.map(1).integer(1).bytes(new byte[1]), 13));
        refused(
                "an empty target",
                entry(2, Cbor.Sink::none, c -> c.map(1).integer(1).bytes(new byte[0]), 13));
        refused("one link", entry(2, Cbor.Sink::none, c -> c.map(1).integer(2).integer(1), 13));
        refused(
                "fields descend",
                entry(
                        2,
                        Cbor.Sink::none,
                        c -> c.map(2).integer(99).none().integer(98).none(),
                        13));
        refused(
                "a field twice",
                entry(
                        2,
                        Cbor.Sink::none,
                        c -> c.map(2).integer(99).none().integer(99).none(),
                        13));
        refused("unknown marks", entry(0, body(0), c -> c.map(1).integer(6).integer(3), 13));
        Consumer<Cbor.Sink> deep = cbor -> {
            cbor.map(1).integer(99);
            for (int i = 0; i < 100_000; i++) {
                cbor.array(1);
            }
            cbor.none();
        };
        refused("a value nested too deep", entry(1, Cbor.Sink::none, deep, 13));
    }

    private static Consumer<Cbor.Sink> attributes(Object... pairs) {
        return cbor -> {
            cbor.map(1).integer(4).array(pairs.length);
            for (Object each : pairs) {
                cbor.bytes(each instanceof byte[] value ? value : ((String) each).getBytes());
            }
        };
    }

    private static Consumer<Cbor.Sink> bounds(long... bounds) {
        return cbor -> {
            cbor.map(1).integer(7).array(bounds.length);
            for (long bound : bounds) {
                cbor.integer(bound);
            }
        };
    }

    @Test
    void refusesAttributesAndHolesThatLie() throws IOException {
        assertEquals(
                "[user.a, user.b]",
                all(reader.walk(put(entry(1, Cbor.Sink::none, attributes("user.a", "1", "user.b", ""), 13))))
                        .get(0)
                        .metadata()
                        .attributes()
                        .toString());
        List<Consumer<Cbor.Sink>> lies = new ArrayList<>(List.of(
                attributes(),
                attributes("a"),
                attributes("b", "", "a", ""),
                attributes("a", "", "a", ""),
                attributes("", ""),
                attributes("a\0", ""),
                attributes("n".repeat(256), ""),
                attributes("a", new byte[65_537]),
                cbor -> cbor.map(1).integer(8).integer(0),
                cbor -> cbor.map(1).integer(8).integer(1),
                cbor -> cbor.map(1).integer(8).integer(0x80),
                cbor -> cbor.map(1).integer(9).integer((1L << 62) + 1),
                cbor -> cbor.map(1).integer(9).none()));
        Object[] many = new Object[26];
        for (int i = 0; i < many.length; i += 2) {
            many[i] = "user." + (char) ('a' + i);
            many[i + 1] = new byte[65_536];
        }
        lies.add(attributes(many));
        for (int i = 0; i < lies.size(); i++) {
            refused("lie " + i, entry(1, Cbor.Sink::none, lies.get(i), 13));
        }
        assertEquals(
                2,
                all(reader.walk(put(entry(0, body(0, 9), bounds(0, 1, 1, 7), 13), REF)))
                        .get(0)
                        .holes()
                        .count());
        for (long[] wrong : new long[][] {{}, {0}, {0, 0}, {0, 1, 0, 1}, {0, 10}, {9, 1}, {-1, 2}, {0, 9, 1, 1}}) {
            refused(Arrays.toString(wrong), entry(0, body(0, 9), bounds(wrong), 13), REF);
        }
        refused("holes in a folder", entry(1, Cbor.Sink::none, bounds(0, 1), 13));
    }

    private static void child(Cbor.Sink cbor, String directory, String name, long entries) {
        cbor.array(7)
                .bytes(directory.getBytes())
                .bytes(name.getBytes())
                .integer(entries)
                .integer(0);
        cbor.integer(entries).integer(0).integer(0);
    }

    @Test
    void refusesParentsThatLie() throws IOException {
        ChunkId first = put(leaf("d", "a", "b"));
        ChunkId second = put(leaf("d", "c", "e"));
        Consumer<Cbor.Sink> two = cbor -> cbor.array(2).integer(1).array(2);
        Consumer<Cbor.Sink> right =
                two.andThen(cbor -> child(cbor, "d", "b", 2)).andThen(c -> child(c, "d", "e", 2));
        ChunkId honest = put(right, first, second);
        assertEquals(4, all(reader.walk(honest)).size());
        refused(
                "another last key",
                two.andThen(c -> child(c, "d", "b", 2)).andThen(c -> child(c, "d", "f", 2)),
                first,
                second);
        refused("overlap", two.andThen(c -> child(c, "d", "b", 2)).andThen(c -> child(c, "d", "b", 2)), first, first);
        refused("order", two.andThen(c -> child(c, "d", "e", 2)).andThen(c -> child(c, "d", "b", 2)), second, first);
        refused("totals", two.andThen(c -> child(c, "d", "b", 1)).andThen(c -> child(c, "d", "e", 2)), first, second);
        refused(
                "a level that does not descend",
                cbor -> {
                    cbor.array(2).integer(2).array(1);
                    child(cbor, "d", "b", 2);
                },
                first);
        ChunkId low = put(leaf("d", "a", "x"));
        refused(
                "a key before the last of the node before",
                two.andThen(c -> child(c, "d", "b", 2)).andThen(c -> child(c, "d", "x", 2)),
                first,
                low);
        refused("too few references", right, first);
        refused(
                "an empty leaf below",
                cbor -> {
                    cbor.array(2).integer(1).array(1);
                    child(cbor, "d", "b", 1);
                },
                put(cbor -> cbor.array(3).integer(0).array(0).array(0)));
        ChunkId empty = put(cbor -> cbor.array(3).integer(0).array(0).array(0));
        ChunkId lying = put(right, first, low);
        ManifestDiff diff = new ManifestDiff(chunks);
        assertThrows(CorruptionException.class, () -> diff.diff(empty, lying, (a, b) -> {}));
        assertThrows(CorruptionException.class, () -> diff.diff(honest, lying, (a, b) -> {}));
    }

    @Test
    void refusesLongFormsAndIndefiniteLengths() {
        for (String hex : List.of("8318008080", "9f008080ff", "83009fff80", "8300809b00", "83008080ff", "8300", "f6")) {
            ChunkId id = chunks.put(ChunkType.NODE, HexFormat.of().parseHex(hex));
            assertThrows(StoreException.class, () -> reader.totals(id), hex);
        }
    }

    /** Damage is always named as such, whatever it is: no other exception, no endless work. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void anyDamageIsNamed(long seed) throws IOException {
        Random random = new Random(seed);
        build(chunks, TestEntries.random(seed, 200).values());
        ChunkId sample = chunks.puts.get(random.nextInt(chunks.puts.size()));
        StoredChunk chunk = chunks.peek(sample);
        int refused = 0;
        for (int i = 0; i < 5000; i++) {
            byte[] payload = Arrays.copyOf(
                    chunk.payload(), random.nextInt(10) == 0 ? random.nextInt(100) : chunk.payload().length);
            for (int flips = random.nextInt(1, 4); flips > 0 && payload.length > 0; flips--) {
                payload[random.nextInt(payload.length)] = (byte) random.nextInt();
            }
            StoredChunk damaged = new StoredChunk(payload, chunk.refs());
            try {
                NodeReader.root((id, type) -> damaged, sample);
            } catch (StoreException e) {
                refused++;
            }
        }
        int count = refused;
        assertTrue(count > 1000, () -> "only " + count + " refused");
    }
}
