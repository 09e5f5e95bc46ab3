package io.packstone.restore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.packstone.manifest.ManifestEntry;
import io.packstone.metadata.ExtendedAttributes;
import io.packstone.metadata.FileFlags;
import io.packstone.metadata.RawName;
import io.packstone.metadata.Timestamp;
import io.packstone.metadata.TreePath;
import io.packstone.posix.DirectoryHandle;
import io.packstone.posix.FileHandle;
import io.packstone.posix.FileStatus;
import io.packstone.posix.Posix;
import io.packstone.repository.StoredSnapshot;
import io.packstone.restore.disk.Policy;
import io.packstone.restore.disk.Policy.Rule;
import io.packstone.snapshot.Fidelity;
import io.packstone.testkit.Abilities;
import io.packstone.testkit.AsOrdinaryUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Attributes, lists, flags and times: what is set, in which order, what is told of the rest, and what is left alone. */
class AttributesTest extends FixtureCase {
    private static final RawName USER = RawName.of("user.note");
    private static final RawName ACCESS = RawName.of("system.posix_acl_access");
    private static final RawName DEFAULT = RawName.of("system.posix_acl_default");
    private static final RawName CAPABILITY = RawName.of("security.capability");
    private static final byte[] LIST = Abilities.acl(6, 1234, 4, 4, 6, 0);

    private interface Use<T> {
        T of(DirectoryHandle folder, RawName name) throws IOException;
    }

    private static <T> T at(Path path, Use<T> use) throws IOException {
        try (DirectoryHandle folder = new Posix().openRoot(RestoreFixture.name(path.getParent()))) {
            return use.of(folder, RawName.of(path.getFileName().toString()));
        }
    }

    private static void set(Path path, RawName attribute, byte[] value) throws IOException {
        at(path, (folder, name) -> {
            folder.attributes(name).set(attribute, value);
            return 0;
        });
    }

    private static byte[] get(Path path, RawName attribute) throws IOException {
        return at(path, (folder, name) -> folder.attributes(name).get(attribute));
    }

    private static void flags(Path path, int taken, int given) throws IOException {
        at(path, (folder, name) -> {
            try (FileHandle file = folder.openFile(name)) {
                file.changeFlags(taken, given);
            }
            return 0;
        });
    }

    private static FileStatus stat(Path path) throws IOException {
        return at(path, DirectoryHandle::stat);
    }

    private ManifestEntry entry(StoredSnapshot snapshot, Path path) throws IOException {
        ManifestEntry entry = fixture.repository()
                .manifests()
                .find(snapshot.record().root(), TreePath.parse(RestoreFixture.name(path)));
        assertNotNull(entry);
        return entry;
    }

    private Abilities abilities() throws IOException {
        return Abilities.in(place);
    }

    private static List<String> kinds(RestoreReport report) {
        return report.notSet().stream()
                .map(each -> each.kind() + " " + each.count())
                .toList();
    }

    @Test
    void attributesOfFilesFoldersAndLinksComeBack() throws IOException {
        assumeTrue(abilities().user() && abilities().acl(), "needs user attributes and lists in " + place);
        Path file = fixture.file("d/file", 1000, 1);
        Path folder = fixture.source.resolve("d");
        set(file, USER, "value".getBytes());
        set(file, RawName.takeOver(new byte[] {'u', 's', 'e', 'r', '.', (byte) 0xff, '\n'}), new byte[0]);
        set(file, ACCESS, LIST);
        set(folder, DEFAULT, LIST);
        set(folder, USER, new byte[] {0, 1});
        Files.createSymbolicLink(fixture.source.resolve("link"), Path.of("nowhere"));
        boolean trusted = abilities().trusted();
        if (trusted) {
            set(fixture.source.resolve("link"), RawName.of("trusted.link"), new byte[] {7});
            set(file, CAPABILITY, Abilities.capability(1 << 10));
        }
        StoredSnapshot snapshot = fixture.snapshot();
        assertEquals(
                trusted ? 4 : 3, entry(snapshot, file).metadata().attributes().count());
        for (int round = 0; round < 2; round++) {
            RestoreReport report = fixture.restore(snapshot);
            assertEquals(0, report.errors(), report.problems().toString());
            Path back = fixture.target.resolve("d/file");
            assertArrayEquals("value".getBytes(), get(back, USER));
            assertArrayEquals(LIST, get(back, ACCESS));
            assertArrayEquals(LIST, get(fixture.target.resolve("d"), DEFAULT));
            assertArrayEquals(new byte[] {0, 1}, get(fixture.target.resolve("d"), USER));
            if (trusted) {
                assertArrayEquals(new byte[] {7}, get(fixture.target.resolve("link"), RawName.of("trusted.link")));
                assertArrayEquals(Abilities.capability(1 << 10), get(back, CAPABILITY));
            }
            assertEquals(List.of(), RestoreFixture.differences(fixture.source, fixture.target));
        }
    }

    @Test
    void onlyWhatDiffersIsSetInPlaceAndWhatIsTooMuchGoes() throws IOException {
        assumeTrue(abilities().user() && abilities().acl(), "needs user attributes and lists in " + place);
        Path file = fixture.file("file", 1000, 1);
        set(file, USER, new byte[] {1});
        StoredSnapshot snapshot = fixture.snapshot();
        fixture.restore(snapshot);
        Path back = fixture.target.resolve("file");
        long inode = stat(back).inode();
        set(back, USER, new byte[] {2});
        set(back, RawName.of("user.other"), new byte[] {2});
        set(back, ACCESS, LIST);
        RestoreReport report = fixture.restore(snapshot);
        assertEquals(1, report.filesUnchanged());
        assertEquals(0, report.bytesWritten());
        assertEquals(inode, stat(back).inode());
        assertArrayEquals(new byte[] {1}, get(back, USER));
        assertNull(get(back, RawName.of("user.other")));
        assertNull(get(back, ACCESS));
        assertEquals(stat(file).mode(), stat(back).mode());
    }

    @Test
    void aListThatATargetHandsDownIsNotKept() throws IOException {
        assumeTrue(abilities().acl(), "needs access control lists in " + place);
        fixture.file("d/file", 1000, 1);
        Files.createDirectory(fixture.target);
        set(fixture.target, DEFAULT, LIST);
        RestoreReport report = fixture.restore(fixture.snapshot(), options -> options.withPath(TreePath.ROOT));
        assertEquals(0, report.errors(), report.problems().toString());
        Path back =
                fixture.target.resolve(fixture.source.toString().substring(1)).resolve("d");
        assertNull(get(back, DEFAULT));
        assertNull(get(back, ACCESS));
        assertNull(get(back.resolve("file"), ACCESS));
    }

    @Test
    void anAttributeThatChangesIsSeenAndOneThatDoesNotIsNotAskedFor() throws Exception {
        assumeTrue(abilities().user(), "needs user attributes in " + place);
        Path file = fixture.file("file", 1000, 1);
        Path folder = Files.createDirectory(fixture.source.resolve("folder"));
        set(file, USER, new byte[] {1});
        set(folder, USER, new byte[] {1});
        fixture.snapshot();
        Thread.sleep(2100); // What was changed right before a snapshot is looked at again by the next.
        StoredSnapshot first = fixture.snapshot();
        StoredSnapshot second = fixture.snapshot();
        set(file, USER, new byte[] {2});
        set(folder, USER, new byte[] {2});
        StoredSnapshot third = fixture.snapshot();
        for (Path path : List.of(file, folder)) {
            ExtendedAttributes before = entry(second, path).metadata().attributes();
            assertEquals(entry(first, path).metadata().attributes(), before);
            assertArrayEquals(new byte[] {1}, before.value(USER));
            assertArrayEquals(
                    new byte[] {2}, entry(third, path).metadata().attributes().value(USER));
        }
        assertFalse(entry(second, file).looksLike(entry(third, file)));
    }

    @Test
    void flagsComeLastAndAreTakenAwayWhereTheyStandInTheWay() throws IOException {
        assumeTrue(abilities().locking(), "needs the flag immutable in " + place);
        Path file = fixture.file("d/file", 1000, 1);
        Path log = fixture.file("d/log", 1000, 2);
        Path linked = fixture.file("linked", 1000, 3);
        Files.createLink(fixture.source.resolve("d/linked-too"), linked);
        fixture.file("plain", 10, 4);
        List<Path> flagged = List.of(file, linked, fixture.source.resolve("d"));
        List<Path> back = new ArrayList<>();
        try {
            flags(log, 0, FileFlags.APPEND_ONLY | FileFlags.NO_DUMP);
            for (Path path : flagged) {
                flags(path, 0, FileFlags.IMMUTABLE);
            }
            StoredSnapshot locked = fixture.snapshot();
            for (Path path : List.of(log, file, linked, fixture.source.resolve("d"))) {
                back.add(fixture.target.resolve(fixture.source.relativize(path)));
            }
            for (int round = 0; round < 3; round++) {
                RestoreReport report = fixture.restore(locked);
                assertEquals(0, report.errors(), report.problems().toString());
                assertEquals(
                        FileFlags.APPEND_ONLY | FileFlags.NO_DUMP,
                        stat(back.get(0)).flags());
                for (Path path : back.subList(1, back.size())) {
                    assertEquals(FileFlags.IMMUTABLE, stat(path).flags(), path.toString());
                }
                assertEquals(List.of(), RestoreFixture.differences(fixture.source, fixture.target));
                if (round == 1) {
                    flags(fixture.source.resolve("d"), FileFlags.ALL, 0);
                    flags(file, FileFlags.ALL, 0);
                    RestoreFixture.file(file, RestoreFixture.bytes(500, 9));
                    fixture.file("d/new", 10, 5);
                    flags(file, 0, FileFlags.IMMUTABLE);
                    flags(fixture.source.resolve("d"), 0, FileFlags.IMMUTABLE);
                    locked = fixture.snapshot();
                }
            }
        } finally {
            for (Path path : flagged) {
                flags(path, FileFlags.ALL, 0);
            }
            flags(log, FileFlags.ALL, 0);
            for (Path path : back) {
                flags(path, FileFlags.ALL, 0);
            }
        }
    }

    @Test
    void timesAreKeptFarFromNow() throws IOException {
        List<Timestamp> times = List.of(
                new Timestamp(-1, 999_999_999),
                new Timestamp(-2_000_000_000, 1),
                new Timestamp(1L << 31, 123_456_789),
                new Timestamp((1L << 32) + 5, 7),
                new Timestamp(9_000_000_000L, 999_999_999));
        for (int i = 0; i < times.size(); i++) {
            Timestamp time = times.get(i);
            Path file = fixture.file("file" + i, 10, i);
            at(file, (folder, name) -> {
                folder.setTimes(name, null, time);
                return 0;
            });
            assumeTrue(stat(file).modified().equals(time), "the file system of " + place + " has no time " + time);
        }
        StoredSnapshot snapshot = fixture.snapshot();
        assertEquals(0, fixture.restore(snapshot).errors());
        for (int i = 0; i < times.size(); i++) {
            assertEquals(times.get(i), stat(fixture.target.resolve("file" + i)).modified());
        }
        Timestamp born =
                entry(snapshot, fixture.source.resolve("file0")).metadata().born();
        assertEquals(stat(fixture.source.resolve("file0")).born(), born);
    }

    @Test
    void whatIsSkippedIsNeitherSetNorCounted() throws IOException {
        Abilities can = abilities();
        assumeTrue(can.root() && can.user() && can.acl(), "needs root, user attributes and lists in " + place);
        Path file = fixture.file("file", 1000, 1);
        set(file, USER, new byte[] {1});
        set(file, ACCESS, LIST);
        Files.setAttribute(file, "unix:uid", 4711);
        Files.setAttribute(file, "unix:mode", 0104755);
        StoredSnapshot snapshot = fixture.snapshot();
        Policy skip = new Policy(Rule.SKIP, Rule.SKIP, Rule.SKIP);
        RestoreReport report = fixture.restore(snapshot, options -> options.withPolicy(skip));
        Path back = fixture.target.resolve("file");
        assertEquals(0, report.errors());
        assertEquals(List.of(), report.notSet());
        assertNull(get(back, USER));
        assertNull(get(back, ACCESS));
        assertEquals(0, stat(back).uid());
        assertEquals(0755, stat(back).mode(), "a program runs as its owner only when that is the right one");
        assertEquals(
                1,
                fixture.restore(snapshot, options -> options.withPolicy(skip)).filesUnchanged());
        assertEquals(0, fixture.restore(snapshot).errors());
        assertEquals(List.of(), RestoreFixture.differences(fixture.source, fixture.target));
        assertArrayEquals(get(file, ACCESS), get(back, ACCESS));
    }

    /** Made by root, restored by nobody: what nobody may not set is counted once for each kind. */
    @Test
    void asAnOrdinaryUserTheRestIsCounted() throws Exception {
        Abilities can = abilities();
        assumeTrue(can.root() && can.user() && can.devices(), "needs root in " + place);
        for (int i = 0; i < 5; i++) {
            Path file = fixture.file("file" + i, 100, i);
            Files.setAttribute(file, "unix:uid", 4711);
            Files.setAttribute(file, "unix:mode", 0444);
            set(file, USER, new byte[] {1});
            set(file, CAPABILITY, Abilities.capability(1));
            set(file, RawName.of("trusted.x"), new byte[] {1});
        }
        at(fixture.source.resolve("null"), (folder, name) -> {
            folder.makeDevice(name, 0600, false, 1, 3);
            return 0;
        });
        StoredSnapshot snapshot = fixture.snapshot();
        assertEquals(List.of(), snapshot.record().fidelity().lacks());
        Path folder = NobodysRestore.folder(place);
        NobodysRestore.run(place, folder, "try");
        List<String> lines = Files.readAllLines(folder.resolve("report"));
        assertEquals(
                List.of("owner 6", "trusted-attributes 5", "security-attributes 5", "nodes 1", "errors 17", "files 5"),
                lines);
        for (int i = 0; i < 5; i++) {
            Path back = folder.resolve("target/file" + i);
            assertArrayEquals(new byte[] {1}, get(back, USER), "set although the mode is 0444");
            assertEquals(0444, stat(back).mode());
        }
        folder = NobodysRestore.folder(place);
        NobodysRestore.run(place, folder, "require");
        assertFalse(Files.exists(folder.resolve("target/file0")), "its owner was required");
        assertTrue(Files.readAllLines(folder.resolve("report")).contains("files 0"));
    }

    @Test
    @AsOrdinaryUser
    void aSnapshotOfAnOrdinaryUserTellsWhatItDidNotSee() throws IOException {
        fixture.file("file", 10, 1);
        StoredSnapshot snapshot = fixture.snapshot();
        assertEquals(
                List.of(new Fidelity.Lack("trusted", 0, RawName.EMPTY)),
                snapshot.record().fidelity().lacks());
        assertEquals("complete", snapshot.record().status());
        assertEquals(List.of(), kinds(fixture.restore(snapshot)));
    }
}
