package io.packstone.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is said and asked about metadata on the command line. */
class MetadataTest extends ShellCase {
    private static UserDefinedFileAttributeView attributes(Path file) {
        return Files.getFileAttributeView(file, UserDefinedFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    }

    private void setAttribute() throws IOException {
        boolean set;
        try {
            attributes(source.resolve("a.txt")).write("note", ByteBuffer.wrap(new byte[] {1, 2}));
            set = true;
        } catch (IOException e) {
            set = false;
        }
        assumeTrue(set, "the file system of " + source + " has no user attributes");
    }

    @Test
    void attributesComeBackUnlessTheyAreSkipped() throws IOException {
        setAttribute();
        shell.run("init").expect(0);
        snapshot();
        shell.run("restore", "latest:" + source, "--target", "all").expect(0);
        assertEquals(List.of("note"), attributes(work.resolve("all/a.txt")).list());
        shell.run("restore", "latest:" + source, "--target", "none", "--xattr=skip", "--owner=skip", "--acl=skip")
                .expect(0);
        assertEquals(List.of(), attributes(work.resolve("none/a.txt")).list());
        shell.run("restore", "latest:" + source, "--target", "must", "--xattr=require")
                .expect(0);
        Map<String, Object> report = shell.run("restore", "latest", "--target", "json", "--json")
                .expect(0)
                .object();
        assertEquals(List.of(), report.get("notSet"));
    }

    @Test
    void aRuleThatIsNoneIsRefused() throws IOException {
        shell.run("init").expect(0);
        snapshot();
        for (String option : List.of("--owner", "--acl", "--xattr")) {
            Shell.Outcome refused = shell.run("restore", "latest", "--target", "x", option, "perhaps")
                    .expect(2);
            assertTrue(refused.messages().contains("require, try or skip"), refused.messages());
            assertFalse(Files.exists(work.resolve("x")));
        }
    }

    @Test
    void whatASnapshotLacksIsListed() throws IOException {
        shell.run("init").expect(0);
        snapshot();
        Map<String, Object> only =
                shell.run("snapshots", "--json").expect(0).array().get(0);
        boolean root = (int) Files.getAttribute(work, "unix:uid") == 0;
        List<?> lacks = (List<?>) Shell.require(only.get("lacks"));
        assertEquals(root ? List.of() : List.of(Map.of("kind", "trusted", "count", 0L, "path", "")), lacks);
        assertEquals("complete", only.get("status"));
    }
}
