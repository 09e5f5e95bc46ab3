package io.packstone.endtoend;

import io.packstone.backend.Backend;
import io.packstone.error.StoreException;
import io.packstone.id.SnapshotId;
import io.packstone.maintenance.CheckReport;
import io.packstone.metadata.TreePath;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.Repository;
import io.packstone.repository.StoredSnapshot;
import io.packstone.restore.Restore;
import io.packstone.restore.RestoreOptions;
import io.packstone.restore.RestoreReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One look at a damaged repository: it is opened, all data is checked, every snapshot that is listed is restored and
 * compared, and what the check said is held against what was lost.
 */
final class Exam {
    private final SmallRepository small;
    private final Path scratch;
    private final List<String> wrong = new ArrayList<>();
    private final List<CheckReport.Damage> damage = new ArrayList<>();
    private final Map<SnapshotId, Set<String>> lost = new TreeMap<>();
    private @Nullable StoreException refused;

    /** Restores below {@code scratch} and clears away what it restored. */
    Exam(SmallRepository small, Path scratch) {
        this.small = small;
        this.scratch = scratch;
    }

    /** Looks. */
    void take(Backend shown) throws IOException {
        try (Repository opened = small.open(shown)) {
            opened.loadIndex();
            damage.addAll(Workplace.check(opened));
            for (StoredSnapshot snapshot : opened.snapshots().list().snapshots()) {
                restore(opened, snapshot);
            }
        } catch (StoreException e) {
            refused = e;
        }
    }

    private void restore(Repository opened, StoredSnapshot snapshot) throws IOException {
        Map<String, String> wanted = small.tree(snapshot.id());
        if (wanted == null) {
            wrong.add("snapshot " + snapshot.id() + " was never acknowledged");
            return;
        }
        Path target = Files.createTempDirectory(scratch, "t");
        try {
            RestoreOptions options =
                    RestoreOptions.to(Workplace.name(target)).withPath(TreePath.parse(Workplace.name(small.source)));
            RestoreReport report = new Restore(opened).run(snapshot, options, ProgressListener.NONE);
            compare(snapshot.id(), wanted, Workplace.describe(target), report.errors() == 0);
        } catch (StoreException e) {
            compare(snapshot.id(), wanted, Workplace.describe(target), false);
        } finally {
            Scratch.delete(target);
        }
    }

    private void compare(SnapshotId id, Map<String, String> wanted, Map<String, String> found, boolean isWhole) {
        Set<String> missing = new TreeSet<>(wanted.keySet());
        found.forEach((path, what) -> {
            String right = wanted.get(path);
            missing.remove(path);
            // A folder whose own entry is lost is made all the same, and of several names of a file some may be lost.
            boolean differs = right == null
                    || (isWhole
                            ? !what.equals(right)
                            : !isFolder(what) && !withoutCount(what).equals(withoutCount(right)));
            if (differs) {
                wrong.add(path + ": " + right + " became " + what);
            }
        });
        if (isWhole && !missing.isEmpty()) {
            wrong.add(missing + " are not restored, and nothing was said");
        }
        lost.put(id, isWhole ? Set.of() : missing);
    }

    private static boolean isFolder(String what) {
        return (Integer.parseInt(what.substring(0, what.indexOf(' '))) & 0170000) == 0040000;
    }

    private static String withoutCount(String what) {
        String[] words = what.split(" ");
        if (words.length == 6) {
            words[4] = "";
        }
        return String.join(" ", words);
    }

    private int whole() {
        return (int) lost.values().stream().filter(Set::isEmpty).count();
    }

    /** What is not as it should be after a fault in {@code objects}, one line each. */
    List<String> verdict(Set<String> objects) {
        List<String> problems = new ArrayList<>(wrong);
        if (refused != null) {
            problems.add("it ended with " + refused);
            return problems;
        }
        Set<String> named = new HashSet<>();
        damage.forEach(one -> named.add(one.object()));
        for (String object : objects) {
            if (!named.contains(object)) {
                problems.add(object + " is not named in " + damage);
            }
        }
        if (damage.isEmpty()) {
            problems.add("the check says that all is well");
        }
        boolean hurts = objects.stream().anyMatch(object -> object.startsWith("packs/"));
        if (!hurts && whole() != small.snapshots()) {
            problems.add("it cost something: " + lost + ", " + damage);
        }
        lost.forEach((snapshot, paths) -> paths.forEach(path -> {
            if (!isTold(snapshot, small.source.resolve(path).toString())) {
                problems.add("the check does not tell of " + path + " in " + snapshot + ": " + damage);
            }
        }));
        for (CheckReport.Damage one : damage) {
            if (one.kind().equals("unindexed")) {
                continue; // That costs nothing but time.
            }
            for (String id : one.snapshots()) {
                if (lost.getOrDefault(SnapshotId.parse(id), Set.of("of a stranger"))
                        .isEmpty()) {
                    problems.add("nothing of " + id + " is lost: " + one);
                }
            }
        }
        return problems;
    }

    private boolean isTold(SnapshotId snapshot, String path) {
        return damage.stream()
                .filter(one -> one.snapshots().contains(snapshot.toHex()))
                .flatMap(one -> one.paths().stream())
                .anyMatch(told -> told.equals("/") || told.equals(path) || path.startsWith(told + "/"));
    }
}
