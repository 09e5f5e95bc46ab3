package io.packstone.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.metadata.TreePath;
import io.packstone.repository.StoredSnapshot;
import io.packstone.source.rules.GlobFilter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of the folder that is restored into: as with {@code rsync -a PATH/ DIR/}, but for one with other things. */
class TargetItselfTest extends FixtureCase {
    private static final FileTime THEN = FileTime.from(Instant.ofEpochSecond(1_234_567_890, 123_456_789));
    private static final FileTime BEFORE = FileTime.from(Instant.ofEpochSecond(1_111_111_111));

    private StoredSnapshot snapshot;

    @BeforeEach
    void takeSnapshot() throws IOException {
        fixture.file("a/file", 1000, 1);
        fixture.file("b", 1000, 2);
        Files.setAttribute(fixture.source, "unix:mode", 042751);
        Files.setLastModifiedTime(fixture.source, THEN);
        snapshot = fixture.snapshot();
    }

    private String target() throws IOException {
        return String.format(
                java.util.Locale.ROOT,
                "%o %s",
                (int) Files.getAttribute(fixture.target, "unix:mode") & 07777,
                Files.getLastModifiedTime(fixture.target).toInstant());
    }

    private static final String AS_TAKEN = "2751 " + THEN.toInstant();

    private void makeTarget(int mode) throws IOException {
        Files.createDirectories(fixture.target);
        Files.setAttribute(fixture.target, "unix:mode", 040000 | mode);
    }

    @Test
    void aNewTargetIsAsTheFolderWas() throws IOException {
        RestoreReport report = fixture.restore(snapshot);
        assertEquals(AS_TAKEN, target());
        assertEquals(0, report.errors());
        fixture.restore(snapshot);
        assertEquals(AS_TAKEN, target(), "and stays so when nothing is to be done");
    }

    @Test
    void soIsAnEmptyOneAndOneWithNothingElse() throws IOException {
        makeTarget(0700);
        fixture.restore(snapshot);
        assertEquals(AS_TAKEN, target());
        makeTarget(0711);
        Files.delete(fixture.target.resolve("b"));
        fixture.restore(snapshot);
        assertEquals(AS_TAKEN, target());
    }

    @Test
    void oneThatHoldsSomethingElseIsAFolderInItsOwnRight() throws IOException {
        makeTarget(0711);
        RestoreFixture.file(fixture.target.resolve("mine"), new byte[5]);
        fixture.restore(snapshot);
        assertTrue(target().startsWith("711 "), target());
        fixture.restore(snapshot, options -> options.withDelete(true));
        assertEquals(AS_TAKEN, target(), "--delete makes it the same");
    }

    @Test
    void thePlaceOfOriginIsTheSameFolderWhateverItHolds() throws IOException {
        RestoreFixture.file(fixture.source.resolve("newer"), new byte[5]);
        Files.setAttribute(fixture.source, "unix:mode", 040700);
        Files.setLastModifiedTime(fixture.source, BEFORE);
        Files.delete(fixture.source.resolve("b"));
        RestoreOptions options = RestoreOptions.to(RestoreFixture.name(fixture.source))
                .withPath(TreePath.parse(RestoreFixture.name(fixture.source)));
        new Restore(fixture.repository()).run(snapshot, options, io.packstone.progress.ProgressListener.NONE);
        assertEquals(02751, (int) Files.getAttribute(fixture.source, "unix:mode") & 07777);
        assertEquals(THEN, Files.getLastModifiedTime(fixture.source));
    }

    @Test
    void whatTheFiltersDoNotTakeIsNotSet() throws IOException {
        makeTarget(0711);
        fixture.restore(snapshot, options -> options.withIncludes(GlobFilter.of("b")));
        assertTrue(target().startsWith("711 "), target());
        makeTarget(0711);
        fixture.restore(
                snapshot,
                options -> options.withPath(TreePath.parse(RestoreFixture.name(fixture.source.resolve("b")))));
        assertTrue(target().startsWith("711 "), target());
        Files.setLastModifiedTime(fixture.target, BEFORE);
        fixture.restore(snapshot, options -> options.withDryRun(true));
        assertEquals("711 " + BEFORE.toInstant(), target());
    }

    @Test
    void anOwnerIsLetInAndOutAgain() throws IOException {
        Files.setAttribute(fixture.source, "unix:mode", 040500);
        StoredSnapshot readOnly = fixture.snapshot();
        fixture.restore(readOnly);
        assertTrue(target().startsWith("500 "), target());
        Files.setAttribute(fixture.source, "unix:mode", 040700);
        fixture.file("c", 10, 3);
        Files.setAttribute(fixture.source, "unix:mode", 040500);
        RestoreReport report = fixture.restore(fixture.snapshot());
        assertEquals(List.of(), report.problems());
        assertTrue(target().startsWith("500 "), target());
        assertTrue(Files.exists(fixture.target.resolve("c")));
        Files.setAttribute(fixture.source, "unix:mode", 040700); // so that the test can be tidied up
        Files.setAttribute(fixture.target, "unix:mode", 040700);
    }
}
