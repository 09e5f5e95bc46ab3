package io.packstone.cli.command.taking;

import io.packstone.metadata.Quoting;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What a program prints. It ends only when the program has ended well: one that failed is a failure to read, so that half of its
 * output is never taken for all of it. What it says on standard error goes where that of this process goes. For one thread.
 */
final class CommandOutput extends InputStream {
    private static final long NAP_NANOS_MIN = 20_000;
    private static final long NAP_NANOS_MAX = 5_000_000;
    private static final long PATIENCE_SECONDS = 5;

    private final String command;
    private final Process process;
    private final InputStream output;

    /** Starts {@code command} as a shell understands it, in {@code folder}; it reads nothing. */
    CommandOutput(String command, Path folder) throws IOException {
        this.command = command;
        process = new ProcessBuilder("sh", "-c", ShellText.script(command))
                .directory(folder.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        output = process.getInputStream();
    }

    @Override
    public int read() throws IOException {
        byte[] single = new byte[1];
        return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        waitForBytes();
        int count = output.read(target, offset, length);
        if (count < 0) {
            requireSuccess();
        }
        return count;
    }

    /** A read of a pipe can't be interrupted, so none is begun that would wait for a program that is still at work. */
    private void waitForBytes() throws IOException {
        long nap = NAP_NANOS_MIN;
        while (output.available() == 0 && process.isAlive()) {
            LockSupport.parkNanos(nap);
            nap = Math.min(nap * 2, NAP_NANOS_MAX);
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("interrupted");
            }
        }
    }

    private void requireSuccess() throws IOException {
        try {
            int code = process.waitFor();
            if (code != 0) {
                throw new IOException("the command '" + Quoting.quote(command) + "' ended with exit code " + code
                        + "; no snapshot was taken");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    /** Ends the program if it still runs. */
    @Override
    public void close() throws IOException {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        output.close();
    }
}
