package io.packstone.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A program in a JVM of its own, with a heap of 256 MiB, that says how it went: lines of a name, a space and a value on
 * its standard output. Parents run it, children say.
 */
public final class MeasuredChild {
    private static final Path SELF = Path.of("/proc/self/status");

    private MeasuredChild() {}

    /** The folder of this JVM's program. */
    public static Path java() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    /**
     * Runs a main class to its end, which must be a good one, and repeats what it said under {@code title}.
     *
     * @param output where its words go; a file beside others of the test
     */
    public static Map<String, String> run(
            String title, Path output, String classPath, Class<?> main, List<String> arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(java().toString(), "-Xmx256m", "-XX:+UseSerialGC"));
        command.add("-Djava.io.tmpdir=" + output.toAbsolutePath().getParent());
        command.addAll(List.of("-cp", classPath, main.getName()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("MALLOC_ARENA_MAX", "2"); // as the launcher does
        Process child = builder.redirectOutput(output.toFile()).start();
        int code = child.waitFor();
        String text = Files.readString(output, StandardCharsets.UTF_8);
        System.out.println(title + ":\n" + text);
        assertEquals(0, code, text);
        Map<String, String> values = new TreeMap<>();
        for (String line : text.lines().toList()) {
            String[] words = line.split(" ", 2);
            values.put(words[0], words.length == 2 ? words[1] : "");
        }
        return values;
    }

    /** In a child: a line for its parent. */
    public static void say(String name, Object value) {
        System.out.println(name + " " + value);
    }

    /** In a child: the most memory that it had resident so far, as the kernel counts it. */
    public static long peakKib() throws IOException {
        return peakKib(SELF);
    }

    /** The most memory that a process had resident so far, by its status as the kernel tells it. */
    public static long peakKib(Path status) throws IOException {
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .sum();
        }
    }
}
