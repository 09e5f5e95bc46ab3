package io.packstone.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.backend.local.LocalBackend;
import io.packstone.id.ChunkId;
import io.packstone.keyslot.KeyCost;
import io.packstone.keyslot.Secret;
import io.packstone.manifest.ManifestEntry;
import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.repository.InitOptions;
import io.packstone.repository.Repository;
import io.packstone.repository.RepositoryOptions;
import io.packstone.repository.StoredSnapshot;
import io.packstone.restore.WickedManifest;
import io.packstone.restore.WickedManifest.Line;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Snapshots that say what no file system can have, as a person with the right key may write them: what each command does. */
class HostileTest extends ShellCase {
    private static final int LENGTH = 6;

    private ChunkId chunk = ChunkId.of(new byte[ChunkId.LENGTH], 0);

    private Line file(String name) {
        return Line.file(name, chunk, LENGTH);
    }

    /** Commits a snapshot of those entries, which becomes the latest; the short id of its only node. */
    private String commit(UnaryOperator<WickedManifest> entries) throws IOException {
        usePassword();
        Secret secret = Secret.Password.of("correct horse");
        try (LocalBackend backend = new LocalBackend(repository)) {
            InitOptions options = InitOptions.defaults().withKeyCost(KeyCost.TEST);
            Repository.init(backend, options, secret, Clock.systemUTC());
        }
        snapshot();
        try (LocalBackend backend = new LocalBackend(repository);
                Repository opened = Repository.open(backend, secret, RepositoryOptions.defaults())) {
            StoredSnapshot honest =
                    opened.loadIndex().snapshots().list().snapshots().get(0);
            TreePath path = TreePath.parse(RawName.of(source.resolve("a.txt").toString()));
            ManifestEntry entry =
                    Shell.require(opened.manifests().find(honest.record().root(), path));
            chunk = entry.body().id(0);
            StoredSnapshot wicked =
                    entries.apply(new WickedManifest()).commit(opened, honest.record(), List.of(RawName.of("/")));
            return wicked.record().root().toShortHex();
        }
    }

    private WickedManifest entries(String kind, WickedManifest wicked) {
        return switch (kind) {
            case ".." -> wicked.in("d", file(".."));
            case "a name with a slash" -> wicked.in("d", file("../outside/a"));
            case "an absolute folder" -> wicked.in("/d", file("a"));
            case "a folder above" -> wicked.in("../outside", file("a"));
            case "one name twice" -> wicked.in("d", file("a"), file("a"));
            case "a file and a link of one name" -> wicked.in("d", file("a"), Line.link("a", "../outside"));
            default -> throw new IllegalArgumentException(kind);
        };
    }

    private Set<String> below(Path place) throws IOException {
        try (Stream<Path> all = Files.walk(place)) {
            return all.map(path -> place.relativize(path).toString()).collect(Collectors.toSet());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "..",
                "a name with a slash",
                "an absolute folder",
                "a folder above",
                "one name twice",
                "a file and a link of one name"
            })
    void whatNoFileSystemCanHaveIsDamage(String kind) throws IOException {
        String node = commit(wicked -> entries(kind, wicked));
        Path outside = Files.createDirectory(work.resolve("outside"));
        for (String line : List.of(
                "restore latest --target target",
                "ls latest -r",
                "find a --snapshot latest",
                "diff latest~1 latest",
                "cat latest:/d/a",
                "dump latest",
                "dump latest --format zip",
                "check")) {
            Shell.Outcome outcome = shell.run(line.split(" ")).expect(4);
            String said = outcome.messages() + outcome.text();
            assertTrue(said.contains(node), line + ": " + said);
            assertFalse(said.contains("Exception"), said);
        }
        assertEquals(Set.of(""), below(outside));
        assertFalse(Files.exists(work.resolve("target/d/a")));
        assertFalse(Files.exists(work.resolve("a")));
        shell.run("restore", "latest~1", "--target", "honest").expect(0);
    }

    /** An unwary program that unpacks the dump would write where the link leads. */
    @Test
    void whatIsBelowALinkIsLeftOutAndToldOf() throws Exception {
        commit(wicked -> wicked.in("", Line.link("d", "../outside"), file("e"), Line.folder("f"))
                .in("d", file("a"), Line.folder("b"))
                .in("d/b", file("c"))
                .in("e", file("a"))
                .in("f", file("a")));
        Path outside = Files.createDirectory(work.resolve("outside"));
        for (String format : List.of("tar", "zip")) {
            Shell.Outcome dump = shell.run("dump", "latest", "--format", format).expect(3);
            for (String path : List.of("/d/a", "/d/b", "/d/b/c")) {
                assertTrue(
                        dump.messages()
                                .contains("packstone: " + path
                                        + " was left out: /d, which it claims to be below, is no folder"),
                        dump.messages());
            }
            assertTrue(dump.messages().contains("/e/a was left out: /e"), dump.messages());
            assertEquals(4, dump.messages().lines().count(), dump.messages());
            Path target = Files.createDirectory(work.resolve(format));
            Files.write(work.resolve("dumped"), dump.output());
            List<String> unpack = format.equals("tar")
                    ? List.of("tar", "-xf", work + "/dumped", "-C", target.toString())
                    : List.of("python3", "-m", "zipfile", "-e", work + "/dumped", target.toString());
            Process process =
                    new ProcessBuilder(unpack).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            assertEquals(0, process.waitFor(), said);
            assertEquals(Set.of("", "d", "e", "f", "f/a"), below(target), format);
            assertEquals("hello\n", Files.readString(target.resolve("f/a")));
        }
        Shell.Outcome restore = shell.run("restore", "latest", "--target", "target");
        assertTrue(restore.code() == 3 || restore.code() == 4, restore.code() + ": " + restore.messages());
        assertEquals(Set.of(""), below(outside));
        shell.run("ls", "latest", "-r").expect(0);
    }
}
