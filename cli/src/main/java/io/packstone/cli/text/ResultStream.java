package io.packstone.cli.text;

import io.packstone.posix.Refusal;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/**
 * Standard output, held back up to a limit, so that a command that fails early can take back the half of a JSON
 * document. For one thread.
 */
public final class ResultStream extends OutputStream {
    private static final int HELD_MAX = 1 << 20;

    private final OutputStream target;
    private final byte[] held = new byte[HELD_MAX];
    private int heldLength;
    private boolean begun;

    /** Whoever read the results has gone, as {@code head} does: no failure that anybody wants to hear of. */
    public static final class NobodyReadsException extends UncheckedIOException {
        private NobodyReadsException(IOException cause) {
            super("nobody reads standard output any more", cause);
        }
    }

    /** Writes to {@code target}, which it does not close. */
    public ResultStream(OutputStream target) {
        this.target = target;
    }

    @Override
    public void write(int value) {
        write(new byte[] {(byte) value}, 0, 1);
    }

    /** Never throws a checked exception: a consumer that went away is an {@link UncheckedIOException}. */
    @Override
    public void write(byte[] bytes, int offset, int length) {
        if (length > held.length - heldLength) {
            push();
        }
        if (length > held.length) {
            emit(bytes, offset, length);
            return;
        }
        System.arraycopy(bytes, offset, held, heldLength, length);
        heldLength += length;
    }

    /** Drops what was not passed on yet; true when that was everything, so that other output may take its place. */
    public boolean takeBack() {
        heldLength = 0;
        return !begun;
    }

    /** Does nothing: writers above flush often, and that must not pass on what may be taken back. See {@link #push}. */
    @Override
    public void flush() {}

    /** Passes on everything written so far. */
    public void push() {
        int length = heldLength;
        heldLength = 0;
        if (length > 0) {
            emit(held, 0, length);
        }
    }

    private void emit(byte[] bytes, int offset, int length) {
        begun = true;
        try {
            target.write(bytes, offset, length);
            target.flush();
        } catch (IOException e) {
            if (String.valueOf(e.getMessage()).contains("Broken pipe")) {
                throw new NobodyReadsException(e);
            }
            throw new UncheckedIOException("standard output can't be written: " + Refusal.of(e), e);
        }
    }
}
