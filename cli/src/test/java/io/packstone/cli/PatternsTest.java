package io.packstone.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.cli.setup.RawText;
import io.packstone.metadata.RawName;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Patterns, tags and paths that are not text. */
class PatternsTest extends ShellCase {
    /** As an argument that the program was started with: the bytes of Latin-1. */
    private static String argument(String latin) {
        return RawText.decode(latin.getBytes(ISO_8859_1));
    }

    @BeforeEach
    void makeNames() throws IOException {
        for (String name : List.of("caf\u00e9", "caf\u00ea", "#draft#", "end ")) {
            Files.writeString(
                    RawText.path(RawName.takeOver((source + "/" + name).getBytes(ISO_8859_1))), "something of " + name);
        }
        shell.run("init").expect(0);
    }

    private List<String> taken(String... arguments) throws IOException {
        shell.run(arguments).expect(0);
        return shell.run("find", "*", "--snapshot", "latest")
                .expect(0)
                .text()
                .lines()
                .map(line -> line.substring(line.lastIndexOf('/') + 1))
                .filter(name -> name.startsWith("caf") || name.startsWith("#") || name.startsWith("end"))
                .collect(Collectors.toList());
    }

    @Test
    void excludesAreBytes() throws IOException {
        assertEquals(
                List.of("#draft#", "caf\\xe9", "end "),
                taken("snapshot", "source", "--exclude", argument("caf\u00ea")));
        assertEquals(
                List.of("caf\\xea"),
                taken("snapshot", "source", "--exclude", "#*", "--exclude", "end ", "--exclude", argument("*\u00e9")));
        Files.write(work.resolve("rules"), "# names\r\n\u00e9\r\n\\#*\n[c-d]af\u00ea\nend\\ \n".getBytes(ISO_8859_1));
        assertEquals(List.of("caf\\xe9"), taken("snapshot", "source", "--exclude-file", "rules"));
    }

    @Test
    void restoreAndFindTakeBytesToo() throws IOException {
        shell.run("snapshot", "source").expect(0);
        shell.run("restore", "latest:" + source, "--target", "back", "--include", argument("caf\u00e9"))
                .expect(0);
        assertEquals(
                "caf\\xe9",
                shell.run("find", argument("*\u00e9")).expect(0).text().strip().replaceFirst(".*/", ""));
        try (var files = Files.list(work.resolve("back"))) {
            assertEquals(1, files.count());
        }
        assertEquals(
                "something of caf\u00e9",
                shell.run("cat", argument("latest:source/caf\u00e9")).expect(0).text());
        Files.write(work.resolve("list"), (source + "/caf\u00e9\n\n" + source + "/end \n").getBytes(ISO_8859_1));
        assertEquals(List.of("caf\\xe9", "end "), taken("snapshot", "--files-from", "list"));
    }

    @Test
    void whatIsKeptAsTextMustBeText() throws IOException {
        for (String option : List.of("--tag", "--host")) {
            Shell.Outcome outcome =
                    shell.run("snapshot", "source", option, argument("\u00e9")).expect(2);
            assertTrue(outcome.messages().contains(option + ": '\\xe9' is not UTF-8"), outcome.messages());
        }
        assertEquals(List.of(), shell.run("snapshots", "--json").array());
    }
}
