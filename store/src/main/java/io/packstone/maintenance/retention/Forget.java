package io.packstone.maintenance.retention;

import io.packstone.error.ErrorKind;
import io.packstone.error.RepositoryException;
import io.packstone.id.SnapshotId;
import io.packstone.metadata.RawName;
import io.packstone.repository.Repository;
import io.packstone.repository.SnapshotLog;
import io.packstone.repository.StoredSnapshot;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Forgets snapshots, one by one or by rules. What they hold is freed by a prune, and not before. */
public final class Forget {
    private static final String PROTECTED = "protected";

    private final Repository repository;
    private final Clock clock;

    /** In {@code repository}, which needs no index; {@code clock} bounds what clients said of time. */
    public Forget(Repository repository, Clock clock) {
        this.repository = repository;
        this.clock = clock;
    }

    /** What was forgotten, and what was not after all, since somebody has protected or forgotten it meanwhile. */
    public record Report(List<SnapshotId> forgotten, List<SnapshotId> spared) {}

    private record GroupKey(String host, Set<RawName> paths) {}

    /** Applies the rules; changes nothing. */
    public ForgetPlan plan(ForgetOptions options) throws IOException {
        SnapshotLog.View view = repository.snapshots().list();
        List<String> remarks = new ArrayList<>();
        boolean keepAll = options.chosen().isEmpty() && keepsAll(options.rules(), view, remarks);
        List<ForgetPlan.Group> groups = new ArrayList<>();
        Map<SnapshotId, Instant> times = times(view);
        for (Map.Entry<GroupKey, List<StoredSnapshot>> group :
                grouped(view.snapshots(), options).entrySet()) {
            List<StoredSnapshot> members = group.getValue();
            List<ForgetPlan.Verdict> verdicts;
            if (options.chosen().isEmpty()) {
                List<Instant> own = members.stream()
                        .map(member -> times.getOrDefault(member.id(), Instant.EPOCH))
                        .toList();
                verdicts = judge(
                        members, new GroupRetention(members, own, options.zone()).apply(options.rules()), keepAll);
            } else {
                verdicts = judgeChosen(members, options.chosen());
            }
            groups.add(new ForgetPlan.Group(
                    group.getKey().host(), List.copyOf(group.getKey().paths()), verdicts));
        }
        int emptied = (int) groups.stream()
                .filter(group -> group.verdicts().stream().noneMatch(ForgetPlan.Verdict::isKept))
                .count();
        List<SnapshotId> unreadable = view.unreadable().stream()
                .map(SnapshotLog.Unreadable::id)
                .filter(options.chosen()::contains)
                .toList();
        return new ForgetPlan(
                groups,
                unreadable,
                emptied,
                view.snapshots().size() + view.unreadable().size(),
                remarks);
    }

    /** The times of all snapshots are believed together: records of one host bound those of another. */
    private Map<SnapshotId, Instant> times(SnapshotLog.View view) {
        List<Instant> believed = BelievedTimes.of(view.snapshots(), clock.instant());
        Map<SnapshotId, Instant> times = new LinkedHashMap<>();
        for (int i = 0; i < believed.size(); i++) {
            times.put(view.snapshots().get(i).id(), believed.get(i));
        }
        return times;
    }

    /** True when nothing is to be forgotten, whatever the rules keep: there are none, or one is misspelt. */
    private static boolean keepsAll(RetentionRules rules, SnapshotLog.View view, List<String> remarks) {
        if (rules.isEmpty()) {
            remarks.add("no rule says what to keep, so everything is kept");
            return true;
        }
        boolean misspelt = false;
        for (String tag : rules.tags()) {
            if (view.snapshots().stream()
                    .noneMatch(snapshot -> snapshot.record().tags().contains(tag))) {
                remarks.add("no snapshot has the tag '" + tag + "', so everything is kept; mend the rule");
                misspelt = true;
            }
        }
        return misspelt;
    }

    private static Map<GroupKey, List<StoredSnapshot>> grouped(List<StoredSnapshot> snapshots, ForgetOptions options) {
        Map<GroupKey, List<StoredSnapshot>> groups = new LinkedHashMap<>();
        for (StoredSnapshot snapshot : snapshots) {
            GroupKey key = new GroupKey(
                    options.byHost() ? snapshot.record().host() : "",
                    options.byPaths() ? new TreeSet<>(snapshot.record().paths()) : Set.of());
            groups.computeIfAbsent(key, any -> new ArrayList<>()).add(snapshot);
        }
        return groups;
    }

    private static List<ForgetPlan.Verdict> judge(
            List<StoredSnapshot> members, List<Set<String>> reasons, boolean keepAll) {
        List<ForgetPlan.Verdict> verdicts = new ArrayList<>();
        for (int i = 0; i < members.size(); i++) {
            List<String> all = new ArrayList<>(reasons.get(i));
            if (members.get(i).isProtected()) {
                all.add(PROTECTED);
            }
            if (all.isEmpty() && keepAll) {
                all.add("everything");
            }
            verdicts.add(new ForgetPlan.Verdict(members.get(i), all));
        }
        return verdicts;
    }

    private static List<ForgetPlan.Verdict> judgeChosen(List<StoredSnapshot> members, List<SnapshotId> chosen)
            throws RepositoryException {
        List<ForgetPlan.Verdict> verdicts = new ArrayList<>();
        for (StoredSnapshot member : members) {
            boolean named = chosen.contains(member.id());
            if (named && member.isProtected()) {
                throw new RepositoryException(
                        ErrorKind.NOT_FOUND,
                        null,
                        "snapshot " + member.id().toShortHex()
                                + " is protected; end that first: packstone protect --remove "
                                + member.id().toShortHex());
            }
            verdicts.add(new ForgetPlan.Verdict(member, named ? List.of() : List.of("not chosen")));
        }
        return verdicts;
    }

    /**
     * Forgets what {@code plan} says, but for what somebody has protected since.
     *
     * @param confirmed how many a person said would go; needed when {@link ForgetPlan#needsConfirmation}
     * @throws RepositoryException when that is needed and is another number: nothing is forgotten then
     */
    public Report apply(ForgetPlan plan, long confirmed) throws IOException {
        List<SnapshotId> wanted = plan.forgotten();
        if (plan.needsConfirmation() && confirmed != wanted.size()) {
            throw new RepositoryException(
                    ErrorKind.NOT_FOUND,
                    null,
                    "this would forget " + wanted.size() + " of " + plan.snapshots() + " snapshots"
                            + (plan.emptied() > 0 ? " and leave a group without any" : "")
                            + "; look with --dry-run, and if you mean it add --confirm " + wanted.size());
        }
        SnapshotLog.View view = repository.snapshots().list();
        Set<SnapshotId> free = new HashSet<>(plan.unreadable());
        for (StoredSnapshot snapshot : view.snapshots()) {
            if (!snapshot.isProtected()) {
                free.add(snapshot.id());
            }
        }
        List<SnapshotId> forgotten = new ArrayList<>();
        List<SnapshotId> spared = new ArrayList<>();
        for (SnapshotId id : wanted) {
            if (free.contains(id)) {
                repository.snapshots().forget(id, view.heads());
                forgotten.add(id);
            } else {
                spared.add(id);
            }
        }
        return new Report(List.copyOf(forgotten), List.copyOf(spared));
    }
}
