package io.packstone.endtoend.kill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.backend.ObjectNames;
import io.packstone.backend.local.LocalBackend;
import io.packstone.endtoend.Scratch;
import io.packstone.endtoend.Workplace;
import io.packstone.error.StoreException;
import io.packstone.keyslot.KeyCost;
import io.packstone.maintenance.CheckReport.Damage;
import io.packstone.maintenance.healing.ParityUpkeep;
import io.packstone.maintenance.healing.Repair;
import io.packstone.maintenance.healing.RepairOptions;
import io.packstone.maintenance.healing.RepairReport;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.InitOptions;
import io.packstone.repository.Repository;
import io.packstone.repository.StoredSnapshot;
import io.packstone.repository.objects.StoredObjects;
import io.packstone.testkit.FastJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Repairs are killed: of objects that have parity or a second copy, of objects that a mirror has, and of packs whose
 * chunks another repository has. Whatever was whole stays so, what is restored is right or named, and the next repair
 * brings back all of it.
 */
final class RepairLife extends HardLife {
    private Path elsewhere = Path.of("");
    private String how = "";
    private final Set<String> damaged = new TreeSet<>();

    RepairLife(FastJvm jvm, Path folder, long seed) throws IOException {
        super(jvm, folder, seed);
    }

    /** Repairs {@code alone}, from a {@code mirror}, or from chunks that an{@code other} repository has. */
    static RepairReport repair(Repository opened, String how, Path elsewhere) throws IOException {
        RepairOptions options = RepairOptions.of("test");
        if (how.equals("alone")) {
            return new Repair(opened, options, Clock.systemUTC()).run(ProgressListener.NONE);
        }
        if (how.equals("mirror")) {
            try (StoredObjects mirror = StoredObjects.at(new LocalBackend(elsewhere))) {
                return new Repair(opened, options.withMirror(mirror), Clock.systemUTC()).run(ProgressListener.NONE);
            }
        }
        try (Repository other =
                Workplace.openPlainly(new LocalBackend(elsewhere)).loadIndex()) {
            return new Repair(opened, options.withOther(other), Clock.systemUTC()).run(ProgressListener.NONE);
        }
    }

    @Override
    Set<Stage> stages() {
        return Stage.REPAIR;
    }

    @Override
    InitOptions options() {
        return InitOptions.defaults()
                .withKeyCost(KeyCost.TEST)
                .withChunkAverage(16384)
                .withParity(true);
    }

    @Override
    void settle() throws IOException {
        elsewhere = place.repository.resolveSibling("elsewhere");
        for (int i = 0; i < 3; i++) {
            try (Repository opened = open()) {
                snapshot(opened);
            }
            place.change(random, 6, LONGEST);
        }
    }

    @Override
    Task prepare() throws IOException {
        if (Files.exists(elsewhere)) {
            Scratch.delete(elsewhere);
        }
        copy(place.repository, elsewhere);
        damaged.clear();
        how = List.of("alone", "mirror", "other", "other").get(random.nextInt(4));
        List<String> packs = new ArrayList<>(objects(ObjectNames.PACKS));
        List<String> parity = objects(ObjectNames.PARITY);
        packs.removeIf(pack -> !parity.contains(parityOf(pack))); // It is out of use since an earlier repair.
        for (int i = random.nextInt(3); i >= 0; i--) {
            String pack = packs.get(random.nextInt(packs.size()));
            if (how.equals("alone")) {
                flip(pack);
            } else {
                ruin(pack);
            }
        }
        List<String> segments = objects(ObjectNames.INDEX);
        if (!segments.isEmpty() && random.nextBoolean()) {
            flip(segments.get(random.nextInt(segments.size())));
        }
        oneOfTwo();
        return new Task(how, List.of("repair", how, elsewhere.toString()));
    }

    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.toList()) {
                Files.copy(each, to.resolve(from.relativize(each).toString()));
            }
        }
    }

    private List<String> objects(String prefix) throws IOException {
        List<String> names = new ArrayList<>();
        try (LocalBackend backend = new LocalBackend(place.repository)) {
            backend.list(prefix, (name, length) -> names.add(name));
        }
        return names.stream().sorted().toList();
    }

    /** Packs are spread over folders, and parity has the name of what it protects. */
    private Path file(String name) throws IOException {
        int slash = name.lastIndexOf('/');
        Path folder = place.repository.resolve(name.substring(0, slash));
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(path -> path.endsWith(name.substring(slash + 1)))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static String parityOf(String pack) {
        return ObjectNames.PARITY + pack.substring(ObjectNames.PACKS.length());
    }

    /** Changes one byte: parity of so little mends one place, not two. */
    private void flip(String name) throws IOException {
        if (!damaged.add(name)) {
            return;
        }
        byte[] bytes = Files.readAllBytes(file(name));
        bytes[random.nextInt(bytes.length)] ^= 4;
        Files.write(file(name), bytes);
    }

    /** Damages a pack, and takes its parity. */
    private void ruin(String pack) throws IOException {
        if (!damaged.add(pack)) {
            return;
        }
        Files.delete(file(parityOf(pack)));
        byte[] bytes = Files.readAllBytes(file(pack));
        switch (random.nextInt(3)) {
            case 0 -> Files.delete(file(pack));
            case 1 -> Files.write(file(pack), Arrays.copyOf(bytes, random.nextInt(bytes.length)));
            default -> {
                bytes[random.nextInt(bytes.length)] ^= 4;
                Files.write(file(pack), bytes);
            }
        }
    }

    /** Damages one of the two copies of something small. */
    private void oneOfTwo() throws IOException {
        List<String> small = new ArrayList<>(objects(ObjectNames.SNAPSHOTS));
        small.addAll(objects(ObjectNames.KEYS));
        small.addAll(objects(ObjectNames.CONFIG));
        String name = small.get(random.nextInt(small.size()));
        if (random.nextBoolean()) {
            flip(name);
        } else if (damaged.add(name)) {
            Files.delete(file(name));
        }
    }

    @Override
    void prove(StageBoard board) throws IOException {
        perhapsLoseTheCache();
        try (Repository opened = open()) {
            for (Damage damage : Workplace.check(opened)) {
                assertTrue(isExpected(damage), damage + " but damaged were " + damaged);
            }
            for (StoredSnapshot snapshot : listed(opened)) {
                rightOrNamed(opened, snapshot);
            }
        }
        try (Repository opened = open()) {
            RepairReport report = repair(opened, how, elsewhere);
            assertTrue(report.isHealed(), report.toString());
        }
        try (Repository opened = open()) {
            assertEquals(List.of(), Workplace.check(opened));
            allAreRestored(opened);
            if (random.nextInt(3) == 0) {
                place.change(random, 3, LONGEST);
                snapshot(opened);
            }
            if (random.nextInt(3) == 0) {
                Workplace.pruneAll(opened);
            }
            new ParityUpkeep(opened.objects())
                    .add(ProgressListener.NONE); // A killed repair may have put packs without.
        }
    }

    /**
     * What was damaged may be so still. What a killed repair put in packs may be in no index segment yet; and with a segment
     * damaged as well as a pack, nobody may know which chunks the pack has.
     */
    private boolean isExpected(Damage damage) {
        boolean isUnindexed = damage.kind().equals("unindexed") && how.equals("other");
        boolean isUnknown = damage.object().startsWith("chunk ")
                && damaged.stream().anyMatch(name -> name.startsWith(ObjectNames.INDEX));
        return damaged.contains(damage.object()) || isUnindexed || isUnknown || Workplace.isHalfPut(damage);
    }

    /** Files that were restored are those that were taken; when some were not, that is told. */
    private void rightOrNamed(Repository opened, StoredSnapshot snapshot) throws IOException {
        Map<String, String> wanted = acknowledged.get(snapshot.id());
        Path target = Files.createDirectory(place.newTarget());
        boolean isWhole;
        try {
            isWhole = place.restore(opened, snapshot, target).errors() == 0;
        } catch (StoreException e) {
            isWhole = false; // Not even the top of the manifest can be read.
        }
        Map<String, String> found = Workplace.describe(target);
        if (isWhole) {
            assertEquals(wanted, found);
        } else {
            try (Stream<Path> below = Files.walk(target)) {
                for (Path file : below.filter(Files::isRegularFile).toList()) {
                    String name = target.relativize(file).toString();
                    assertEquals(content(wanted.get(name)), content(found.get(name)), name);
                }
            }
        }
        Scratch.delete(target);
    }

    private static String content(String described) {
        return described.substring(described.lastIndexOf(' ') + 1);
    }
}
