package io.packstone.endtoend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.progress.ProgressListener;
import io.packstone.repository.Repository;
import io.packstone.repository.RepositoryOptions;
import io.packstone.repository.StoredSnapshot;
import io.packstone.restore.Restore;
import io.packstone.restore.RestoreOptions;
import io.packstone.testkit.MemoryBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A repository of version 1 opens and restores for ever. */
final class GoldenRepositoryTest {
    @TempDir
    Path folder = Path.of("");

    private static Repository open() throws IOException {
        MemoryBackend backend = new MemoryBackend();
        for (Map.Entry<String, byte[]> object : GoldenRepository.objects().entrySet()) {
            backend.put(object.getKey(), object.getValue());
        }
        return Repository.open(backend, GoldenRepository.secret(), RepositoryOptions.defaults());
    }

    /** What the second snapshot held below {@code /srv/golden}. */
    static void expectTree(Path tree) throws IOException {
        Path greeting = tree.resolve("greeting");
        assertEquals("hello\n", Files.readString(greeting));
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(greeting)));
        assertTrue(Files.isSameFile(greeting, tree.resolve("folder/again")));
        assertArrayEquals(new byte[9_000_000], Files.readAllBytes(tree.resolve("folder/zeros")));
        assertEquals(Path.of("folder/zeros"), Files.readSymbolicLink(tree.resolve("link")));
        assertEquals("the second snapshot has this\n", Files.readString(tree.resolve("second")));
        for (String path : List.of("greeting", "folder/zeros", "folder", "folder/empty")) {
            Instant modified = Files.getLastModifiedTime(tree.resolve(path), LinkOption.NOFOLLOW_LINKS)
                    .toInstant();
            assertEquals(Instant.ofEpochSecond(1_500_000_000L, 123_456_789), modified, path);
        }
    }

    @Test
    void theRepositoryOfVersion1OpensChecksAndRestores() throws IOException {
        try (Repository opened = open().loadIndex()) {
            List<StoredSnapshot> snapshots = opened.snapshots().list().snapshots();
            assertEquals(
                    List.of(
                            "349d31951376ce79b9e404938a044cf8f97a80a86af0698c01b562ce1027b317",
                            "8a6a9d1a0df986a9aba9044cb6871b5d31ed1d98850aa95b099166dec5d5212e"),
                    snapshots.stream().map(each -> each.id().toHex()).toList());
            assertEquals(List.of(), Workplace.check(opened));
            for (int i = 0; i < 2; i++) {
                Path target = folder.resolve("target" + i);
                RestoreOptions options = RestoreOptions.to(Workplace.name(target));
                new Restore(opened).run(snapshots.get(i), options, ProgressListener.NONE);
            }
            expectTree(folder.resolve("target1/srv/golden"));
            assertFalse(Files.exists(folder.resolve("target0/srv/golden/second")));
        }
    }
}
