package io.packstone.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.browse.Comparison;
import io.packstone.browse.FileOutput;
import io.packstone.browse.Finder;
import io.packstone.browse.Listing;
import io.packstone.browse.TarOutput;
import io.packstone.error.StoreException;
import io.packstone.id.ChunkId;
import io.packstone.manifest.ManifestEntry;
import io.packstone.metadata.FileType;
import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.repository.StoredSnapshot;
import io.packstone.restore.WickedManifest.Line;
import io.packstone.source.rules.GlobFilter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Whoever has the right key can write any manifest. Restored onto any target, and browsed, none of them changes anything
 * beside the target, and what is wrong is named.
 */
class HostileManifestTest extends FixtureCase {
    private static final int LENGTH = 1000;

    private StoredSnapshot honest;
    private ChunkId chunk;
    private Canary canary;
    private int targets;

    @BeforeEach
    void makeHonestSnapshot() throws IOException {
        fixture.file("honest", LENGTH, 1);
        honest = fixture.snapshot();
        TreePath path = TreePath.parse(RestoreFixture.name(fixture.source.resolve("honest")));
        ManifestEntry entry =
                fixture.repository().manifests().find(honest.record().root(), path);
        assertNotNull(entry);
        chunk = entry.body().id(0);
        canary = new Canary(place.resolve("canary"), "a", "b", "d", "file");
    }

    private Line file(String name) {
        return Line.file(name, chunk, LENGTH);
    }

    private Line file(byte[] name) {
        return Line.file(name, chunk, LENGTH);
    }

    private StoredSnapshot commit(WickedManifest manifest) throws IOException {
        return manifest.commit(fixture.repository(), honest.record(), List.of(RawName.of("/")));
    }

    private static WickedManifest wicked() {
        return new WickedManifest();
    }

    /** A node that the reader must refuse as a whole, and say which. */
    private Map<String, WickedManifest> refused() {
        Map<String, WickedManifest> all = new LinkedHashMap<>();
        String outside = canary.folder.toString();
        for (String name : List.of("..", ".", "", "../canary", "d/..", "/", outside, "a/b")) {
            all.put("a file named '" + name + "'", wicked().in("d", file(name)));
            all.put("a folder named '" + name + "'", wicked().in("d", Line.folder(name)));
        }
        all.put("a NUL in a name", wicked().in("d", file(new byte[] {'a', 0, 'b'})));
        for (String directory : List.of("..", "../canary", "d/../../canary", ".", "d//e", "/d", outside, "d/")) {
            all.put("a directory '" + directory + "'", wicked().in(directory, file("file")));
        }
        all.put("a NUL in a directory", wicked().in(new byte[] {'d', 0}, file("file")));
        all.put("a file at the root", wicked().in("", file("")));
        all.put("one name twice", wicked().in("d", file("a"), file("a")));
        all.put("a file and a link of one name", wicked().in("d", file("a"), Line.link("a", outside)));
        all.put("names out of order", wicked().in("d", file("b"), file("a")));
        all.put("directories out of order", wicked().in("d", file("a")).in("b", file("a")));
        all.put("one directory twice", wicked().in("d", file("a")).in("d", file("b")));
        all.put("a folder with a body", wicked().in("", file("d").withType(FileType.DIRECTORY)));
        all.put("a link with a body", wicked().in("", file("d").withType(FileType.SYMLINK)));
        all.put("a pipe with a body", wicked().in("", file("d").withType(FileType.FIFO)));
        all.put("a folder with names", wicked().in("", Line.folder("d").withNames(3)));
        all.put(
                "a file that is a link as well",
                wicked().in("", Line.link("d", outside).withType(FileType.FILE)));
        all.put("a link of 70,000 bytes", wicked().in("", Line.link("d", "x".repeat(70_000))));
        all.put("a name of 70,000 bytes", wicked().in("", file("x".repeat(70_000))));
        all.put("a million levels", wicked().in("x/".repeat(999_999) + "x", file("a")));
        for (long length : new long[] {-1, 0, (16 << 20) + 1, Integer.MAX_VALUE, Long.MAX_VALUE}) {
            all.put("a chunk of " + length, wicked().in("", Line.file("file", chunk, length)));
        }
        return all;
    }

    @Test
    void whatNoFileSystemCanHaveIsRefusedByName() throws IOException {
        for (Map.Entry<String, WickedManifest> each : refused().entrySet()) {
            String what = each.getKey();
            StoredSnapshot snapshot = commit(each.getValue());
            String node = snapshot.record().root().toShortHex();
            Path target = filledTarget();
            RestoreReport report = restore(snapshot, target, targets % 2 == 0);
            assertTrue(report.damaged(), what);
            assertEquals(0, report.filesRestored(), what);
            assertEquals(0, report.filesDeleted(), what);
            assertTrue(report.problems().get(0).contains(node), () -> what + ": " + report.problems());
            assertTrue(Files.exists(target.resolve("file")), what);
            assertEquals(5, browse(snapshot), what);
            canary.assertUntouched(what);
        }
    }

    /** Nothing that is wrong by itself, but much that an unwary restore would fall for. */
    private Map<String, WickedManifest> wily() {
        Map<String, WickedManifest> all = new LinkedHashMap<>();
        for (String to : List.of(canary.folder.toString(), "../canary", "..", "/", ".", "d", "d/../../canary")) {
            all.put(
                    "entries below a link to " + to,
                    wicked().in("", Line.link("d", to))
                            .in("d", file("a"), file("file"), Line.folder("b"))
                            .in("d/b", file("a"), file("b")));
        }
        all.put("a link to itself", wicked().in("", Line.link("d", "d")).in("d", file("a")));
        all.put(
                "links in a ring",
                wicked().in("", Line.link("a", "b"), Line.link("b", "d"), Line.link("d", "a"))
                        .in("a", file("a"))
                        .in("d", file("a")));
        Line[] chain = new Line[60];
        for (int i = 0; i < chain.length; i++) {
            chain[i] = Line.link(String.format("l%02d", i), i == 0 ? "../canary" : String.format("l%02d", i - 1));
        }
        all.put("a chain of links", wicked().in("", chain).in("l59", file("secret"), file("a")));
        all.put(
                "a file that claims to be another's name",
                wicked().in(
                                "",
                                Line.link("a", "../canary/secret").withNames(3),
                                file("b").withNames(3))
                        .in("d", file("a").withNames(3), file("secret").withNames(3)));
        all.put(
                "names of a link",
                wicked().in(
                                "",
                                Line.link("a", "../canary").withNames(3),
                                Line.link("b", "../canary").withNames(3),
                                Line.link("d", "../canary").withNames(3))
                        .in("b", file("a"), file("file"))
                        .in("d", file("secret")));
        all.put(
                "more names than it says",
                wicked().in(
                                "",
                                file("a").withNames(2),
                                file("b").withNames(2),
                                file("d").withNames(2),
                                file("file").withNames(2)));
        all.put("a file with entries below", wicked().in("", file("d")).in("d", file("a"), file("file")));
        namesAndChunks(all);
        return all;
    }

    private void namesAndChunks(Map<String, WickedManifest> all) {
        all.put("a backslash", wicked().in("", file("..\\canary\\secret"), file("C:\\x"), Line.folder("..\\")));
        all.put("case twins", wicked().in("", file("Twin"), file("twin")).in("TWIN", file("a")));
        all.put(
                "twins of normal forms",
                wicked().in("", file("e\u0301"), Line.link("\u00e9", "../canary"))
                        .in("\u00e9", file("a")));
        all.put(
                "the mark and a piece",
                wicked().in(
                                "",
                                Line.link(".packstone-restore", "../canary/secret"),
                                Line.link(".packstone-restore-0000000000000000", "../canary/secret")));
        all.put("the mark as a folder", wicked().in(".packstone-restore", file("a")));
        all.put("a chunk that is shorter", wicked().in("", Line.file("file", chunk, LENGTH - 1)));
        all.put("a chunk that is longer", wicked().in("", Line.file("file", chunk, 16 << 20)));
        all.put(
                "a folder as a chunk",
                wicked().in("", Line.file("file", honest.record().root(), 500)));
        all.put("names that say nothing", wicked().in("", file(new byte[] {(byte) 0xff}), file(new byte[] {10, 27})));
        all.put(
                "a name that is too long",
                wicked().in("", file("x".repeat(300))).in("y".repeat(300), file("a")));
    }

    @Test
    void whatIsWilyStaysInTheTarget() throws IOException {
        int partial = 0;
        for (Map.Entry<String, WickedManifest> each : wily().entrySet()) {
            String what = each.getKey();
            StoredSnapshot snapshot = commit(each.getValue());
            for (Path target : List.of(place.resolve("fresh" + targets++), filledTarget(), linkedTarget())) {
                for (boolean delete : new boolean[] {false, true}) {
                    RestoreReport report = restore(snapshot, target, delete);
                    partial += report.errors() > 0 ? 1 : 0;
                    assertEquals(report.errors() == 0, report.problems().isEmpty(), what);
                    canary.assertUntouched(what + " to " + target + (delete ? " with deletion" : ""));
                }
            }
            browse(snapshot);
            canary.assertUntouched(what);
        }
        assertTrue(partial > 10, partial + " restores were told to be partial");
    }

    @Test
    void aTargetThatIsALinkIsFollowedAndNoneBelowIt() throws IOException {
        StoredSnapshot snapshot = commit(wicked().in("", Line.link("d", "../canary"), file("honest"))
                .in("d", file("a"))
                .in("d/b", file("a")));
        Path real = Files.createDirectory(place.resolve("real"));
        Path link = Files.createSymbolicLink(place.resolve("link"), real);
        RestoreReport report = restore(snapshot, link, true);
        assertTrue(
                report.problems().get(0).startsWith("/d: "), report.problems().toString());
        assertEquals(3, report.filesRestored());
        assertEquals(0, report.filesDeleted());
        assertTrue(Files.isRegularFile(real.resolve("d/b/a")));
        canary.assertUntouched("through a link");
    }

    @Test
    void whatIsBelowALinkTakesItsPlaceOrIsLeftOut() throws IOException {
        StoredSnapshot snapshot =
                commit(wicked().in("", Line.link("d", "../canary")).in("d", file("new")));
        Path target = place.resolve("fresh");
        restore(snapshot, target, false);
        assertFalse(Files.exists(canary.folder.resolve("new")));
        assertTrue(
                Files.isSymbolicLink(target.resolve("d")) || Files.isRegularFile(target.resolve("d/new")),
                "neither of the two is there");
    }

    private Path filledTarget() throws IOException {
        Path target = Files.createDirectory(place.resolve("filled" + targets++));
        for (String name : List.of("a", "b", "d")) {
            RestoreFixture.file(target.resolve(name).resolve("file"), new byte[10]);
        }
        RestoreFixture.file(target.resolve("file"), new byte[10]);
        return target;
    }

    /** Whose names are links to the canary. */
    private Path linkedTarget() throws IOException {
        Path target = Files.createDirectory(place.resolve("linked" + targets++));
        for (String name : List.of("a", "b", "d", "l59", "TWIN")) {
            Files.createSymbolicLink(target.resolve(name), canary.folder);
        }
        Files.createSymbolicLink(target.resolve("file"), canary.folder.resolve("secret"));
        Files.createSymbolicLink(target.resolve("honest"), canary.folder.resolve("secret"));
        Files.createSymbolicLink(
                target.resolve(".packstone-restore-0000000000000000"), canary.folder.resolve("secret"));
        return target;
    }

    private RestoreReport restore(StoredSnapshot snapshot, Path target, boolean delete) throws IOException {
        return fixture.restore(
                snapshot,
                options -> new RestoreOptions(
                        TreePath.ROOT,
                        RestoreFixture.name(target),
                        options.includes(),
                        options.excludes(),
                        delete,
                        false,
                        true,
                        Overwrite.IF_CHANGED,
                        options.policy()));
    }

    private interface Deed {
        void run() throws IOException;
    }

    /** Lists, finds, compares, prints and dumps; how many of five failed, each of which said why. */
    private int browse(StoredSnapshot snapshot) throws IOException {
        List<TreePath> files = new ArrayList<>(List.of(TreePath.parse(RawName.of("/d/a"))));
        OutputStream nowhere = OutputStream.nullOutputStream();
        List<Deed> deeds = List.of(
                () -> new Listing(fixture.repository())
                        .list(snapshot, TreePath.ROOT, true, entry -> files.add(entry.path())),
                () -> new Finder(fixture.repository())
                        .find(GlobFilter.NONE, List.of(snapshot), (where, entry) -> files.add(entry.path())),
                () -> new Comparison(fixture.repository()).diff(honest, snapshot, (path, change) -> files.add(path)),
                () -> new TarOutput(fixture.repository(), nowhere).write(snapshot, TreePath.ROOT, problem -> {}),
                () -> new FileOutput(fixture.repository()).write(snapshot, files.get(files.size() - 1), nowhere));
        int failures = 0;
        for (Deed deed : deeds) {
            try {
                deed.run();
            } catch (StoreException e) {
                failures++;
                assertTrue(String.valueOf(e.getMessage()).length() > 10, e.toString());
            }
        }
        for (TreePath path : files) {
            assertFalse(Arrays.asList(path.asDirectory().toText().split("/")).contains(".."), path.toString());
        }
        return failures;
    }

    /** The tar file itself leads nowhere either: what unpacks it stays where it is. */
    @Test
    void aDumpUnpacksInItsPlace() throws Exception {
        for (Map.Entry<String, WickedManifest> each : wily().entrySet()) {
            StoredSnapshot snapshot = commit(each.getValue());
            Path tar = place.resolve("dump.tar");
            try (OutputStream output = Files.newOutputStream(tar)) {
                new TarOutput(fixture.repository(), output).write(snapshot, TreePath.ROOT, problem -> {});
            } catch (StoreException e) {
                continue;
            }
            Path target = Files.createDirectory(place.resolve("unpacked" + targets++));
            new ProcessBuilder("tar", "-xf", tar.toString(), "-C", target.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
            canary.assertUntouched(each.getKey());
        }
    }
}
