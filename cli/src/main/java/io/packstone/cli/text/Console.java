package io.packstone.cli.text;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The three standard streams of one run. Text is UTF-8 in every locale. Results are for the thread of the command;
 * messages and the status line may come from any thread.
 */
public final class Console {
    private static final String ERASE_LINE = "\r\u001b[K";
    private static final String WRAP_OFF = "\u001b[?7l";
    private static final String WRAP_ON = "\u001b[?7h";

    private final InputStream input;
    private final ResultStream results;
    private final OutputStream messages;
    private final @Nullable IntSupplier columns;
    private volatile boolean messagesAreJson;
    private String status = "";

    /**
     * The streams stay the caller's to close.
     *
     * @param columns how wide a line of standard error is, asked when one is redrawn; null when none can be
     */
    public Console(InputStream input, OutputStream output, OutputStream messages, @Nullable IntSupplier columns) {
        this.input = input;
        this.results = new ResultStream(output);
        this.messages = messages;
        this.columns = columns;
    }

    /** Standard input. */
    public InputStream input() {
        return input;
    }

    /** Standard output, for bytes. */
    public ResultStream results() {
        return results;
    }

    /** True when a line on standard error can be redrawn. */
    public boolean messagesAreTerminal() {
        return columns != null;
    }

    /** How wide a line of standard error is. */
    public int columns() {
        return columns == null ? Integer.MAX_VALUE : columns.getAsInt();
    }

    /** A line of result. */
    public void print(String line) {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        results.write(bytes, 0, bytes.length);
    }

    /** From now on every line on standard error is a JSON document. */
    public void tellInJson() {
        messagesAreJson = true;
    }

    /** A line on standard error; the status line, if any, is drawn again below it. */
    public void tell(String line) {
        if (messagesAreJson) {
            tell(json -> json.field("type", "message").field("message", line));
        } else {
            tellLine(line);
        }
    }

    /** An object on a line of standard error. */
    public void tell(Consumer<Json> fields) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try (Json json = new Json(line)) {
            fields.accept(json.beginObject());
            json.endObject();
        }
        tellLine(line.toString(StandardCharsets.UTF_8).strip());
    }

    private synchronized void tellLine(String line) {
        if (status.isEmpty()) {
            write(line + "\n");
        } else {
            write(ERASE_LINE + line + "\n" + WRAP_OFF + status + WRAP_ON);
        }
    }

    /** Redraws the status line of a terminal; empty text takes it away. */
    public synchronized void status(String text) {
        if (!text.equals(status)) {
            status = text;
            write(ERASE_LINE + WRAP_OFF + text + WRAP_ON);
        }
    }

    private void write(String text) {
        try {
            messages.write(text.getBytes(StandardCharsets.UTF_8));
            messages.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("standard error can't be written: " + e.getMessage(), e);
        }
    }
}
