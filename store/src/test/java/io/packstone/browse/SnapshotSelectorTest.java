package io.packstone.browse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.backup.BackupOptions;
import io.packstone.error.ErrorKind;
import io.packstone.error.RepositoryException;
import io.packstone.id.SnapshotId;
import io.packstone.metadata.RawName;
import io.packstone.metadata.Timestamp;
import io.packstone.metadata.TreePath;
import io.packstone.repository.StoredSnapshot;
import io.packstone.restore.FixtureCase;
import io.packstone.restore.RestoreFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How people name snapshots and paths in them. */
class SnapshotSelectorTest extends FixtureCase {
    private static final Instant NOON =
            LocalDateTime.of(2026, 11, 23, 12, 0).atZone(ZoneId.systemDefault()).toInstant();

    private final List<StoredSnapshot> taken = new ArrayList<>();

    @BeforeEach
    void takeFour() throws IOException {
        fixture.file("docs/letter", 100, 1);
        fixture.file("docs/b:c", 100, 2);
        take("here", -7200);
        take("here", 0);
        take("there", 60);
        take("here", 3600);
    }

    private void take(String host, long offset) throws IOException {
        Timestamp time = new Timestamp(NOON.getEpochSecond() + offset, 0);
        taken.add(
                fixture.snapshot(options -> options.withLabel(new BackupOptions.Label(host, "user", List.of(), time))));
    }

    private SnapshotSelector.Selection select(String text) throws IOException {
        return select(text, "here", fixture.source);
    }

    private SnapshotSelector.Selection select(String text, String host, Path folder) throws IOException {
        return new SnapshotSelector(fixture.repository(), host, RestoreFixture.name(folder)).select(text);
    }

    private void assertSelects(int index, String text) throws IOException {
        SnapshotId id = select(text).snapshot().id();
        assertEquals(taken.get(index).id(), id, text);
        assertEquals(TreePath.ROOT, select(text).path(), text);
    }

    private String refusal(String text) {
        RepositoryException e = assertThrows(RepositoryException.class, () -> select(text), text);
        assertEquals(ErrorKind.NOT_FOUND, e.kind());
        return e.getMessage();
    }

    @Test
    void latestIsThisHostsInRecordOrder() throws IOException {
        assertSelects(3, "latest");
        assertSelects(1, "latest~1");
        assertSelects(0, "latest~2");
        assertSelects(2, "latest:there");
        assertSelects(3, "latest:here~0");
        assertSelects(1, "latest:here~1");
        assertTrue(refusal("latest~3").contains("host here has only 3 snapshots"));
        assertTrue(refusal("latest:nobody").contains("nobody"));
    }

    @Test
    void timesAreLocalUnlessTheySay() throws IOException {
        assertSelects(1, "@2026-11-23T12:00");
        assertSelects(0, "@2026-11-23T11:59:59");
        assertSelects(2, "@" + NOON.plusSeconds(100));
        assertSelects(3, "@2026-11-24");
        refusal("@2026-11-22T12:00");
        refusal("@yesterday");
    }

    @Test
    void idsMayBeShort() throws IOException {
        for (int i = 0; i < taken.size(); i++) {
            assertSelects(i, taken.get(i).id().toHex());
            assertSelects(i, taken.get(i).id().toHex().substring(0, 12));
            assertSelects(i, taken.get(i).id().toHex().substring(0, 12).toUpperCase(java.util.Locale.ROOT));
        }
        refusal(taken.get(0).id().toHex().substring(0, 3));
        refusal("zzzz");
        refusal("");
    }

    @Test
    void whatIsAmbiguousNamesTheCandidates() throws IOException {
        List<StoredSnapshot> alike = new ArrayList<>();
        for (String id : List.of("abcd1", "abcd2", "abce3")) {
            alike.add(new StoredSnapshot(
                    SnapshotId.parse(id + "0".repeat(59)), taken.get(0).record()));
        }
        RepositoryException e = assertThrows(RepositoryException.class, () -> SnapshotSelector.only("abcd", alike));
        assertEquals(ErrorKind.NOT_FOUND, e.kind());
        assertTrue(e.getMessage().contains("abcd100000000000, abcd200000000000;"), e.getMessage());
        assertEquals(alike.get(2), SnapshotSelector.only("abce", alike));
        assertEquals(null, SnapshotSelector.only("abcf", alike));
    }

    @Test
    void pathsFollowAfterAColon() throws IOException {
        TreePath letter = TreePath.parse(RestoreFixture.name(fixture.source.resolve("docs/letter")));
        assertEquals(letter, select("latest:" + fixture.source + "/docs/letter").path());
        assertEquals(
                letter,
                select("latest:there:" + fixture.source + "//docs/letter/").path());
        assertEquals(taken.get(2).id(), select("latest:there:/").snapshot().id());
        assertEquals(TreePath.ROOT, select("latest:/").path());
        assertTrue(refusal("latest:/no/such").contains("/no/such is not in snapshot"));
    }

    @Test
    void relativePathsAreTriedHereThenInTheOnlyRoot() throws IOException {
        TreePath letter = TreePath.parse(RestoreFixture.name(fixture.source.resolve("docs/letter")));
        assertEquals(letter, select("latest:docs/letter").path());
        assertEquals(letter, select("latest:./docs/../docs/letter").path());
        assertEquals(
                letter,
                select("latest:letter", "here", fixture.source.resolve("docs")).path());
        assertEquals(
                letter,
                select("latest:docs/letter", "here", Path.of("/somewhere/else")).path());
        assertEquals(letter, select("latest:there:docs/letter").path());
        assertEquals(letter, select(taken.get(1).id().toHex() + ":docs/letter").path());
        assertEquals(RawName.of("b:c"), select("latest:docs/b:c").path().name(), "a colon in a name is one");
        refusal("latest:letter");
        assertEquals(
                letter,
                select("latest:" + fixture.source + "/docs/../docs/./letter").path());
    }

    @Test
    void aPathNeedNotBeText() throws IOException {
        RawName name = RawName.takeOver(new byte[] {'d', 'o', 'c', 's', '/', (byte) 0xff, ':'});
        Files.write(Path.of(java.net.URI.create("file://" + fixture.source + "/docs/%ff:")), new byte[5]);
        take("bytes", 0);
        TreePath path = TreePath.parse(RestoreFixture.name(fixture.source));
        TreePath wanted = TreePath.parse(new TreePath(path.asDirectory(), name).asDirectory());
        SnapshotSelector selector =
                new SnapshotSelector(fixture.repository(), "here", RestoreFixture.name(fixture.source));
        assertEquals(wanted, selector.select(bytes("latest:bytes:", name)).path());
        assertEquals(
                wanted,
                selector.select(bytes("latest:bytes:" + fixture.source + "/", name))
                        .path());
    }

    private static RawName bytes(String before, RawName after) {
        byte[] bytes = java.util.Arrays.copyOf(before.getBytes(UTF_8), before.length() + after.length());
        System.arraycopy(after.array(), 0, bytes, before.length(), after.length());
        return RawName.takeOver(bytes);
    }
}
