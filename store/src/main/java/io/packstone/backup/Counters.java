package io.packstone.backup;

import io.packstone.backup.changes.Changes;
import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.progress.ProgressListener;
import io.packstone.snapshot.Fidelity;
import io.packstone.snapshot.SnapshotRecord;
import io.packstone.source.Unread;
import io.packstone.source.rules.Heeded;
import io.packstone.source.rules.RecordedRules;
import io.packstone.source.rules.Rules;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What one walk over the source has done so far. Thread-safe. */
final class Counters {
    private static final int PROBLEMS_KEPT = 1000;
    private static final int BEHIND_NAMED = 20;

    final AtomicLong filesNew = new AtomicLong();
    final AtomicLong filesChanged = new AtomicLong();
    final AtomicLong filesUnchanged = new AtomicLong();
    final AtomicLong bytesRead = new AtomicLong();
    final AtomicLong bytesNew = new AtomicLong();
    private final AtomicLong filesBehind = new AtomicLong();
    private final AtomicLong errors = new AtomicLong();
    private final List<SourceProblem> problems = new ArrayList<>();
    private final List<SourceProblem> lacking = new ArrayList<>();
    private final ProgressListener progress;
    private volatile Heeded heeded = Heeded.NOTHING;
    private volatile @Nullable Fidelity fidelity;
    private @Nullable SnapshotRecord former;

    Counters(ProgressListener progress) {
        this.progress = progress;
    }

    /**
     * What is not looked at is as it was in {@code parent}: its problems stand, but for those in places that are looked
     * at again, and so does what it lacks.
     */
    void takeOver(SnapshotRecord parent, Changes changes) {
        former = parent;
        long lacks = lacks(parent.fidelity()).count();
        errors.addAndGet(Math.max(0, parent.problemCount() - parent.problems().size() - lacks));
        for (SnapshotRecord.Problem problem : parent.problems()) {
            if (!changes.covers(TreePath.parse(problem.path()))) {
                errors.incrementAndGet();
                synchronized (problems) {
                    problems.add(new SourceProblem(problem.path(), problem.message()));
                }
            }
        }
    }

    private static Stream<Fidelity.Lack> lacks(@Nullable Fidelity fidelity) {
        List<Fidelity.Lack> all = fidelity == null ? List.of() : fidelity.lacks();
        return all.stream().filter(lack -> !lack.kind().equals(Fidelity.TRUSTED));
    }

    /** What a snapshot says of its rules. */
    List<String> recorded(Rules rules) {
        return former == null ? new RecordedRules(rules, heeded).format() : former.options();
    }

    /** What became of the rules. */
    Heeded heeded() {
        return heeded;
    }

    void heeded(Heeded after) {
        heeded = after;
    }

    ProgressListener progress() {
        return progress;
    }

    void problem(TreePath path, String message) {
        problem(path.absolute(), message);
    }

    /** Takes what was not read of metadata: one problem for each kind, however often; {@code trusted} tells who read. */
    void unread(List<Unread.Count> counts, boolean trusted) {
        List<Fidelity.Lack> lacks = lacks(counts);
        for (Unread.Count each : counts) {
            String more = each.count() == 1 ? "" : ", here and in " + (each.count() - 1) + " more places";
            String message = each.path() + ": " + each.kind().text() + more + ": " + each.reason();
            errors.incrementAndGet();
            synchronized (problems) {
                lacking.add(new SourceProblem(each.path().absolute(), message));
            }
            progress.warn(message);
        }
        SnapshotRecord parent = former;
        if (parent != null) {
            lacks(parent.fidelity())
                    .filter(lack -> lacks.stream().noneMatch(now -> now.kind().equals(lack.kind())))
                    .forEach(lack -> {
                        lacks.add(lack);
                        errors.incrementAndGet();
                    });
        }
        boolean wasTrusted =
                parent == null || parent.fidelity() != null && parent.fidelity().isWhole(Fidelity.TRUSTED);
        if (!trusted || !wasTrusted) {
            lacks.add(new Fidelity.Lack(Fidelity.TRUSTED, 0, RawName.EMPTY));
        }
        fidelity = new Fidelity(lacks);
    }

    private static List<Fidelity.Lack> lacks(List<Unread.Count> counts) {
        List<Fidelity.Lack> lacks = new ArrayList<>();
        for (Unread.Count each : counts) {
            lacks.add(new Fidelity.Lack(
                    each.kind().word(), each.count(), each.path().absolute()));
        }
        return lacks;
    }

    /** Takes, as far as a walk has come, what was not read of metadata, and what became of the rules. */
    void soFar(List<Unread.Count> counts, boolean trusted, Heeded now) {
        List<Fidelity.Lack> lacks = lacks(counts);
        if (!trusted) {
            lacks.add(new Fidelity.Lack(Fidelity.TRUSTED, 0, RawName.EMPTY));
        }
        fidelity = new Fidelity(lacks);
        heeded = now;
    }

    /** What the snapshot lacks; null where no files were walked. */
    @Nullable
    Fidelity fidelity() {
        return fidelity;
    }

    /** A file's bytes are others, and nothing else says so: no problem of this snapshot, but somebody should know. */
    void behind(TreePath path) {
        if (filesBehind.incrementAndGet() <= BEHIND_NAMED) {
            progress.warn(path
                    + ": its bytes are not those it had, though length, times and inode say unchanged; what is there"
                    + " now is taken, what was there is in the snapshots before");
        }
    }

    long filesBehind() {
        return filesBehind.get();
    }

    /** {@code path} is absolute. */
    void problem(RawName path, String message) {
        errors.incrementAndGet();
        synchronized (problems) {
            if (problems.size() < PROBLEMS_KEPT) {
                problems.add(new SourceProblem(path, message));
            }
        }
        progress.warn(message);
    }

    long errors() {
        return errors.get();
    }

    /** All of them, for people. */
    List<SourceProblem> all() {
        synchronized (problems) {
            List<SourceProblem> all = new ArrayList<>(problems);
            all.addAll(lacking);
            return all;
        }
    }

    /** Those of files that are not in the snapshot as they were; what is lacking of others is not among them. */
    List<SourceProblem> problems() {
        synchronized (problems) {
            return List.copyOf(problems);
        }
    }
}
