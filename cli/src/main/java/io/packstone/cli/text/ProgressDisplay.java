package io.packstone.cli.text;

import io.packstone.id.SnapshotId;
import io.packstone.metadata.Quoting;
import io.packstone.progress.ProgressListener;
import java.util.ArrayList;
import java.util.List;
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

    /**
     * How far it is; a value taken at one moment.
     *
     * @param files done, of {@code filesTotal} or, when that is 0, of an unknown number
     * @param bytes done, the unchanged ones among them
     * @param unchanged bytes that needed no work
     */
    record Count(
            String stage,
            long files,
            long filesTotal,
            long bytes,
            long bytesTotal,
            long unchanged,
            long bytesNew,
            long bytesStored,
            double seconds) {
        /** Bytes that were worked on. */
        long worked() {
            return bytes - unchanged;
        }

        double bytesPerSecond() {
            return seconds <= 0 ? 0 : worked() / seconds;
        }

        /** How much of the whole is done, from 0 to 1; -1 when nobody can say. */
        double share() {
            long done = bytesTotal > 0 ? bytes : files;
            long total = bytesTotal > 0 ? bytesTotal : filesTotal;
            return total <= 0 ? -1 : Math.min(1.0, (double) done / total);
        }

        /** Seconds still to go, or -1 when nobody can say. */
        double secondsLeft() {
            double share = share();
            return share <= 0 || seconds < 1 ? -1 : seconds * (1 - share) / share;
        }

        /** One line of at most {@code columns} characters: in fewer words and then with less at its end, if need be. */
        String line(int columns) {
            String line = String.join(", ", parts(true));
            if (line.length() <= columns) {
                return line;
            }
            List<String> terse = parts(false);
            while (terse.size() > 1 && String.join(", ", terse).length() > columns) {
                terse.remove(terse.size() - 1);
            }
            return String.join(", ", terse);
        }

        private List<String> parts(boolean inFull) {
            List<String> parts = new ArrayList<>();
            if (files > 0 || filesTotal > 0) {
                String of = inFull && filesTotal > 0 ? " of " + Wording.count(filesTotal) : "";
                parts.add(Wording.count(files) + of + " files");
            }
            if (bytes > 0 || bytesTotal > 0) {
                String verb = stage.equals("restore") ? " written" : " read";
                parts.add(Wording.size(worked()) + (inFull || parts.isEmpty() ? verb : ""));
            }
            if (bytesNew > 0 || bytesStored > 0) {
                parts.add(Wording.size(bytesNew) + " new");
                parts.add(Wording.size(bytesStored) + " stored");
            }
            if (worked() > 0) {
                parts.add(Wording.size(Math.round(bytesPerSecond())) + "/s");
            }
            if (parts.isEmpty()) {
                return List.of(beginning(inFull));
            }
            parts.set(0, beginning(inFull) + ": " + parts.get(0));
            return parts;
        }

        private String beginning(boolean inFull) {
            if (share() < 0) {
                return Quoting.quote(stage);
            }
            String left = secondsLeft() < 0 ? "" : ", " + Wording.duration(secondsLeft()) + " left";
            return (inFull ? Quoting.quote(stage) + " " : "") + (int) (share() * 100) + " %" + left;
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
        private final LongAdder unchanged = new LongAdder();
        private volatile long filesTotal;
        private volatile long bytesTotal;

        Stage(String name) {
            this.name = name;
        }

        Count count(long bytesNew, long bytesStored) {
            double seconds = (System.nanoTime() - begunNanos) / 1e9;
            return new Count(
                    name,
                    files.sum(),
                    filesTotal,
                    bytes.sum(),
                    bytesTotal,
                    unchanged.sum(),
                    bytesNew,
                    bytesStored,
                    seconds);
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
    public void unchanged(long files, long bytes) {
        Stage now = stage;
        now.files.add(files);
        now.bytes.add(bytes);
        now.unchanged.add(bytes);
    }

    @Override
    public boolean wantsTotals() {
        return style.periodMillis > 0;
    }

    @Override
    public void stored(long newBytes, long storedBytes) {
        bytesNew.add(newBytes);
        bytesStored.add(storedBytes);
    }

    @Override
    public void warn(String message) {
        if (style == Style.JSON) {
            console.tell(json -> json.field("type", "warning").field("message", message));
        } else if (style != Style.SILENT) {
            console.tell("warning: " + message);
        }
    }

    @Override
    public void checkpoint(SnapshotId partial) {
        if (style == Style.JSON) {
            console.tell(json -> json.field("type", "checkpoint").field("snapshotId", partial));
        } else if (style == Style.LINE || style == Style.LOG) {
            console.tell("checkpoint: what there is so far is snapshot " + partial.toShortHex());
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
        Count count = stage.count(bytesNew.sum(), bytesStored.sum());
        switch (style) {
            case LINE -> console.status(count.stage().isEmpty() ? "" : count.line(console.columns() - 1));
            case LOG -> console.tell(count.line(Integer.MAX_VALUE));
            case JSON -> console.tell(json -> fields(json, count));
            case WARNINGS, SILENT -> {}
        }
    }

    private static void fields(Json json, Count count) {
        json.field("type", "progress").field("stage", count.stage());
        json.field("files", count.files()).field("filesTotal", count.filesTotal());
        json.field("bytes", count.bytes()).field("bytesTotal", count.bytesTotal());
        json.field("bytesUnchanged", count.unchanged());
        json.field("bytesNew", count.bytesNew()).field("bytesStored", count.bytesStored());
        json.field("bytesPerSecond", Math.round(count.bytesPerSecond()));
        json.seconds("seconds", count.seconds());
        if (count.secondsLeft() >= 0) {
            json.seconds("secondsLeft", count.secondsLeft());
        }
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
