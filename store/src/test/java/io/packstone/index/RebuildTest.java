package io.packstone.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.testkit.ClassPath;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-cp", classPath, TenMillionChunks.class.getName()));
        command.addAll(
                List.of(kind, segments.toString(), folder.resolve("cache").toString()));
        Path output = folder.resolve(kind);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("MALLOC_ARENA_MAX", "2"); // as the launcher does
        Process child = builder.redirectOutput(output.toFile()).start();
        int code = child.waitFor();
        String text = Files.readString(output);
        System.out.println("ten million chunks, " + kind + ":\n" + text);
        assertEquals(0, code, text);
        return parse(text);
    }

    private static Map<String, String> parse(String text) throws IOException {
        Map<String, String> values = new TreeMap<>();
        for (String line : text.lines().toList()) {
            String[] words = line.split(" ", 2);
            values.put(words[0], words.length == 2 ? words[1] : "");
        }
        assertTrue(text.getBytes(StandardCharsets.UTF_8).length < 1 << 16);
        return values;
    }
}
