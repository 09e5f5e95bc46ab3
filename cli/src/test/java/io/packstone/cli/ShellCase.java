package io.packstone.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests that begin with a small source tree, and a shell that names a repository beside it, not made yet. */
class ShellCase {
    @TempDir
    Path folder;

    Path work;
    Path source;
    Path repository;
    Shell shell;

    @BeforeEach
    void makeSource() throws IOException {
        work = folder.toRealPath();
        source = Files.createDirectories(work.resolve("source"));
        repository = work.resolve("repository");
        Files.createDirectories(source.resolve("below/deep"));
        Files.writeString(source.resolve("a.txt"), "hello\n");
        Files.writeString(source.resolve("below/b.txt"), "world\n");
        byte[] big = new byte[3_000_000];
        new Random(5).nextBytes(big);
        Files.write(source.resolve("below/deep/big.bin"), big);
        Files.createSymbolicLink(source.resolve("link"), Path.of("a.txt"));
        shell = new Shell(work);
        shell.environment.put("PACKSTONE_KEY_FILE", keyFile().toString());
        shell.environment.put("PACKSTONE_REPOSITORY", "repository");
    }

    /** The shell's secret is a password from now on. */
    void usePassword() {
        shell.environment.remove("PACKSTONE_KEY_FILE");
        shell.environment.put("PACKSTONE_PASSWORD", "correct horse");
    }

    /** The same for all tests: each command that is given a password takes half a second to try it. */
    static Path keyFile() {
        return Key.FILE;
    }

    private static final class Key {
        private static final Path FILE = make();

        private static Path make() {
            try {
                Path made = Files.createTempDirectory(Path.of("target").toRealPath(), "key");
                Path key = made.resolve("key");
                new Shell(made)
                        .run("init", "--repo", made.resolve("first").toString(), "--key-file", key.toString())
                        .expect(0);
                return key;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Takes a snapshot of the source; its id. */
    String snapshot() throws IOException {
        shell.run("snapshot", "source", "--quiet").expect(0);
        List<Map<String, Object>> all =
                shell.run("snapshots", "--json").expect(0).array();
        return (String) all.get(all.size() - 1).get("id");
    }

    /** Changes one byte in the middle of a stored object. */
    void flip(String object) throws IOException {
        Path file = repository.resolve(object);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
    }
}
