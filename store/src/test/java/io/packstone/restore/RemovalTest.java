package io.packstone.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.repository.StoredSnapshot;
import io.packstone.snapshot.SnapshotRecord;
import io.packstone.source.rules.GlobFilter;
import io.packstone.source.rules.Heeded;
import io.packstone.source.rules.RecordedRules;
import io.packstone.source.rules.Rules;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What --delete removes, and above all what it does not. */
class RemovalTest extends FixtureCase {
    private Path extra(String name) throws IOException {
        return RestoreFixture.file(fixture.target.resolve(name), new byte[100]);
    }

    private RestoreReport delete(StoredSnapshot snapshot) throws IOException {
        return fixture.restore(snapshot, options -> options.withDelete(true));
    }

    @Test
    void whatTheSnapshotDoesNotHaveGoes() throws IOException {
        fixture.file("a/kept", 10, 1);
        fixture.file("z", 10, 2);
        Files.createDirectories(fixture.source.resolve("a/empty/inner"));
        StoredSnapshot snapshot = fixture.snapshot();
        fixture.restore(snapshot);
        for (String name : List.of("0", "a/a", "a/zz", "a/empty/x", "a/empty/inner/y", "b/c/d/e", "zzz")) {
            extra(name);
        }
        Path outside = RestoreFixture.file(place.resolve("outside/file"), new byte[1]);
        Files.createSymbolicLink(fixture.target.resolve("a/link"), outside.getParent());
        RestoreReport report = delete(snapshot);
        assertEquals(List.of(), report.problems());
        assertEquals(8, report.filesDeleted());
        assertEquals(List.of(), RestoreFixture.differences(fixture.source, fixture.target));
        assertTrue(Files.exists(outside), "deleting a link deleted what it led to");
    }

    @Test
    void aboveTheSnapshotsPathsNothingGoes() throws IOException {
        fixture.file("file", 10, 1);
        StoredSnapshot snapshot = fixture.snapshot();
        Path root = fixture.target.resolve(place.toString().substring(1));
        Path beside = RestoreFixture.file(root.resolve("beside"), new byte[1]);
        Path inside = RestoreFixture.file(root.resolve("source/extra"), new byte[1]);
        RestoreReport report = fixture.restore(
                snapshot, options -> options.withPath(TreePath.ROOT).withDelete(true));
        assertEquals(1, report.filesDeleted());
        assertTrue(Files.exists(beside));
        assertFalse(Files.exists(inside));
    }

    @Test
    void whatWasLeftOutStays() throws IOException {
        fixture.file("a/file", 10, 1);
        fixture.file("cache/CACHEDIR.TAG", 0, 0);
        Files.write(
                fixture.source.resolve("cache/CACHEDIR.TAG"),
                "Signature: 8a477f597d28d172789f06886806bc55\n".getBytes(StandardCharsets.US_ASCII));
        Rules rules = Rules.NONE
                .withExcludes(GlobFilter.of(List.of(
                        RawName.of("*.o"), RawName.of("/**/build/"), RawName.takeOver(new byte[] {(byte) 0xfe}))))
                .withLargerThan(500)
                .withCaches(true);
        StoredSnapshot snapshot = fixture.snapshot(options -> options.withRules(rules));
        fixture.restore(snapshot);
        List<Path> spared = List.of(
                extra("a/x.o"),
                extra("a/build/deep/thing"),
                extra("new/inner/y.o"),
                extra("cache/entry"),
                RestoreFixture.file(fixture.target.resolve("a/large"), new byte[501]));
        List<Path> superfluous = List.of(extra("a/x.c"), extra("new/inner/y.c"), extra("other/z"));
        RestoreReport report = delete(snapshot);
        assertEquals(3, report.filesDeleted());
        spared.forEach(path -> assertTrue(Files.exists(path), path.toString()));
        superfluous.forEach(path -> assertFalse(Files.exists(path), path.toString()));
        assertFalse(Files.exists(fixture.target.resolve("other")));
    }

    /** Of two rewrites, what one takes back in says nothing of what the other, or the snapshot itself, left out. */
    @Test
    void whatARewriteDroppedStays() throws IOException {
        fixture.file("a/file", 10, 1);
        StoredSnapshot taken = fixture.snapshot();
        fixture.restore(taken);
        List<Path> spared = List.of(extra("a/x.o"), extra("a/y.iso"), extra("big/x"));
        Path superfluous = extra("a/z.iso");
        Rules rules = Rules.NONE
                .withExcludes(GlobFilter.of("*.o"))
                .withDropped(GlobFilter.of("*.iso", "!z.iso"))
                .withDropped(GlobFilter.of("/**/big", "!x.o", "!y.iso"));
        assertEquals(1, delete(with(taken, List.of(), 0, texts(rules))).filesDeleted());
        spared.forEach(path -> assertTrue(Files.exists(path), path.toString()));
        assertFalse(Files.exists(superfluous));
    }

    private static List<String> texts(Rules rules) {
        return new RecordedRules(rules, Heeded.NOTHING).format();
    }

    /** What the walk heeded is known from the record, whatever stands on the disk by now. */
    @Test
    void whatIgnoreFilesAndTagsLeftOutStays() throws IOException {
        RestoreFixture.file(
                fixture.source.resolve("a/.packstoneignore"), "*.o\n!/keep.o\n".getBytes(StandardCharsets.UTF_8));
        fixture.file("a/file", 10, 1);
        fixture.file("tagged/.nobackup", 10, 2);
        fixture.file("tagged/left", 10, 3);
        Rules rules = Rules.NONE.withIgnoreFiles(true).withIfPresent(List.of(RawName.of(".nobackup")));
        StoredSnapshot snapshot = fixture.snapshot(options -> options.withRules(rules));
        fixture.restore(snapshot);
        assertFalse(Files.exists(fixture.target.resolve("tagged/left")));
        Files.delete(fixture.target.resolve("a/.packstoneignore"));
        Files.delete(fixture.target.resolve("tagged/.nobackup"));
        List<Path> spared = List.of(
                extra("a/x.o"), extra("a/new/y.o"), extra("tagged/left"), extra("new/x"), extra("new/.nobackup"));
        List<Path> superfluous = List.of(extra("a/keep.o"), extra("b.o"), extra("a/x.c"));
        RestoreReport report = fixture.restore(
                snapshot, options -> options.withDelete(true).withIncludes(GlobFilter.of("*.o", "left", "x", "x.c")));
        assertEquals(List.of(), report.problems());
        spared.forEach(path -> assertTrue(Files.exists(path), path.toString()));
        superfluous.forEach(path -> assertFalse(Files.exists(path), path.toString()));
    }

    @Test
    void nothingIsDeletedWhenTheRecordDoesNotListWhatWasLeftOut() throws IOException {
        fixture.file("a/file", 10, 1);
        StoredSnapshot taken = fixture.snapshot();
        fixture.restore(taken);
        Path other = extra("a/other");
        for (String rule : List.of("not-all-listed", "exclude=a?")) {
            RestoreReport report = delete(with(taken, List.of(), 0, List.of(rule)));
            assertTrue(
                    report.problems().get(0).contains("nothing was deleted"),
                    report.problems().toString());
            assertEquals(0, report.filesDeleted());
            assertTrue(Files.exists(other));
        }
    }

    @Test
    void nothingIsDeletedWhenARuleIsNotUnderstood() throws IOException {
        fixture.file("a/file", 10, 1);
        StoredSnapshot taken = fixture.snapshot();
        fixture.restore(taken);
        Path other = extra("a/other");
        StoredSnapshot newer = with(taken, List.of(), 0, List.of("exclude-older-than=5"));
        RestoreReport report = delete(newer);
        assertTrue(
                report.problems().get(0).contains("exclude-older-than=5"),
                report.problems().toString());
        assertEquals(0, report.filesDeleted());
        assertTrue(Files.exists(other));
    }

    @Test
    void whatTheFiltersLeaveOutStays() throws IOException {
        fixture.file("a/file.txt", 10, 1);
        fixture.file("a/file.bin", 10, 2);
        fixture.file("b/file.txt", 10, 3);
        StoredSnapshot snapshot = fixture.snapshot();
        fixture.restore(snapshot);
        Path text = extra("a/extra.txt");
        Path binary = extra("a/extra.bin");
        Path other = extra("b/extra.txt");
        fixture.restore(
                snapshot,
                options -> options.withDelete(true)
                        .withIncludes(GlobFilter.of("*.txt"))
                        .withExcludes(GlobFilter.of("b/")));
        assertFalse(Files.exists(text));
        assertTrue(Files.exists(binary));
        assertTrue(Files.exists(other));
        assertTrue(Files.exists(fixture.target.resolve("a/file.bin")));
    }

    @Test
    void whatASnapshotLeavesOutByItselfStays() throws IOException {
        fixture.file("a/file", 10, 1);
        fixture.file("cache/x/index", 10, 1);
        RawName cache = RestoreFixture.name(fixture.source.resolve("cache"));
        StoredSnapshot snapshot =
                fixture.snapshot(options -> options.withRules(Rules.NONE.withLeftOut(List.of(cache))));
        Path index = extra("cache/x/index");
        Path other = extra("cachet/x");
        assertEquals(1, delete(snapshot).filesDeleted());
        assertTrue(Files.exists(index));
        assertFalse(Files.exists(other));
    }

    @Test
    void aRepositoryIsNotDeleted() throws IOException {
        fixture.file("a/file", 10, 1);
        StoredSnapshot snapshot = fixture.snapshot();
        fixture.restore(snapshot);
        List<Path> repository = List.of(
                extra("own/repo/config/1"),
                extra("own/repo/keys/2"),
                extra("own/repo/packs/3"),
                extra("own/repo/snapshots/4"));
        extra("own/other");
        delete(snapshot);
        repository.forEach(path -> assertTrue(Files.exists(path), path.toString()));
        assertFalse(Files.exists(fixture.target.resolve("own/other")));
    }

    @Test
    void whatCouldNotBeReadStays() throws IOException {
        fixture.file("a/file", 10, 1);
        StoredSnapshot snapshot = fixture.snapshot();
        fixture.restore(snapshot);
        List<Path> spared = List.of(extra("unread/deep/file"), extra("a/not read\n"));
        Path superfluous = extra("a/not read\nX");
        RawName raw = TreePath.parse(RestoreFixture.name(fixture.source.resolve("a/not read\n")))
                .asDirectory();
        RawName quoted = RawName.of(fixture.source.resolve("unread").toString());
        RestoreReport report = delete(withProblems(snapshot, 2, raw, quoted));
        assertEquals(1, report.filesDeleted());
        spared.forEach(path -> assertTrue(Files.exists(path), path.toString()));
        assertFalse(Files.exists(superfluous));
    }

    @Test
    void withProblemsUnknownNothingIsDeleted() throws IOException {
        fixture.file("a/file", 10, 1);
        StoredSnapshot snapshot = fixture.snapshot();
        fixture.restore(snapshot);
        Path superfluous = extra("a/extra");
        RestoreReport report = delete(withProblems(snapshot, 2, RawName.of("/one/of/two")));
        assertEquals(0, report.filesDeleted());
        assertEquals(1, report.errors());
        assertTrue(Files.exists(superfluous));
    }

    private static StoredSnapshot withProblems(StoredSnapshot snapshot, long count, RawName... paths) {
        List<SnapshotRecord.Problem> problems = Stream.of(paths)
                .map(path -> new SnapshotRecord.Problem(path, "a test says so"))
                .toList();
        return with(snapshot, problems, count, snapshot.record().options());
    }

    private static StoredSnapshot with(
            StoredSnapshot snapshot, List<SnapshotRecord.Problem> problems, long count, List<String> rules) {
        SnapshotRecord r = snapshot.record();
        return new StoredSnapshot(
                snapshot.id(),
                new SnapshotRecord(
                        r.root(),
                        r.parent(),
                        r.links(),
                        r.order(),
                        r.job(),
                        r.time(),
                        r.host(),
                        r.user(),
                        r.paths(),
                        r.tags(),
                        r.strategy(),
                        SnapshotRecord.DEGRADED,
                        problems,
                        count,
                        r.counts(),
                        rules,
                        r.consistency(),
                        r.program()));
    }
}
