package io.packstone.cli.turmoil;

import io.packstone.cli.RealProgram;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * The processes that run. Each may be stopped and killed, and all at once be stopped for a look. They end with this,
 * whatever happens: also when the whole test is ended. Thread-safe.
 */
final class Herd implements AutoCloseable {
    private static final int STOPPED_WITHIN_MILLIS = 20_000;

    private final Set<Process> alive = new HashSet<>();
    private final Set<Process> held = new HashSet<>();
    private final Thread atExit = new Thread(this::end);
    private boolean paused;
    private boolean closed;

    Herd() {
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** Starts a process, once nobody looks. */
    synchronized RealProgram.Running start(RealProgram program, String... arguments)
            throws IOException, InterruptedException {
        while (paused) {
            wait();
        }
        if (closed) {
            throw new InterruptedException("it is over");
        }
        RealProgram.Running running = program.start(arguments);
        alive.add(running.process);
        return running;
    }

    /** A process has ended. */
    synchronized void ended(Process process) {
        alive.remove(process);
        held.remove(process);
    }

    /** Stops a process until {@link #release}. */
    synchronized void hold(Process process) throws IOException, InterruptedException {
        held.add(process);
        signal("STOP", process);
    }

    synchronized void release(Process process) throws IOException, InterruptedException {
        held.remove(process);
        if (!paused) {
            signal("CONT", process);
        }
    }

    /** By SIGKILL, which ends a process that is stopped too. */
    synchronized void kill(Process process) {
        process.destroyForcibly();
    }

    /** Stops all of them, and returns when they stand still. */
    synchronized void pause() throws IOException, InterruptedException {
        paused = true;
        for (Process process : alive) {
            signal("STOP", process);
        }
        for (Process process : alive) {
            for (int waited = 0; !standsStill(process); waited++) {
                if (waited > STOPPED_WITHIN_MILLIS) {
                    throw new IOException("process " + process.pid() + " does not stop");
                }
                Thread.sleep(1);
            }
        }
    }

    /** Lets those go on that were not stopped before. */
    synchronized void resume() throws IOException, InterruptedException {
        paused = false;
        for (Process process : alive) {
            if (!held.contains(process)) {
                signal("CONT", process);
            }
        }
        notifyAll();
    }

    private static void signal(String name, Process process) throws IOException, InterruptedException {
        if (process.isAlive()) {
            new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid() + " 2>/dev/null")
                    .start()
                    .waitFor();
        }
    }

    /** True when each of its threads is stopped, or it has ended. */
    private static boolean standsStill(Process process) {
        Path tasks = Path.of("/proc/" + process.pid() + "/task");
        try (DirectoryStream<Path> all = Files.newDirectoryStream(tasks)) {
            for (Path task : all) {
                String stat = Files.readString(task.resolve("stat"), StandardCharsets.ISO_8859_1);
                char state = stat.charAt(stat.lastIndexOf(')') + 2);
                if ("TtZX".indexOf(state) < 0) {
                    return false;
                }
            }
            return true;
        } catch (IOException | DirectoryIteratorException e) {
            return !process.isAlive(); // It has just ended, or one of its threads has.
        }
    }

    private synchronized void end() {
        closed = true;
        paused = false;
        alive.forEach(Process::destroyForcibly);
        notifyAll();
    }

    @Override
    public void close() {
        end();
        Runtime.getRuntime().removeShutdownHook(atExit);
    }
}
