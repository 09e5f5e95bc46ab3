package io.packstone.cli.setup;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns SIGINT and SIGTERM into an interrupt of the working thread, which then stores what it has and ends, with 130 or 143 or,
 * when that was all there was to do, as if nobody had called. After a minute the virtual machine ends all the same.
 */
public final class Interruption {
    private static final long PATIENCE_SECONDS = 60;

    private final Thread worker;
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile boolean requested;
    private volatile ExitCode code = ExitCode.INTERRUPTED;
    private volatile ExitCode end = ExitCode.INTERRUPTED;

    private Interruption(Thread worker) {
        this.worker = worker;
    }

    /** From now on a signal interrupts the current thread, until its work has ended. Once in a process. */
    public static Interruption watch() {
        Interruption interruption = new Interruption(Thread.currentThread());
        Runtime.getRuntime().addShutdownHook(new Thread(interruption::stop, "interruption"));
        return interruption;
    }

    /** Of a test, where nobody sends signals. */
    public static Interruption none() {
        return new Interruption(Thread.currentThread());
    }

    private void stop() {
        if (done.getCount() == 0) {
            return;
        }
        // The virtual machine names the thread that runs its exit after the signal; nothing else tells them apart.
        boolean terminated = Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().startsWith("SIGTERM"));
        code = terminated ? ExitCode.TERMINATED : ExitCode.INTERRUPTED;
        requested = true;
        worker.interrupt();
        try {
            if (done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                Runtime.getRuntime().halt(end.number()); // An exit would not change what the signal has decided.
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** True once a signal came. */
    public boolean isRequested() {
        return requested;
    }

    /** Which signal came. */
    public ExitCode code() {
        return code;
    }

    /** The work has ended so, and a signal finds nothing to wait for any more. */
    public void end(ExitCode with) {
        end = with;
        done.countDown();
    }
}
