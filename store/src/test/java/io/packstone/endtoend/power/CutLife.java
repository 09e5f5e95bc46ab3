package io.packstone.endtoend.power;

import io.packstone.backend.Backend;
import io.packstone.backend.local.DiskTape;
import io.packstone.backup.BackupReport;
import io.packstone.endtoend.Workplace;
import io.packstone.id.SnapshotId;
import io.packstone.keyslot.KeyCost;
import io.packstone.keyslot.Secret;
import io.packstone.maintenance.healing.ParityUpkeep;
import io.packstone.maintenance.prune.Undelete;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.InitOptions;
import io.packstone.repository.Repository;
import io.packstone.repository.RepositoryOptions;
import io.packstone.repository.SnapshotLog;
import io.packstone.repository.StoredSnapshot;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;

/**
 * The life of a repository on a disk whose every call is written down: processes one after the other, some of which are
 * killed, and what each was told. Later: what has to be true when the power is cut after so many calls.
 */
final class CutLife {
    static final Secret SECOND = Secret.Password.of("battery staple");
    private static final int LONGEST = 12_000;
    private static final int FILES = 6;
    private static final int STEPS = 9;

    /** Something that a process was told, or began, when so many calls had been made. */
    private record Fact(int at, Sort sort, SnapshotId id, Map<String, String> tree) {}

    private enum Sort {
        MADE,
        BEGUN,
        ACKNOWLEDGED,
        FORGETTING,
        FORGOTTEN,
        KEY
    }

    /**
     * What has to be true.
     *
     * @param isMade init was acknowledged
     * @param hasKey so was the second key
     * @param acknowledged snapshots that must be there, whole
     * @param perhaps snapshots that may be there, and then must be whole; null where nobody was told the id
     * @param forgotten snapshots that must not be there
     */
    record Expected(
            boolean isMade,
            boolean hasKey,
            Map<SnapshotId, Map<String, String>> acknowledged,
            Map<SnapshotId, Map<String, String>> perhaps,
            Set<Map<String, String>> unanswered,
            Set<SnapshotId> forgotten) {}

    final Workplace place;
    final DiskTape tape;
    private final Random random;
    private final List<Fact> facts = new ArrayList<>();
    private final List<String> log = new ArrayList<>();

    CutLife(Workplace place, long seed) {
        this.place = place;
        this.random = new Random(seed);
        tape = new DiskTape(place.repository);
    }

    static Repository open(Backend backend, Secret secret) throws IOException {
        return Repository.open(backend, secret, RepositoryOptions.defaults().withPlainIndex(true));
    }

    /** What one process does. */
    private interface Deed {
        void run(Repository opened) throws IOException;
    }

    void live() throws IOException {
        place.fill(random.nextLong(), FILES, LONGEST);
        InitOptions options = InitOptions.defaults()
                .withKeyCost(KeyCost.TEST)
                .withChunkAverage(16384)
                .withParity(random.nextInt(3) == 0);
        try (Backend backend = tape.open(Integer.MAX_VALUE)) {
            Repository.init(backend, options, Workplace.SECRET, Clock.systemUTC());
        }
        say(Sort.MADE);
        process("snapshot", false, this::snapshot);
        process("snapshot", random.nextBoolean(), this::snapshot);
        process("key", random.nextBoolean(), this::addKey);
        for (int i = 0; i < STEPS; i++) {
            boolean killed = random.nextInt(3) == 0;
            switch (random.nextInt(7)) {
                case 0, 1, 2 -> process("snapshot", killed, this::snapshot);
                case 3 -> process("forget", killed, this::forget);
                case 4 -> process("undelete", killed, this::undelete);
                case 5 ->
                    process("parity", killed, opened -> new ParityUpkeep(opened.objects()).add(ProgressListener.NONE));
                default -> process("prune", killed, Workplace::pruneAll);
            }
        }
        process("forget", random.nextInt(4) == 0, this::forget);
        process("prune", random.nextInt(4) == 0, Workplace::pruneAll);
    }

    private void process(String name, boolean killed, Deed deed) throws IOException {
        int at = killed ? 1 + random.nextInt(90) : Integer.MAX_VALUE;
        log.add(tape.length() + ": " + name + (killed ? " killed at " + at : ""));
        try (Repository opened = open(tape.open(at), Workplace.SECRET)) {
            deed.run(opened);
        } catch (IOException e) {
            if (!killed) {
                throw new IOException("life " + log, e);
            }
        }
    }

    private void say(Sort sort) {
        say(sort, SnapshotId.of(new byte[SnapshotId.LENGTH]), Map.of());
    }

    private void say(Sort sort, SnapshotId id, Map<String, String> tree) {
        facts.add(new Fact(tape.length(), sort, id, tree));
    }

    private void snapshot(Repository opened) throws IOException {
        place.change(random, 2, LONGEST);
        Map<String, String> tree = Workplace.describe(place.source);
        say(Sort.BEGUN, SnapshotId.of(new byte[SnapshotId.LENGTH]), tree);
        BackupReport report = place.snapshot(opened);
        say(Sort.ACKNOWLEDGED, Objects.requireNonNull(report.snapshot()), tree);
    }

    private void forget(Repository opened) throws IOException {
        SnapshotLog.View view = opened.snapshots().list();
        if (view.snapshots().size() < 2) {
            return;
        }
        SnapshotId id =
                view.snapshots().get(random.nextInt(view.snapshots().size())).id();
        say(Sort.FORGETTING, id, Map.of());
        opened.snapshots().forget(id, view.heads());
        say(Sort.FORGOTTEN, id, Map.of());
    }

    private void undelete(Repository opened) throws IOException {
        List<StoredSnapshot> forgotten = opened.snapshots().list().forgotten();
        for (StoredSnapshot snapshot : forgotten) {
            Map<String, String> tree = treeOf(snapshot.id());
            if (tree != null) {
                say(Sort.BEGUN, SnapshotId.of(new byte[SnapshotId.LENGTH]), tree);
                say(Sort.ACKNOWLEDGED, new Undelete(opened).run(snapshot), tree);
                return;
            }
        }
    }

    private Map<String, String> treeOf(SnapshotId id) {
        return facts.stream()
                .filter(fact -> fact.sort == Sort.ACKNOWLEDGED && fact.id.equals(id))
                .map(Fact::tree)
                .findFirst()
                .orElse(null);
    }

    private void addKey(Repository opened) throws IOException {
        opened.keyRegistry().add(SECOND, "second", KeyCost.TEST, Clock.systemUTC());
        say(Sort.KEY);
    }

    /** What has to be true after a cut behind so many calls. */
    Expected expected(int calls) {
        boolean made = false;
        boolean key = false;
        Map<SnapshotId, Map<String, String>> acknowledged = new HashMap<>();
        Map<SnapshotId, Map<String, String>> perhaps = new HashMap<>();
        Set<Map<String, String>> unanswered = new HashSet<>();
        Set<SnapshotId> forgotten = new HashSet<>();
        for (Fact fact : facts) {
            if (fact.at > calls) {
                break;
            }
            switch (fact.sort) {
                case MADE -> made = true;
                case KEY -> key = true;
                case BEGUN -> unanswered.add(fact.tree);
                case ACKNOWLEDGED -> acknowledged.put(fact.id, fact.tree);
                case FORGETTING -> {
                    Map<String, String> tree = acknowledged.remove(fact.id);
                    if (tree != null) {
                        perhaps.put(fact.id, tree);
                    }
                }
                case FORGOTTEN -> {
                    perhaps.remove(fact.id);
                    forgotten.add(fact.id);
                }
            }
        }
        return new Expected(made, key, acknowledged, perhaps, unanswered, forgotten);
    }

    @Override
    public String toString() {
        return log.toString();
    }
}
