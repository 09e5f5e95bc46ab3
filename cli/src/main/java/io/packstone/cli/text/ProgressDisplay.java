package io.packstone.cli.text;

import io.packstone.metadata.Quoting;
import io.packstone.progress.ProgressListener;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.LongAdder;

/**
 * Shows progress on standard error. The methods of the listener only count; a thread of its own draws, at most a few
 * times a second, so a slow terminal never holds up the work.
 */
public final class ProgressDisplay implements ProgressListener, AutoCloseable {
    /** What is shown. */
    public enum Style {
        /** Warnings only. */
        WARNINGS(0),
        /** One line, redrawn in place. */
        LINE(250),
        /** A line of text now and then, for a log. */
        LOG(2000),
        /** A JSON document a line. */
        JSON(1000),
        /** Nothing. */
        SILENT(0);

        private final long periodMillis;

        Style(long periodMillis) {
            this.periodMillis = periodMillis;
        }
    }

    /** How far it is; a value taken at one moment. */
    record Count(String stage, long files, long filesTotal, long bytes, long bytesTotal, double seconds) {
        double bytesPerSecond() {
            return seconds <= 0 ? 0 : bytes / seconds;
        }

        /** Seconds still to go, or -1 when nobody can say. */
        double secondsLeft() {
            boolean byBytes = bytesTotal > 0;
            long done = byBytes ? bytes : files;
            long total = byBytes ? bytesTotal : filesTotal;
            return total <= 0 || done <= 0 || seconds < 1 ? -1 : Math.max(0, seconds * (total - done) / done);
        }
    }

    private final Console console;
    private final Style style;
    private final Thread painter;
    private final LongAdder bytesNew = new LongAdder();
    private final LongAdder bytesStored = new LongAdder();
    private volatile Stage stage = new Stage("");

    private static final class Stage {
        private final String name;
        private final long begunNanos = System.nanoTime();
        private final LongAdder files = new LongAdder();
        private final LongAdder bytes = new LongAdder();
        private volatile long filesTotal;
        private volatile long bytesTotal;

        Stage(String name) {
            this.name = name;
        }

        Count count() {
            double seconds = (System.nanoTime() - begunNanos) / 1e9;
            return new Count(name, files.sum(), filesTotal, bytes.sum(), bytesTotal, seconds);
        }
    }

    /** Begins to draw in {@code style} until closed. */
    public ProgressDisplay(Console console, Style style) {
        this.console = console;
        this.style = style;
        this.painter = new Thread(this::paint, "progress");
        painter.setDaemon(true);
        if (style.periodMillis > 0) {
            painter.start();
        }
    }

    @Override
    public void stage(String name, long filesTotal, long bytesTotal) {
        Stage next = new Stage(name);
        next.filesTotal = filesTotal;
        next.bytesTotal = bytesTotal;
        stage = next;
    }

    @Override
    public void totals(long filesTotal, long bytesTotal) {
        Stage now = stage;
        now.filesTotal = filesTotal;
        now.bytesTotal = bytesTotal;
    }

    @Override
    public void advance(long files, long bytes) {
        Stage now = stage;
        now.files.add(files);
        now.bytes.add(bytes);
    }

    @Override
    public void stored(long newBytes, long storedBytes) {
        bytesNew.add(newBytes);
        bytesStored.add(storedBytes);
    }

    @Override
    public void warn(String message) {
        if (style == Style.JSON) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            try (Json json = new Json(line)) {
                json.beginObject()
                        .field("type", "warning")
                        .field("message", message)
                        .endObject();
            }
            console.tell(line.toString(StandardCharsets.UTF_8).strip());
        } else if (style != Style.SILENT) {
            console.tell("warning: " + message);
        }
    }

    private void paint() {
        try {
            while (true) {
                Thread.sleep(style.periodMillis);
                draw();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void draw() {
        Count count = stage.count();
        switch (style) {
            case LINE -> console.status(text(count));
            case LOG -> console.tell(text(count));
            case JSON -> console.tell(json(count));
            case WARNINGS, SILENT -> {}
        }
    }

    private String text(Count count) {
        StringBuilder line = new StringBuilder(100);
        String stageName = Quoting.quote(count.stage());
        line.append(stageName).append(stageName.isEmpty() ? "" : ": ");
        line.append(Wording.count(count.files()));
        if (count.filesTotal() > 0) {
            line.append(" of ").append(Wording.count(count.filesTotal()));
        }
        line.append(" files, ").append(Wording.size(count.bytes()));
        if (count.bytesTotal() > 0) {
            line.append(" of ").append(Wording.size(count.bytesTotal()));
            line.append(" (")
                    .append(Wording.percent(count.bytes(), count.bytesTotal()))
                    .append(')');
        }
        if (bytesNew.sum() > 0 || bytesStored.sum() > 0) {
            line.append(", ").append(Wording.size(bytesNew.sum())).append(" new");
            line.append(", ").append(Wording.size(bytesStored.sum())).append(" stored");
        }
        line.append(", ")
                .append(Wording.size(Math.round(count.bytesPerSecond())))
                .append("/s");
        if (count.secondsLeft() >= 0) {
            line.append(", ").append(Wording.duration(count.secondsLeft())).append(" left");
        }
        return line.toString();
    }

    private String json(Count count) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try (Json json = new Json(line)) {
            json.beginObject().field("type", "progress").field("stage", count.stage());
            json.field("files", count.files()).field("filesTotal", count.filesTotal());
            json.field("bytes", count.bytes()).field("bytesTotal", count.bytesTotal());
            json.field("bytesNew", bytesNew.sum()).field("bytesStored", bytesStored.sum());
            json.field("bytesPerSecond", Math.round(count.bytesPerSecond()));
            json.seconds("seconds", count.seconds());
            if (count.secondsLeft() >= 0) {
                json.seconds("secondsLeft", count.secondsLeft());
            }
            json.endObject();
        }
        return line.toString(StandardCharsets.UTF_8).strip();
    }

    /** Stops drawing; the redrawn line goes away, a log or JSON gets a last line. */
    @Override
    public void close() {
        if (style.periodMillis == 0) {
            return;
        }
        painter.interrupt();
        joinPainter();
        if (style == Style.LINE) {
            console.status("");
        } else {
            draw();
        }
    }

    private void joinPainter() {
        boolean interrupted = Thread.interrupted();
        try {
            painter.join(1000);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
