package io.packstone.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.packstone.backend.Backend;
import io.packstone.backend.local.LocalBackend;
import io.packstone.backup.Backup;
import io.packstone.backup.BackupOptions;
import io.packstone.backup.BackupReport;
import io.packstone.backup.rewrite.Rewrite;
import io.packstone.backup.rewrite.RewriteOptions;
import io.packstone.compress.Compression;
import io.packstone.crypto.SecretKey;
import io.packstone.id.SnapshotId;
import io.packstone.keyslot.KeyCost;
import io.packstone.keyslot.KeyText;
import io.packstone.keyslot.Secret;
import io.packstone.metadata.RawName;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.InitOptions;
import io.packstone.repository.Repository;
import io.packstone.repository.RepositoryOptions;
import io.packstone.source.rules.GlobFilter;
import io.packstone.testkit.SeededTree;
import io.packstone.testkit.TreeCompare;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/read.py, written from docs/format.md and nothing else, restores what this program stored. */
final class OtherReaderTest {
    private static final SecretKey KEY = SecretKey.copyOf(new byte[SecretKey.LENGTH]);

    @TempDir
    Path folder = Path.of("");

    private Path source = Path.of("");
    private Path repository = Path.of("");
    private Path keyFile = Path.of("");

    private record Ran(int exitCode, String output) {}

    private static Path reader() {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("docs/read.py"))) {
            root = root.getParent();
        }
        return root.resolve("docs/read.py");
    }

    /** Skips, and says why, where Python or one of {@code packages} is missing. */
    private static void needs(String... packages) throws IOException, InterruptedException {
        String reason = "";
        try {
            Ran ran = run("python3", "-c", "import " + String.join(", ", packages));
            reason = ran.exitCode == 0 ? "" : ran.output.strip().replaceAll("(?s).*\n", "");
        } catch (IOException e) {
            reason = e.getMessage();
        }
        if (!reason.isEmpty()) {
            System.out.println("OtherReaderTest is skipped, docs/read.py can't run here: " + reason);
        }
        assumeTrue(reason.isEmpty(), reason);
    }

    private static Ran run(String... command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ran(process.waitFor(), output);
    }

    private Ran read(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("python3", reader().toString(), repository.toString()));
        command.addAll(Arrays.asList(arguments));
        return run(command.toArray(String[]::new));
    }

    private Ran restore(Path target) throws IOException, InterruptedException {
        return read("--key-file", keyFile.toString(), "restore", "latest", target.toString());
    }

    @BeforeEach
    void makeFolders() throws IOException {
        folder = folder.toRealPath();
        source = Files.createDirectory(folder.resolve("source"));
        repository = folder.resolve("repository");
        keyFile = folder.resolve("key");
        Files.writeString(keyFile, KeyText.formatKeyFile(KEY));
    }

    private void snapshot(Compression compression) throws IOException {
        Secret secret = new Secret.KeyFile(KEY);
        try (Backend backend = new LocalBackend(repository)) {
            InitOptions options =
                    InitOptions.defaults().withChunkAverage(1 << 14).withCompression(compression);
            Repository.init(backend, options, secret, Clock.systemUTC());
        }
        try (Repository opened = Repository.open(new LocalBackend(repository), secret, RepositoryOptions.defaults())) {
            new Backup(opened, Clock.systemUTC()).run(options(), ProgressListener.NONE);
            opened.keyRegistry().add(Workplace.SECRET, "test", KeyCost.TEST, Clock.systemUTC());
        }
    }

    private BackupOptions options() {
        return BackupOptions.of(List.of(RawName.of(source.toString())), "host \u00fc", "user");
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    private static Path below(Path target, Path path) {
        return target.resolve(path.toString().substring(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"zstd", "lz4", "none"})
    void whatWasSnapshottedIsRestored(String compression) throws Exception {
        needs("cryptography", compression.equals("lz4") ? "lz4" : compression.equals("zstd") ? "zstandard" : "zlib");
        new SeededTree(compression.hashCode(), 60_000).create(source, 100);
        Files.write(source.resolve("of more chunks than stand in an entry"), random(2_000_000));
        snapshot(Compression.parse(compression));
        Path target = folder.resolve("target");
        Ran ran = restore(target);
        assertEquals(new Ran(0, ""), ran);
        assertEquals(List.of(), TreeCompare.differences(source, below(target, source)));
    }

    @Test
    void passwordsAndSecondCopiesServeAndOtherSecretsDoNot() throws Exception {
        needs("cryptography", "argon2");
        Files.writeString(source.resolve("file"), "hello");
        snapshot(Compression.parse("none"));
        List<Path> firsts;
        try (Stream<Path> files = Files.walk(repository)) {
            firsts = files.filter(file -> Files.exists(Path.of(file + ".b"))).toList();
        }
        assertEquals(5, firsts.size(), firsts.toString());
        for (Path first : firsts.subList(0, 2)) {
            Files.delete(first);
        }
        Path password = folder.resolve("password");
        Files.writeString(password, "correct horse\r\nand another line");
        Ran listed = read("--password-file", password.toString(), "list");
        assertEquals(0, listed.exitCode, listed.output);
        assertTrue(listed.output.contains("'host \\xfc' b'" + source + "'"), listed.output);
        Files.writeString(password, "correct horse ");
        assertEquals(
                new Ran(12, "read.py: no key slot opens with this secret\n"),
                read("--password-file", password.toString(), "list"));
        repository = source;
        assertEquals(10, read("--key-file", keyFile.toString(), "list").exitCode);
    }

    @Test
    void theWordsOfARecoverySheetServe() throws Exception {
        needs("cryptography", "mnemonic");
        Files.writeString(source.resolve("file"), "hello");
        snapshot(Compression.parse("none"));
        SecretKey sheet = SecretKey.random(new Random(3)::nextBytes);
        try (Repository opened =
                Repository.open(new LocalBackend(repository), new Secret.KeyFile(KEY), RepositoryOptions.defaults())) {
            opened.keyRegistry().add(new Secret.RecoverySheet(sheet), "sheet", KeyCost.TEST, Clock.systemUTC());
        }
        StringBuilder typed = new StringBuilder();
        for (String word : KeyText.formatWords(sheet)) {
            typed.append("7. ").append(word, 0, Math.min(4, word.length())).append('\n');
        }
        Path words = folder.resolve("words");
        Files.writeString(words, typed);
        Ran listed = read("--words", words.toString(), "list");
        assertEquals(0, listed.exitCode, listed.output);
        assertTrue(listed.output.contains("complete"), listed.output);
    }

    @Test
    void theGoldenRepositoryIsRestored() throws Exception {
        needs("cryptography", "zstandard");
        try (Backend backend = new LocalBackend(repository)) {
            for (Map.Entry<String, byte[]> object : GoldenRepository.objects().entrySet()) {
                backend.put(object.getKey(), object.getValue());
            }
        }
        Files.writeString(keyFile, KeyText.formatKeyFile(GoldenRepository.key()));
        Path target = folder.resolve("target");
        assertEquals(new Ran(0, ""), restore(target));
        GoldenRepositoryTest.expectTree(target.resolve("srv/golden"));
    }

    @Test
    void damageIsNamedAndNothingWrongIsRestored() throws Exception {
        needs("cryptography");
        Files.write(source.resolve("large"), random(6_000_000)); // of more than one block
        Files.writeString(source.resolve("small"), "hello");
        snapshot(Compression.parse("none"));
        Path pack;
        try (Stream<Path> files = Files.walk(repository.resolve("packs"))) {
            pack = files.filter(file -> file.toFile().isFile() && file.toFile().length() > 1_000_000)
                    .findFirst()
                    .orElseThrow();
        }
        byte[] damaged = Files.readAllBytes(pack);
        damaged[100_000] ^= 1;
        Files.write(pack, damaged);
        Path target = folder.resolve("target");
        Ran ran = restore(target);
        assertEquals(4, ran.exitCode, ran.output);
        assertTrue(ran.output.contains("source/large'"), ran.output);
        assertTrue(ran.output.contains(pack.getFileName().toString()), ran.output);
        assertFalse(ran.output.contains("source/small"), ran.output);
        assertFalse(Files.exists(below(target, source.resolve("large"))));
        assertEquals("hello", Files.readString(below(target, source.resolve("small"))));
    }

    @Test
    void aForgottenSnapshotIsNotTheLatest() throws Exception {
        needs("cryptography", "zstandard");
        Files.writeString(source.resolve("file"), "first");
        snapshot(Compression.AUTO);
        Files.writeString(source.resolve("file"), "second, and longer");
        try (Repository opened =
                Repository.open(new LocalBackend(repository), new Secret.KeyFile(KEY), RepositoryOptions.defaults())) {
            BackupReport second = new Backup(opened, Clock.systemUTC()).run(options(), ProgressListener.NONE);
            opened.snapshots()
                    .forget(second.snapshot(), opened.snapshots().list().heads());
        }
        Ran listed = read("--key-file", keyFile.toString(), "list");
        assertEquals(0, listed.exitCode, listed.output);
        List<String> lines = listed.output.lines().toList();
        assertEquals(2, lines.size(), listed.output);
        assertFalse(lines.get(0).contains("forgotten"), listed.output);
        assertTrue(lines.get(1).contains("complete forgotten"), listed.output);
        Path target = folder.resolve("target");
        assertEquals(new Ran(0, ""), restore(target));
        assertEquals("first", Files.readString(below(target, source.resolve("file"))));
    }

    @Test
    void aRewrittenSnapshotStandsWhereTheFormerOneStood() throws Exception {
        needs("cryptography", "zstandard");
        Files.writeString(source.resolve("file"), "first");
        Files.writeString(source.resolve("secret"), "secret");
        snapshot(Compression.AUTO);
        Files.writeString(source.resolve("file"), "second, and longer");
        SnapshotId made;
        try (Repository opened =
                Repository.open(new LocalBackend(repository), new Secret.KeyFile(KEY), RepositoryOptions.defaults())) {
            SnapshotId first = opened.snapshots().list().snapshots().get(0).id();
            new Backup(opened, Clock.systemUTC()).run(options(), ProgressListener.NONE);
            Rewrite rewrite = new Rewrite(
                    opened, RewriteOptions.ofAll(GlobFilter.of("secret")).withChosen(List.of(first)));
            made = rewrite.apply(rewrite.plan(ProgressListener.NONE), true, ProgressListener.NONE)
                    .made()
                    .get(0)
                    .snapshot();
        }
        List<String> lines =
                read("--key-file", keyFile.toString(), "list").output.lines().toList();
        assertTrue(lines.get(0).contains("complete forgotten"), lines.toString());
        assertTrue(lines.get(1).startsWith(made.toHex().substring(0, 16)), lines.toString());
        Path latest = folder.resolve("latest");
        assertEquals(new Ran(0, ""), restore(latest));
        assertEquals("second, and longer", Files.readString(below(latest, source.resolve("file"))));
        Path target = folder.resolve("target");
        assertEquals(
                new Ran(0, ""), read("--key-file", keyFile.toString(), "restore", made.toHex(), target.toString()));
        assertEquals("first", Files.readString(below(target, source.resolve("file"))));
        assertFalse(Files.exists(below(target, source.resolve("secret"))));
    }

    /** Manifests that this program would never write: read.py is given their entries as if it had read them. */
    @Test
    void hostileNamesLeadNowhere() throws Exception {
        needs("cryptography");
        Path outside = Files.createDirectory(folder.resolve("outside"));
        String script = String.join(
                "\n",
                "import sys; sys.path.insert(0, sys.argv[1]); import read, os",
                "target, outside = map(os.fsencode, sys.argv[2:])",
                "def entry(name, type=read.FOLDER, more={}):",
                "    return [name, type, 0o700, 0, 0, 0, 0, 0, 0, 0, 0, None, more]",
                "link = entry(b'link', read.SYMLINK, {1: outside})",
                "for directory, each in [(b'', entry(n)) for n in (b'..', b'.', b'', b'a/../../b', b'/x', b'a\\0b')] + [",
                "        (b'..', entry(b'x')), (b'a/../..', entry(b'x')), (b'/a', entry(b'x')), (b'a//b', entry(b'x'))]:",
                "    os.mkdir(target)",
                "    before = len(read.troubles)",
                "    read.entries = lambda *_: [(directory, each, [])]",
                "    read.restore(None, b'', target)",
                "    named = len(read.troubles) > before or each[0] == directory == b''",
                "    assert named and os.listdir(target) == [], (directory, each, os.listdir(target))",
                "    os.rmdir(target)",
                "os.mkdir(target)",
                "read.entries = lambda *_: [(b'', link, []), (b'link', entry(b'x'), []), (b'link/y', entry(b'z'), [])]",
                "read.restore(None, b'', target)",
                "assert os.listdir(target) == [b'link'] and os.listdir(outside) == [], os.listdir(outside)");
        Path target = folder.resolve("target");
        Ran ran = run("python3", "-c", script, reader().getParent().toString(), target.toString(), outside.toString());
        assertEquals(0, ran.exitCode, ran.output);
    }
}
