package io.packstone.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.backend.Backend;
import io.packstone.backend.ObjectNames;
import io.packstone.backup.resume.Interval;
import io.packstone.endtoend.FaultEverywhereTest.Command;
import io.packstone.error.ErrorKind;
import io.packstone.error.RepositoryException;
import io.packstone.id.SnapshotId;
import io.packstone.keyslot.KeyCost;
import io.packstone.keyslot.Secret;
import io.packstone.maintenance.CheckReport.Damage;
import io.packstone.maintenance.RebuildIndex;
import io.packstone.maintenance.healing.ParityUpkeep;
import io.packstone.maintenance.healing.Repair;
import io.packstone.maintenance.healing.RepairOptions;
import io.packstone.maintenance.prune.Undelete;
import io.packstone.metadata.TreePath;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.InitOptions;
import io.packstone.repository.Repository;
import io.packstone.repository.SnapshotLog;
import io.packstone.repository.StoredSnapshot;
import io.packstone.restore.Restore;
import io.packstone.restore.RestoreOptions;
import io.packstone.testkit.MemoryBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Twelve commands, the repository that each is given, and what has to be true after it met a fault. */
final class TwelveCommands {
    private static final Secret SECOND = Secret.Password.of("battery staple");

    private final Workplace place;
    private final Map<SnapshotId, Map<String, String>> trees = new HashMap<>();
    private SnapshotId chosen = SnapshotId.of(new byte[SnapshotId.LENGTH]);

    TwelveCommands(Path folder) throws IOException {
        place = new Workplace(folder);
        place.fill(3, 8, 30_000);
    }

    /** What stands before a command. */
    MemoryBackend prepared(Command command) throws IOException {
        MemoryBackend stored = new MemoryBackend();
        if (command == Command.INIT) {
            return stored;
        }
        init(stored);
        if (command == Command.FIRST_SNAPSHOT) {
            return stored;
        }
        for (int i = 0; i < (command == Command.SECOND_SNAPSHOT ? 1 : 3); i++) {
            try (Repository opened = Workplace.openPlainly(stored)) {
                SnapshotId id = place.snapshot(opened).snapshot();
                trees.put(id, Workplace.describe(place.source));
                chosen = i == 1 ? id : chosen;
            }
            place.change(new Random(i), 3, 30_000);
        }
        if (command == Command.UNDELETE || command == Command.PRUNE) {
            try (Repository opened = Workplace.openPlainly(stored)) {
                forget(opened);
            }
            trees.remove(chosen);
        }
        if (command == Command.REPAIR) {
            run(Command.PARITY_ADD, stored, place.source);
            for (String name : List.copyOf(stored.stored().keySet())) {
                if (name.startsWith(ObjectNames.PACKS) || name.endsWith(".state")) {
                    stored.stored().get(name)[50] ^= 1;
                }
            }
        }
        return stored;
    }

    private static void init(Backend backend) throws IOException {
        InitOptions options = InitOptions.defaults().withKeyCost(KeyCost.TEST).withChunkAverage(16384);
        Repository.init(backend, options, Workplace.SECRET, Clock.systemUTC());
    }

    /** Runs a command once; restores go below {@code folder}. */
    void run(Command command, Backend backend, Path folder) throws IOException {
        if (command == Command.INIT) {
            init(backend);
            return;
        }
        try (Repository opened = Workplace.openPlainly(backend)) {
            switch (command) {
                case INIT -> throw new IllegalStateException();
                case FIRST_SNAPSHOT -> place.snapshot(opened);
                case SECOND_SNAPSHOT -> place.snapshot(opened, Interval.everyBytes(1));
                case RESTORE -> restoreNewest(opened.loadIndex(), folder);
                case CHECK -> Workplace.check(opened.loadIndex());
                case FORGET -> forget(opened);
                case UNDELETE -> undelete(opened);
                case PRUNE -> Workplace.pruneAll(opened);
                case REBUILD_INDEX -> new RebuildIndex(opened.loadIndex()).run(ProgressListener.NONE);
                case REPAIR -> repair(opened);
                case KEY_ADD -> opened.keyRegistry().add(SECOND, "second", KeyCost.TEST, Clock.systemUTC());
                case PARITY_ADD -> {
                    opened.changeParity(true);
                    new ParityUpkeep(opened.objects()).add(ProgressListener.NONE);
                }
            }
        }
    }

    private void restoreNewest(Repository opened, Path folder) throws IOException {
        SnapshotLog.View view = opened.snapshots().list();
        if (view.snapshots().isEmpty()) {
            throw view.unreadable().get(0).cause();
        }
        restored(opened, view.snapshots().get(view.snapshots().size() - 1), folder.resolve("target"));
    }

    private void forget(Repository opened) throws IOException {
        opened.snapshots().forget(chosen, opened.snapshots().list().heads());
    }

    private void undelete(Repository opened) throws IOException {
        SnapshotLog.View view = opened.snapshots().list();
        for (StoredSnapshot forgotten : view.forgotten()) {
            new Undelete(opened).run(forgotten);
        }
    }

    private static void repair(Repository opened) throws IOException {
        new Repair(opened, RepairOptions.of("test"), Clock.systemUTC()).run(ProgressListener.NONE);
    }

    private Map<String, String> restored(Repository opened, StoredSnapshot snapshot, Path target) throws IOException {
        RestoreOptions options =
                RestoreOptions.to(Workplace.name(target)).withPath(TreePath.parse(Workplace.name(place.source)));
        var report = new Restore(opened).run(snapshot, options, ProgressListener.NONE);
        if (report.errors() > 0) {
            throw new IOException(report.problems().toString());
        }
        return Workplace.describe(target);
    }

    /** Looks at what a command left, gives it again, and looks once more. */
    void examine(Command command, MemoryBackend stored, Path folder) throws IOException {
        if (command != Command.REPAIR && Repository.exists(stored)) {
            try (Repository opened = Workplace.openPlainly(stored)) {
                for (Damage damage : Workplace.check(opened.loadIndex())) {
                    assertTrue(Workplace.isHalfPut(damage), damage.toString());
                }
                acknowledged(command, opened, folder);
            }
        }
        again(command, stored, folder);
        try (Repository opened = Workplace.openPlainly(stored)) {
            place.snapshot(opened);
        }
        try (Repository opened = Workplace.openPlainly(stored)) {
            Workplace.pruneAll(opened);
        }
        try (Repository opened = Workplace.openPlainly(stored)) {
            List<Damage> told = Workplace.check(opened.loadIndex());
            if (!told.isEmpty() && told.stream().allMatch(Workplace::isHalfPut)) {
                repair(opened);
                told = Workplace.check(opened.loadIndex());
            }
            assertEquals(List.of(), told);
            acknowledged(command, opened, folder);
            Path target = Files.createTempDirectory(folder, "last");
            assertEquals(Workplace.describe(place.source), restored(opened, Workplace.newest(opened), target));
        }
    }

    private void again(Command command, Backend stored, Path folder) throws IOException {
        try {
            run(command, stored, folder);
        } catch (RepositoryException e) {
            boolean wasMade = command == Command.INIT && e.kind() == ErrorKind.OCCUPIED;
            if (!wasMade) {
                throw e;
            }
        }
    }

    private void acknowledged(Command command, Repository opened, Path folder) throws IOException {
        Set<SnapshotId> missing = new HashSet<>(trees.keySet());
        for (StoredSnapshot snapshot : opened.snapshots().list().snapshots()) {
            missing.remove(snapshot.id());
            Path target = Files.createTempDirectory(folder, "t");
            Map<String, String> found = restored(opened, snapshot, target);
            Map<String, String> wanted = trees.get(snapshot.id());
            assertTrue(wanted == null || wanted.equals(found), "snapshot " + snapshot.id() + " is another");
            Scratch.delete(target);
        }
        if (command == Command.FORGET) {
            missing.remove(chosen);
        }
        assertEquals(Set.of(), missing, "acknowledged and gone");
    }
}
