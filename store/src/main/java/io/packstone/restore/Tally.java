package io.packstone.restore;

import io.packstone.metadata.RawName;
import io.packstone.progress.ProgressListener;
import io.packstone.restore.disk.Aspect;
import io.packstone.restore.disk.Attributes;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What a restore has done so far. Thread-safe. */
final class Tally implements Attributes.Listener {
    private static final int PROBLEMS_KEPT = 1000;

    /** Longer than any path that the system takes; a manifest may name longer ones. */
    private static final int MESSAGE_MAX = 8192;

    private static final int MESSAGE_HEAD = 4096;
    private static final int MESSAGE_TAIL = 1024;

    final AtomicLong filesRestored = new AtomicLong();
    final AtomicLong filesUnchanged = new AtomicLong();
    final AtomicLong filesDeleted = new AtomicLong();
    final AtomicLong bytesWritten = new AtomicLong();
    final AtomicLong bytesReused = new AtomicLong();
    private final ProgressListener progress;
    private final Consumer<RestoreReport.Action> actions;
    private final List<String> problems = new ArrayList<>();
    private final Set<String> copiesDamaged = new HashSet<>();
    private long errors;
    private final Map<Aspect, RestoreReport.NotSet> notSet = new EnumMap<>(Aspect.class);
    private boolean damaged;
    private long torn;
    private String firstTorn = "";

    /** Tells {@code actions} what a dry run foresees. */
    Tally(ProgressListener progress, Consumer<RestoreReport.Action> actions) {
        this.progress = progress;
        this.actions = actions;
    }

    /** Something that would be done. */
    void action(RestoreReport.Kind kind, RawName path, long bytes) {
        actions.accept(new RestoreReport.Action(kind, path, bytes));
    }

    ProgressListener progress() {
        return progress;
    }

    /** Something about one path; {@code message} begins with the path. */
    void problem(String message) {
        String told = shortened(message);
        synchronized (this) {
            errors++;
            keep(told);
        }
        progress.warn(told);
    }

    private static String shortened(String message) {
        int length = message.length();
        return length <= MESSAGE_MAX
                ? message
                : message.substring(0, MESSAGE_HEAD) + " ... " + message.substring(length - MESSAGE_TAIL);
    }

    /** Something that the repository could not give. */
    void lost(String message) {
        synchronized (this) {
            damaged = true;
        }
        problem(message);
    }

    /** A damaged copy in whose stead another was read: an error of the repository, if of no file. Told once. */
    void copyDamaged(String message) {
        synchronized (this) {
            damaged = true;
            if (copiesDamaged.size() >= PROBLEMS_KEPT || !copiesDamaged.add(message)) {
                return;
            }
            errors++;
            keep(message);
        }
        progress.warn(message);
    }

    /** Told in one line for all of its kind. */
    @Override
    public synchronized void notSet(Aspect aspect, Supplier<String> path, String reason) {
        errors++;
        RestoreReport.NotSet known = notSet.get(aspect);
        notSet.put(
                aspect,
                known == null
                        ? new RestoreReport.NotSet(aspect.word(), 1, path.get(), reason)
                        : new RestoreReport.NotSet(known.kind(), known.count() + 1, known.path(), known.reason()));
    }

    /** A file that changed while the snapshot was taken; told in one line, since the snapshot said so when it was taken. */
    synchronized void torn(Supplier<String> path) {
        if (torn++ == 0) {
            firstTorn = path.get();
        }
    }

    private void keep(String message) {
        if (problems.size() < PROBLEMS_KEPT) {
            problems.add(message);
        }
    }

    /** True when something could not be restored as it was. */
    synchronized boolean hasErrors() {
        return errors > 0;
    }

    /** At the end, once: what was to be told in one line is told now. */
    synchronized RestoreReport report(double seconds) {
        List<String> told = new ArrayList<>(problems);
        notSet.forEach((aspect, all) -> {
            String more = all.count() == 1 ? "" : ", here and in " + (all.count() - 1) + " more places";
            boolean known = all.reason().contains("EPERM") && !aspect.remedy().isEmpty();
            String message = all.path() + ": " + aspect.text() + more + ": " + (known ? aspect.remedy() : all.reason());
            told.add(message);
            progress.warn(message);
        });
        if (torn > 0) {
            String more = torn == 1 ? "" : ", as " + (torn - 1) + " more did";
            progress.warn(firstTorn + ": it changed while the snapshot was taken" + more + ": it may mix two states");
        }
        return new RestoreReport(
                filesRestored.get(),
                filesUnchanged.get(),
                filesDeleted.get(),
                bytesWritten.get(),
                bytesReused.get(),
                errors,
                told,
                List.copyOf(notSet.values()),
                damaged,
                seconds);
    }
}
