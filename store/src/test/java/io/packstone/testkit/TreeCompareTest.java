package io.packstone.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.metadata.FileFlags;
import io.packstone.metadata.RawName;
import io.packstone.posix.DirectoryHandle;
import io.packstone.posix.FileHandle;
import io.packstone.posix.Posix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The judge of the other tests: two trees of one seed are the same, and each change to one of them is told. */
class TreeCompareTest {
    private static final RawName FILE = RawName.of("the file");

    @TempDir
    Path place;

    private interface Change {
        void of(DirectoryHandle folder, FileHandle file) throws IOException;
    }

    private void tells(String what, Change change) throws IOException {
        Path left = Files.createTempDirectory(place, "left");
        Path right = Files.createTempDirectory(place, "right");
        for (Path each : List.of(left, right)) {
            try (DirectoryHandle folder = new Posix().openRoot(RawName.of(each.toString()));
                    FileHandle file = folder.createFile(FILE, 0600)) {
                file.truncate(1 << 20);
                file.write(1 << 19, new byte[] {1}, 0, 1);
                if (each == right) {
                    change.of(folder, file);
                }
            }
            new HostileTree(7, Abilities.in(each)).create(each, 40);
        }
        List<String> differences = TreeCompare.allDifferences(left, right);
        if (what.isEmpty()) {
            assertEquals(1, differences.size(), "but for the time of the file: " + differences);
        } else {
            assertTrue(differences.stream().anyMatch(line -> line.contains(what)), what + " in " + differences);
        }
        HostileTree.delete(left);
        HostileTree.delete(right);
    }

    @Test
    void everyChangeIsTold() throws IOException {
        Abilities can = Abilities.in(place);
        tells("", (folder, file) -> {});
        tells("bytes differ at " + (1 << 19), (folder, file) -> file.write(1 << 19, new byte[] {2}, 0, 1));
        tells("size", (folder, file) -> file.truncate(5));
        tells("mode", (folder, file) -> file.setMode(0640));
        tells("appeared", (folder, file) -> folder.makeFifo(RawName.of("more"), 0600));
        if (can.holes()) {
            tells("layout", (folder, file) -> file.write(0, new byte[1], 0, 1));
        }
        if (can.user()) {
            tells("attributes", (folder, file) -> file.attributes().set(RawName.of("user.x"), new byte[1]));
        }
        if (can.noDump()) {
            tells("flags", (folder, file) -> file.changeFlags(0, FileFlags.NO_DUMP));
        }
    }
}
