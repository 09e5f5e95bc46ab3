package io.packstone.cli;

import java.io.IOException;
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
        shell.environment.put("PACKSTONE_PASSWORD", "correct horse");
        shell.environment.put("PACKSTONE_REPOSITORY", "repository");
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
