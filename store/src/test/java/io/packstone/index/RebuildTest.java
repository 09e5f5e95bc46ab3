package io.packstone.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.testkit.ClassPath;
import io.packstone.testkit.MeasuredChild;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An index of ten million chunks, in JVMs with a heap of 256 MiB whose resident memory stays under 400 MB: made from
 * segments in under a minute, and asked the same questions as the segments themselves in plain Java, with no RocksDB on
 * the class path.
 */
@Tag("soak")
class RebuildTest {
    /** Of processor time, since others may be at work on this machine; read and written bytes stay in memory. */
    private static final double SECONDS_MAX = 60;

    private static final long RESIDENT_KIB_MAX = 400_000_000 / 1024;

    @TempDir
    Path folder;

    @Test
    void tenMillionChunks() throws Exception {
        Path segments = Files.createDirectory(folder.resolve("segments"));
        TenMillionChunks.write(segments);
        Map<String, String> stored = run("stored", ClassPath.option(), segments);
        assertEquals(String.valueOf(TenMillionChunks.COUNT), stored.get("chunks"));
        assertTrue(Double.parseDouble(stored.get("load-cpu-seconds")) < SECONDS_MAX, stored::toString);
        Map<String, String> plain = run("plain", withoutRocks(), segments);
        assertEquals("absent", plain.get("rocksdb"));
        assertEquals(stored.get("answers"), plain.get("answers"));
        for (Map<String, String> child : List.of(stored, plain)) {
            assertTrue(Long.parseLong(child.get("peak-kib")) < RESIDENT_KIB_MAX, child::toString);
        }
    }

    private static String withoutRocks() {
        return Arrays.stream(ClassPath.option().split(File.pathSeparator))
                .filter(entry -> !entry.contains("rocksdb"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private Map<String, String> run(String kind, String classPath, Path segments) throws Exception {
        return MeasuredChild.run(
                "ten million chunks, " + kind,
                folder.resolve(kind),
                classPath,
                TenMillionChunks.class,
                List.of(kind, segments.toString(), folder.resolve("cache").toString()));
    }
}
