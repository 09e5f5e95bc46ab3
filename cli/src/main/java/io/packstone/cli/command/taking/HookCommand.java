package io.packstone.cli.command.taking;

import io.packstone.cli.text.Wording;
import io.packstone.metadata.Quoting;
import io.packstone.metadata.RawName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One command that a shell runs, of which only the end and the last that it said matter. It speaks to a file, so that what
 * it leaves running, such as a session of a database, neither holds up its end nor loses its standard error. For one thread.
 */
final class HookCommand {
    private static final int TAIL_LENGTH = 64 << 10;
    private static final int LINES_TOLD = 5;
    private static final int LINE_LENGTH = 300;
    private static final long PATIENCE_SECONDS = 5;
    private static final int PATHS_LENGTH = 24_000;

    private final String command;
    private final Path folder;
    private final Map<String, String> variables;
    private final RawName paths;

    /**
     * How it ended.
     *
     * @param problem why it failed, null when it did not
     * @param lines the last that it said
     */
    record End(@Nullable String problem, List<String> lines, boolean interrupted) {}

    HookCommand(String command, Path folder, Map<String, String> variables, RawName paths) {
        this.command = command;
        this.folder = folder;
        this.variables = variables;
        this.paths = paths;
    }

    /** Runs it; an interrupt ends it when it is {@code interruptible}, and waits for its end otherwise. */
    End run(Duration timeout, boolean interruptible) {
        Path said = null;
        try {
            said = Files.createTempFile("packstone-hook", ".txt");
            Process process = start(said);
            return end(process, timeout, interruptible, said);
        } catch (IOException e) {
            return new End("could not be run: " + Quoting.quote(String.valueOf(e.getMessage())), List.of(), false);
        } finally {
            delete(said);
        }
    }

    private static void delete(@Nullable Path said) {
        try {
            if (said != null) {
                Files.deleteIfExists(said);
            }
        } catch (IOException e) {
            return; // A small file stays where such files are cleaned away.
        }
    }

    private Process start(Path said) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", script())
                .directory(folder.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(said.toFile()));
        Map<String, String> environment = builder.environment();
        environment.keySet().removeAll(List.of("PACKSTONE_PATHS", "PACKSTONE_STATUS", "PACKSTONE_SNAPSHOT"));
        environment.putAll(variables);
        if (paths.length() <= PATHS_LENGTH && ShellText.isPlain(paths)) {
            environment.put("PACKSTONE_PATHS", paths.toText());
        }
        return builder.start();
    }

    private String script() {
        String whole = ShellText.script(command);
        boolean odd = paths.length() <= PATHS_LENGTH && !ShellText.isPlain(paths);
        return odd
                ? "PACKSTONE_PATHS=\"" + ShellText.substitution(paths) + "\"; export PACKSTONE_PATHS\n" + whole
                : whole;
    }

    private End end(Process process, Duration timeout, boolean interruptible, Path said) throws IOException {
        long until = System.nanoTime() + timeout.toNanos();
        boolean interrupted = false;
        boolean ended = false;
        while (!ended && !(interrupted && interruptible)) {
            long left = until - System.nanoTime();
            if (left <= 0) {
                break;
            }
            try {
                ended = process.waitFor(left, TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (!ended) {
            kill(process);
        }
        List<String> lines = tail(said);
        if (!ended) {
            return new End("was ended, since it took longer than " + text(timeout) + told(lines), lines, interrupted);
        }
        int code = process.exitValue();
        return new End(code == 0 ? null : "ended with exit code " + code + told(lines), lines, interrupted);
    }

    /** With all that it started. */
    private static void kill(Process process) {
        List<ProcessHandle> below = process.descendants().toList();
        below.forEach(ProcessHandle::destroy);
        process.destroy();
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        boolean interrupted = Thread.interrupted();
        while (process.isAlive() && System.nanoTime() < until) {
            try {
                process.waitFor(until - System.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        below.forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static String text(Duration timeout) {
        return Wording.duration(timeout.toSeconds());
    }

    private static String told(List<String> lines) {
        if (lines.isEmpty()) {
            return "";
        }
        List<String> last = lines.subList(Math.max(0, lines.size() - LINES_TOLD), lines.size());
        return " (it said: " + Quoting.quote(String.join(" / ", last)) + ")";
    }

    private static List<String> tail(Path said) throws IOException {
        try (FileChannel channel = FileChannel.open(said)) {
            long start = Math.max(0, channel.size() - TAIL_LENGTH);
            ByteBuffer bytes = ByteBuffer.allocate((int) (channel.size() - start));
            int count = 0;
            while (bytes.hasRemaining() && count >= 0) {
                count = channel.read(bytes, start + bytes.position());
            }
            return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .map(line -> line.length() > LINE_LENGTH ? line.substring(0, LINE_LENGTH) + "..." : line)
                    .toList();
        }
    }
}
