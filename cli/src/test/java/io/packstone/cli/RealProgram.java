package io.packstone.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.testkit.ClassPath;
import io.packstone.testkit.MeasuredChild;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The program in processes of its own, each with a heap of 256 MiB, watched from outside: how they end, what they say and
 * how much memory they hold at most.
 */
public final class RealProgram {
    private static final Path LAUNCHER =
            Path.of("..", "packstone").toAbsolutePath().normalize();
    private static final int POLL_MILLIS = 10;

    public final Map<String, String> environment = new HashMap<>();
    private final Path folder;
    private final List<String> command;
    private int started;

    /** How a process ended; {@code peakKib} is the most memory it had resident. */
    public record Outcome(int code, String output, String messages, long peakKib, double seconds, double cpuSeconds) {
        public Outcome expect(int wanted) {
            assertEquals(wanted, code, () -> "messages: " + messages + "\noutput: " + output);
            return this;
        }

        @SuppressWarnings("unchecked")
        public Map<String, Object> object() throws IOException {
            return (Map<String, Object>) Shell.require(Shell.json(output));
        }

        @SuppressWarnings("unchecked")
        public List<Map<String, Object>> array() throws IOException {
            return (List<Map<String, Object>>) Shell.require(Shell.json(output));
        }
    }

    private RealProgram(Path folder, List<String> command) {
        this.folder = folder;
        this.command = command;
        environment.put("HOME", folder.resolve("home").toString());
        environment.put("LC_ALL", "C.UTF-8");
    }

    /** By the class path of this test; in {@code folder}, where what it says is kept as well. */
    public static RealProgram of(Path folder) {
        return of(
                folder,
                List.of(
                        MeasuredChild.java().toString(),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        ClassPath.option(),
                        Main.class.getName()));
    }

    /** By any command that takes the program's arguments. */
    public static RealProgram of(Path folder, List<String> command) {
        return new RealProgram(folder, command);
    }

    /** Its command as arguments of another, with a copy of its environment. */
    RealProgram through(List<String> front) {
        List<String> whole = new ArrayList<>(front);
        whole.addAll(command);
        RealProgram program = new RealProgram(folder, whole);
        program.environment.putAll(environment);
        program.started = 1000;
        return program;
    }

    /** By the launcher, as a person starts it. */
    public static RealProgram launched(Path folder) {
        RealProgram program = new RealProgram(folder, List.of(LAUNCHER.toString()));
        program.environment.put("PACKSTONE_JAVA_HOME", System.getProperty("java.home"));
        program.environment.put("PACKSTONE_JAVA_OPTS", "-Xmx256m");
        return program;
    }

    /** Runs to the end. */
    public Outcome run(String... arguments) throws IOException, InterruptedException {
        return start(arguments).end();
    }

    /** Starts it. */
    public Running start(String... arguments) throws IOException {
        List<String> words = new ArrayList<>(command);
        words.addAll(List.of(arguments));
        Path said = folder.resolve("said-" + started++);
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(folder.toFile())
                .redirectOutput(Path.of(said + ".out").toFile())
                .redirectError(Path.of(said + ".err").toFile());
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("PACKSTONE_") || name.startsWith("XDG_") || name.startsWith("JAVA_"));
        builder.environment().putAll(environment);
        return new Running(builder.start(), said);
    }

    /** A process that may not have ended. */
    public static final class Running {
        public final Process process;
        private final Path said;
        private final long begun = System.nanoTime();
        private final Thread watch;
        private volatile long peakKib;
        private volatile double seconds;
        private volatile double cpuSeconds;

        private Running(Process process, Path said) {
            this.process = process;
            this.said = said;
            watch = new Thread(this::watch, "watch");
            watch.setDaemon(true);
            watch.start();
        }

        /** The kernel keeps the peak, so the last look before the end is all that counts. */
        private void watch() {
            Path status = Path.of("/proc/" + process.pid() + "/status");
            try {
                do {
                    peakKib = Math.max(peakKib, peak(status));
                    process.info().totalCpuDuration().ifPresent(cpu -> cpuSeconds = cpu.toNanos() / 1e9);
                } while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS));
                seconds = (System.nanoTime() - begun) / 1e9;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private static long peak(Path status) {
            try {
                return MeasuredChild.peakKib(status);
            } catch (IOException | java.io.UncheckedIOException e) {
                return 0; // it has just ended
            }
        }

        /** Waits for its end. */
        public Outcome end() throws IOException, InterruptedException {
            return end(6 * 3600);
        }

        /** Waits at most so long. */
        public Outcome end(int secondsMax) throws IOException, InterruptedException {
            boolean ended = process.waitFor(secondsMax, TimeUnit.SECONDS);
            process.destroyForcibly();
            watch.join();
            assertTrue(ended, () -> said + " has not ended after " + secondsMax + " seconds");
            return new Outcome(
                    process.exitValue(), read(said + ".out"), read(said + ".err"), peakKib, seconds, cpuSeconds);
        }

        private static String read(String file) throws IOException {
            return Files.readString(Path.of(file), StandardCharsets.UTF_8);
        }
    }
}
