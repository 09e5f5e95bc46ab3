package io.packstone.cli.command.taking;

import io.packstone.watch.WatchListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;

/**
 * Keeps a file that tells how a watch is, as Prometheus reads it (text format 0.0.4; the textfile collector of its
 * node exporter takes files {@code *.prom}). It is replaced whole, so that nobody reads half of it. For one thread.
 */
final class HealthFile {
    private final Path file;
    private final Path next;

    HealthFile(Path file) {
        this.file = file;
        next = file.resolveSibling("." + file.getFileName() + ".packstone-next");
    }

    /** Where the next state is written before it takes the file's name. */
    Path next() {
        return next;
    }

    /** Writes the state, {@code now} being milliseconds since 1970. */
    void write(WatchListener.State state, long now) throws IOException {
        StringBuilder text = new StringBuilder();
        long lag = state.waitingSince() == 0 ? 0 : now - state.waitingSince();
        add(
                text,
                "last_success_timestamp_seconds",
                "gauge",
                "when files were last known to be stored",
                seconds(state.lastSuccess()));
        add(text, "lag_seconds", "gauge", "how long the oldest change that is not stored has waited", seconds(lag));
        add(
                text,
                "pending_changes",
                "gauge",
                "places that may have changed since the last snapshot",
                state.pending() + "");
        add(text, "snapshots_total", "counter", "snapshots taken since the watch began", state.snapshots() + "");
        add(text, "errors_total", "counter", "snapshots that failed since the watch began", state.errors() + "");
        add(text, "failing", "gauge", "snapshots that failed since the last one that did not", state.failing() + "");
        add(text, "folders_watched", "gauge", "folders that the system tells of", state.folders() + "");
        add(text, "folders_unwatched", "gauge", "folders that the system can't tell of", state.unwatched() + "");
        add(
                text,
                "overflows_total",
                "counter",
                "times that more happened than the system could tell",
                state.overflows() + "");
        Files.write(next, text.toString().getBytes(StandardCharsets.UTF_8));
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static String seconds(long milliseconds) {
        return String.format(Locale.ROOT, "%d.%03d", milliseconds / 1000, milliseconds % 1000);
    }

    private static void add(StringBuilder text, String name, String type, String help, String value) {
        String whole = "packstone_watch_" + name;
        text.append("# HELP ").append(whole).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(whole).append(' ').append(type).append('\n');
        text.append(whole).append(' ').append(value).append('\n');
    }
}
