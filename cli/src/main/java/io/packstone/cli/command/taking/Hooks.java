package io.packstone.cli.command.taking;

import io.packstone.backup.BackupReport;
import io.packstone.cli.setup.Context;
import io.packstone.cli.setup.RawText;
import io.packstone.metadata.Quoting;
import io.packstone.metadata.RawName;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What runs before and after a snapshot, such as to make a snapshot of a file system and to remove it. The second runs
 * once whenever the first was begun: after the commit, since until then files may have to be read again, or after the
 * failure; when the process is told to end and does not get there in {@value #PATIENCE_SECONDS} seconds, beside it. For
 * one snapshot.
 */
final class Hooks {
    private static final int PATIENCE_SECONDS = 45;
    private static final String FAILED = "failed";

    private final Context context;
    private final @Nullable String before;
    private final @Nullable String after;
    private final Duration timeout;
    private final RawName paths;
    private final AtomicBoolean afterBegun = new AtomicBoolean();
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile @Nullable String afterProblem;

    /** What takes the snapshot in between. */
    interface Taking {
        /** Takes it. */
        BackupReport run() throws IOException;
    }

    Hooks(Context context, @Nullable String before, @Nullable String after, Duration timeout, List<RawName> paths) {
        this.context = context;
        this.before = before;
        this.after = after;
        this.timeout = timeout;
        this.paths = lines(paths);
    }

    private static RawName lines(List<RawName> paths) {
        StringBuilder text = new StringBuilder();
        for (RawName path : paths) {
            text.append(text.isEmpty() ? "" : "\n").append(RawText.decode(path.array()));
        }
        return RawText.encode(text.toString());
    }

    /** True when something runs before. */
    boolean hold() {
        return before != null;
    }

    /** What became of the second one: why it failed, null when it did not. */
    @Nullable
    String afterProblem() {
        return afterProblem;
    }

    /** Runs both, with {@code taking} in between. */
    BackupReport around(Taking taking) throws IOException {
        if (before == null && after == null) {
            return taking.run();
        }
        Thread guard = new Thread(this::atExit, "hooks");
        guard(guard);
        String status = FAILED;
        String snapshot = "";
        try {
            if (before != null) {
                before(before);
            }
            BackupReport report = taking.run();
            status = report.status();
            snapshot = report.snapshot() == null ? "" : report.snapshot().toString();
            return report;
        } finally {
            try {
                after(status, snapshot);
            } finally {
                over.countDown();
                release(guard);
            }
        }
    }

    private static void guard(Thread guard) throws IOException {
        try {
            Runtime.getRuntime().addShutdownHook(guard);
        } catch (IllegalStateException e) {
            throw new InterruptedIOException("interrupted"); // The process is about to end; nothing was begun.
        }
    }

    private static void release(Thread guard) {
        try {
            Runtime.getRuntime().removeShutdownHook(guard);
        } catch (IllegalStateException e) {
            return; // The process is about to end, and finds that all is over.
        }
    }

    private void atExit() {
        try {
            if (!over.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                after(FAILED, "");
                over.await(timeout.toSeconds() + PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void before(String command) throws IOException {
        HookCommand.End end =
                new HookCommand(command, folder(), Map.of("PACKSTONE_HOOK", "before"), paths).run(timeout, true);
        if (end.interrupted()) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
        String problem = end.problem();
        if (problem != null) {
            throw new IOException("the command before the snapshot, '" + Quoting.quote(command) + "', " + problem
                    + "; no snapshot was taken: see to it and run this again");
        }
        pass(end);
    }

    /** Told at once: what comes after may be another failure. A thread that was interrupted still runs it to its end. */
    private void after(String status, String snapshot) {
        if (after == null || !afterBegun.compareAndSet(false, true)) {
            return;
        }
        boolean interrupted = Thread.interrupted();
        Map<String, String> variables =
                Map.of("PACKSTONE_HOOK", "after", "PACKSTONE_STATUS", status, "PACKSTONE_SNAPSHOT", snapshot);
        HookCommand.End end = new HookCommand(after, folder(), variables, paths).run(timeout, false);
        if (interrupted || end.interrupted()) {
            Thread.currentThread().interrupt();
        }
        String problem = end.problem();
        if (problem == null) {
            pass(end);
            return;
        }
        String what = status.equals(FAILED) || snapshot.isEmpty() ? "" : "; the snapshot is taken and stays";
        afterProblem = "the command after the snapshot, '" + Quoting.quote(after) + "', " + problem + what
                + ": what it was to undo may still be as it was";
        context.console().tell("packstone: " + afterProblem);
    }

    private Path folder() {
        return RawText.path(context.surroundings().folder());
    }

    private void pass(HookCommand.End end) {
        for (String line : end.lines()) {
            context.say(Quoting.quote(line));
        }
    }
}
