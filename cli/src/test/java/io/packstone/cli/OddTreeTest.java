package io.packstone.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.cli.setup.RawText;
import io.packstone.metadata.RawName;
import io.packstone.posix.DirectoryHandle;
import io.packstone.posix.FileHandle;
import io.packstone.posix.Posix;
import io.packstone.testkit.TreeCompare;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names and depths at the limits of the system, through the command line: snapshot, ls, diff, cat, restore. */
class OddTreeTest {
    private static final int LEVELS = 1000;

    @TempDir
    Path folder;

    private final Posix posix = new Posix();
    private Path work;
    private Path source;
    private Shell shell;

    @BeforeEach
    void makeRepository() throws IOException {
        work = folder.toRealPath();
        source = Files.createDirectories(work.resolve("source"));
        shell = new Shell(work);
        shell.environment.put("PACKSTONE_KEY_FILE", work.resolve("key").toString());
        shell.environment.put("PACKSTONE_REPOSITORY", work.resolve("repository").toString());
        shell.run("init", "--key-file", "key").expect(0);
    }

    /** Paths too long for the file system's own deleting. */
    @AfterEach
    void deleteDeepTrees() throws Exception {
        List<String> command =
                List.of("rm", "-rf", source.toString(), work.resolve("again").toString());
        assertEquals(0, new ProcessBuilder(command).start().waitFor());
    }

    /** Makes one folder within the other; the innermost gets a file. */
    private void nest(List<RawName> names) throws IOException {
        DirectoryHandle current = posix.openRoot(RawName.of(source.toString()));
        for (RawName name : names) {
            try (DirectoryHandle above = current) {
                above.makeDirectory(name, 0755);
                current = above.openDirectory(name);
            }
        }
        try (DirectoryHandle innermost = current;
                FileHandle file = innermost.createFile(RawName.of("at the bottom"), 0644)) {
            file.write(0, "deep".getBytes(java.nio.charset.StandardCharsets.UTF_8), 0, 4);
        }
    }

    private static RawName name(int length, char fill) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) fill);
        return RawName.takeOver(bytes);
    }

    private void comesBack(int fileCount) throws IOException {
        Map<String, Object> report =
                shell.run("snapshot", "source", "--json").expect(0).object();
        assertEquals("complete", report.get("status"));
        assertEquals((long) fileCount, report.get("filesNew"));
        shell.run("check", "--read-data").expect(0);
        shell.run("restore", "latest:" + source, "--target", "again").expect(0);
        assertEquals(List.of(), TreeCompare.differences(source, work.resolve("again")));
    }

    private List<Map<String, Object>> listed(String... arguments) throws IOException {
        return shell.run(arguments).expect(0).array();
    }

    @Test
    void aPathOfFourThousandBytes() throws IOException {
        // The longest that the system takes in one piece has 4,095 bytes; from here on it has to be walked.
        RawName[] names = new RawName[17];
        Arrays.fill(names, name(255, 'n'));
        nest(List.of(names));
        comesBack(1);
        List<Map<String, Object>> found = listed("find", "at the bottom", "--json");
        String path = (String) found.get(0).get("path");
        assertTrue(path.length() > 4096, path);
        assertEquals("deep", shell.run("cat", "latest:" + path).expect(0).text());
        assertEquals(18, listed("ls", "latest:" + source, "-r", "--json").size());
    }

    @Test
    void aThousandLevels() throws IOException {
        RawName[] names = new RawName[LEVELS];
        Arrays.fill(names, name(9, 'd'));
        nest(List.of(names));
        comesBack(1);
        assertEquals(
                LEVELS + 1, listed("ls", "latest:" + source, "-r", "--json").size());
        nest(List.of(RawName.of("beside"), RawName.of("it")));
        shell.run("snapshot", "source").expect(0);
        Set<Object> changed = listed("diff", "latest~1", "latest", "--json").stream()
                .filter(change -> change.get("change").equals("added"))
                .map(change -> change.get("path"))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(Set.of(source + "/beside", source + "/beside/it", source + "/beside/it/at the bottom"), changed);
        shell.run("restore", "latest:" + source, "--target", "again").expect(0);
        assertEquals(List.of(), TreeCompare.differences(source, work.resolve("again")));
    }

    @Test
    void everyByteThatANameMayHave() throws IOException {
        try (DirectoryHandle root = posix.openRoot(RawName.of(source.toString()))) {
            for (int value = 1; value < 256; value++) {
                if (value != '/') {
                    byte[] bytes = {'x', (byte) value};
                    root.createFile(RawName.takeOver(bytes), 0644).close();
                    if (value != '.') {
                        root.makeDirectory(RawName.takeOver(new byte[] {(byte) value}), 0755);
                    }
                }
            }
            for (int fill : new int[] {'n', 0xff, 0x80, '\n', '*'}) {
                root.createFile(name(255, (char) fill), 0644).close();
            }
        }
        comesBack(254 + 5);
        List<Map<String, Object>> listed = listed("ls", "latest:" + source, "--json");
        Set<RawName> names = listed.stream().map(OddTreeTest::bytesOf).collect(Collectors.toCollection(TreeSet::new));
        assertEquals(254 + 253 + 5, names.size());
        RawName odd = RawText.encode(source + "/x" + RawText.decode(new byte[] {(byte) 0xfe}));
        assertTrue(names.contains(odd));
        Files.writeString(RawText.path(odd), "changed");
        shell.run("snapshot", "source").expect(0);
        assertTrue(listed("diff", "latest~1", "latest", "--json").stream()
                .anyMatch(change ->
                        bytesOf(change).equals(odd) && change.get("change").equals("modified")));
        assertEquals(
                "changed",
                shell.run("cat", "latest:" + RawText.decode(odd.array()))
                        .expect(0)
                        .text());
    }

    private static RawName bytesOf(Map<String, Object> line) {
        Object bytes = line.get("pathBytes");
        return bytes == null
                ? RawName.of((String) line.get("path"))
                : RawName.takeOver(Base64.getDecoder().decode((String) bytes));
    }
}
