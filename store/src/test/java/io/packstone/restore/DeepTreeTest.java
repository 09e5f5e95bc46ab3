package io.packstone.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.backend.local.LocalBackend;
import io.packstone.browse.Comparison;
import io.packstone.browse.Finder;
import io.packstone.browse.Listing;
import io.packstone.browse.TarOutput;
import io.packstone.crypto.SecretKey;
import io.packstone.id.ChunkId;
import io.packstone.keyslot.Secret;
import io.packstone.manifest.ManifestEntry;
import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.Repository;
import io.packstone.repository.RepositoryOptions;
import io.packstone.repository.StoredSnapshot;
import io.packstone.restore.WickedManifest.Line;
import io.packstone.source.rules.GlobFilter;
import io.packstone.testkit.ClassPath;
import io.packstone.testkit.MeasuredChild;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Folders within each other, as many as a path can name, cost neither stack nor memory; what is too deep is told. */
class DeepTreeTest extends FixtureCase {
    private static final int LENGTH = 1000;
    private static final int LEVELS = 520_000;

    private StoredSnapshot honest;
    private ChunkId chunk;

    /** Paths too long for the file system's own deleting. */
    @AfterEach
    void deleteDeepTrees() throws Exception {
        new ProcessBuilder("rm", "-rf", fixture.target.toString()).start().waitFor();
    }

    private StoredSnapshot commit(WickedManifest manifest) throws IOException {
        return manifest.commit(fixture.repository(), honest.record(), List.of(RawName.of("/")));
    }

    private Line file(String name) {
        return Line.file(name, chunk, LENGTH);
    }

    private void takeHonest() throws IOException {
        fixture.file("honest", LENGTH, 1);
        honest = fixture.snapshot();
        TreePath path = TreePath.parse(RestoreFixture.name(fixture.source.resolve("honest")));
        ManifestEntry entry =
                fixture.repository().manifests().find(honest.record().root(), path);
        assertNotNull(entry);
        chunk = entry.body().id(0);
    }

    @Test
    void halfAMillionLevelsAreRefusedInLittleMemory() throws Exception {
        takeHonest();
        String deep = "x/".repeat(LEVELS - 1) + "x";
        commit(new WickedManifest()
                .in("", file("beside"))
                .in(deep, file("a"), Line.folder("b"), Line.link("c", ".."))
                .in("x/y", file("shallow")));
        Map<String, String> values = MeasuredChild.run(
                "deep", place.resolve("output"), ClassPath.option(), DeepTreeTest.class, List.of(place.toString()));
        assertEquals("2", values.get("files"));
        assertEquals("true", values.get("damaged"));
        assertTrue(Integer.parseInt(values.get("longest")) < 10_000, values.toString());
        assertTrue(values.get("problem").contains("too deep"), values.get("problem"));
        assertEquals("5", values.get("listed"));
        assertTrue(Files.exists(fixture.target.resolve("beside")));
        assertTrue(Files.exists(fixture.target.resolve("x/y/shallow")));
    }

    /** In a small heap: the folder of the fixture. */
    public static void main(String[] arguments) throws IOException {
        Path place = Path.of(arguments[0]);
        Secret secret = new Secret.KeyFile(SecretKey.copyOf(new byte[32]));
        try (Repository repository = Repository.open(
                new LocalBackend(place.resolve("repository")),
                secret,
                RepositoryOptions.defaults().withPlainIndex(true))) {
            List<StoredSnapshot> all = repository.loadIndex().snapshots().list().snapshots();
            StoredSnapshot wicked = all.get(all.size() - 1);
            RestoreOptions options = RestoreOptions.to(RestoreFixture.name(place.resolve("target")))
                    .withVerify(true);
            RestoreReport report = new Restore(repository).run(wicked, options, ProgressListener.NONE);
            MeasuredChild.say("files", report.filesRestored());
            MeasuredChild.say("damaged", report.damaged());
            String problem = report.problems().get(0);
            MeasuredChild.say("problem", problem.substring(problem.length() - 200));
            MeasuredChild.say(
                    "longest",
                    report.problems().stream().mapToInt(String::length).max().orElse(0));
            AtomicInteger seen = new AtomicInteger();
            new Listing(repository).list(wicked, TreePath.ROOT, true, entry -> seen.incrementAndGet());
            MeasuredChild.say("listed", seen.get());
            new Finder(repository).find(GlobFilter.NONE, List.of(wicked), (where, entry) -> seen.incrementAndGet());
            new Comparison(repository).diff(all.get(0), wicked, (path, change) -> seen.incrementAndGet());
            new Comparison(repository).diff(wicked, all.get(0), (path, change) -> seen.incrementAndGet());
            new TarOutput(repository, OutputStream.nullOutputStream()).write(wicked, TreePath.ROOT, line -> {});
            MeasuredChild.say("peak", MeasuredChild.peakKib());
        }
    }

    @Test
    void aThousandLevelsAreNotTooDeep() throws IOException {
        takeHonest();
        String deep = "nine byte/".repeat(999) + "nine byte";
        StoredSnapshot snapshot = commit(new WickedManifest().in(deep, file("a")));
        RestoreReport report = fixture.restore(
                snapshot, options -> options.withPath(TreePath.ROOT).withVerify(true));
        assertEquals(1, report.errors());
        assertTrue(report.problems().get(0).contains("no such folder"));
        assertEquals(1, report.filesRestored());
    }

    /** Whose own folder is restored by itself is not that deep any more. */
    @Test
    void aPartOfWhatIsTooDeepIsRestoredByItself() throws IOException {
        takeHonest();
        String deep = "x/".repeat(19_999) + "x";
        StoredSnapshot snapshot = commit(new WickedManifest()
                .in("x/".repeat(19_998) + "x", Line.folder("x"))
                .in(deep, file("a")));
        assertTrue(fixture.restore(snapshot, options -> options.withPath(TreePath.ROOT))
                .damaged());
        RestoreReport report = fixture.restore(snapshot, options -> options.withPath(TreePath.parse(RawName.of(deep))));
        assertEquals(List.of(), report.problems());
        assertTrue(Files.exists(fixture.target.resolve("a")));
    }
}
