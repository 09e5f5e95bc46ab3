package io.packstone.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.backend.ObjectNames;
import io.packstone.keyslot.KeyCost;
import io.packstone.maintenance.Check;
import io.packstone.maintenance.CheckOptions;
import io.packstone.maintenance.CheckReport;
import io.packstone.maintenance.Proofs;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.InitOptions;
import io.packstone.repository.Repository;
import io.packstone.repository.RepositoryOptions;
import io.packstone.testkit.MemoryBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks of a part of the data come round to all of it, the longest unproven first. */
final class ProofsTest {
    private static final int PACKS = 10;
    private static final long DAY = 86_400;

    @TempDir
    Path folder = Path.of("");

    private MemoryBackend stored;
    private long now = 1_700_000_000L;

    @BeforeEach
    void makeRepository() throws IOException {
        Workplace place = new Workplace(folder);
        Files.createDirectories(place.source);
        stored = new MemoryBackend();
        Repository.init(stored, InitOptions.defaults().withKeyCost(KeyCost.TEST), Workplace.SECRET, Clock.systemUTC());
        for (int i = 0; i < PACKS / 2; i++) {
            Files.writeString(place.source.resolve("f" + i), "state " + i);
            try (Repository opened = Workplace.open(stored)) {
                place.snapshot(opened);
            }
        }
    }

    private CheckReport check(Path cache, CheckOptions options) throws IOException {
        RepositoryOptions how = RepositoryOptions.defaults().withCacheDirectory(cache);
        try (Repository opened = Repository.open(stored, Workplace.SECRET, how).loadIndex()) {
            Clock clock = Clock.fixed(Instant.ofEpochSecond(now), ZoneOffset.UTC);
            return new Check(opened, clock).run(options, ProgressListener.NONE);
        }
    }

    @Test
    void aTenthEachDayProvesAllInTenDaysAndThenTheOldestAgain() throws IOException {
        Path cache = folder.resolve("cache");
        long first = now;
        for (int day = 1; day <= PACKS; day++) {
            CheckReport report = check(cache, CheckOptions.ofPercent(10));
            assertEquals(PACKS, report.packs());
            assertEquals(PACKS - day, report.packsUnproven());
            assertEquals(day < PACKS ? Proofs.NEVER : first, report.oldestProof());
            now += DAY;
        }
        assertEquals(first + DAY, check(cache, CheckOptions.ofPercent(10)).oldestProof());
        assertEquals(now, check(cache, CheckOptions.ALL_DATA).oldestProof());
    }

    @Test
    void whatIsDamagedIsNotProved() throws IOException {
        Path cache = folder.resolve("cache");
        assertEquals(0, check(cache, CheckOptions.ALL_DATA).packsUnproven());
        List<String> packs = stored.stored().keySet().stream()
                .filter(name -> name.startsWith(ObjectNames.PACKS))
                .toList();
        byte[] bytes = stored.stored().get(packs.get(0)).clone();
        bytes[70] ^= 1;
        stored.stored().put(packs.get(0), bytes);
        CheckReport report = check(cache, CheckOptions.ALL_DATA);
        assertEquals(1, report.packsUnproven());
        assertTrue(!report.errors().isEmpty());
    }

    @Test
    void structureAloneProvesNoPack() throws IOException {
        CheckReport report = check(folder.resolve("cache"), CheckOptions.STRUCTURE);
        assertEquals(PACKS, report.packsUnproven());
        assertEquals(0, report.bytesRead());
    }
}
