package io.packstone.posix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * What tells a process from all others: enough to see, later and on the same machine, that it is gone.
 *
 * @param machine the same for all processes of this machine, as long as it has its name
 * @param boot the same for all processes of this machine that see each other, until it starts again
 * @param pid the process id
 * @param started when the process began, milliseconds since 1970; 0 when that can't be known
 */
public record ProcessIdentity(String machine, String boot, long pid, long started) {
    private static final Path MACHINE = Path.of("/etc/machine-id");
    private static final Path HOST = Path.of("/proc/sys/kernel/hostname");
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
    private static final Path NAMESPACE = Path.of("/proc/self/ns/pid");

    /** Asked for once: it never changes. */
    private static final class Own {
        private static final ProcessIdentity IDENTITY = ask();

        private static ProcessIdentity ask() {
            ProcessHandle self = ProcessHandle.current();
            return new ProcessIdentity(
                    text(MACHINE) + "/" + text(HOST),
                    text(BOOT) + "/" + target(NAMESPACE),
                    self.pid(),
                    ProcessIdentity.started(self.info().startInstant()));
        }
    }

    /** This process. */
    public static ProcessIdentity current() {
        return Own.IDENTITY;
    }

    /** True when no process of this machine has that id and began then. */
    public static boolean isGone(long pid, long started) {
        if (pid == current().pid && started == current().started) {
            return false;
        }
        Optional<ProcessHandle> process = ProcessHandle.of(pid);
        if (process.isEmpty() || !process.get().isAlive()) {
            return true;
        }
        long found = started(process.get().info().startInstant());
        return started != 0 && found != 0 && found != started;
    }

    private static long started(Optional<Instant> instant) {
        return instant.map(Instant::toEpochMilli).orElse(0L);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            return "";
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return "";
        }
    }
}
