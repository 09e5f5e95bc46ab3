package io.packstone.maintenance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.backup.Backup;
import io.packstone.backup.BackupOptions;
import io.packstone.crypto.SecretKey;
import io.packstone.keyslot.Secret;
import io.packstone.metadata.RawName;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.InitOptions;
import io.packstone.repository.Repository;
import io.packstone.repository.RepositoryOptions;
import io.packstone.testkit.MemoryBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CheckOfAPartTest {
    private static final int SNAPSHOTS = 6;
    private static final int FILE_LENGTH = 200_000;

    @TempDir
    Path source = Path.of("");

    private final MemoryBackend backend = new MemoryBackend();
    private Repository repository;

    private List<String> packs() {
        return backend.stored().keySet().stream()
                .filter(name -> name.startsWith("packs/"))
                .toList();
    }

    private long longest() {
        return packs().stream()
                .mapToLong(name -> backend.stored().get(name).length)
                .max()
                .orElseThrow();
    }

    private long total() {
        return packs().stream()
                .mapToLong(name -> backend.stored().get(name).length)
                .sum();
    }

    @BeforeEach
    void takeSnapshots() throws IOException {
        source = source.toRealPath();
        Secret secret = new Secret.KeyFile(SecretKey.copyOf(new byte[SecretKey.LENGTH]));
        Repository.init(backend, InitOptions.defaults(), secret, Clock.systemUTC());
        repository = Repository.open(backend, secret, RepositoryOptions.defaults());
        Random random = new Random(1);
        for (int i = 0; i < SNAPSHOTS; i++) {
            byte[] bytes = new byte[FILE_LENGTH];
            random.nextBytes(bytes);
            Files.write(source.resolve("file" + i), bytes);
            BackupOptions options = BackupOptions.of(List.of(RawName.of(source.toString())), "host", "user");
            new Backup(repository, Clock.systemUTC()).run(options, ProgressListener.NONE);
        }
    }

    @AfterEach
    void close() throws IOException {
        repository.close();
    }

    private CheckReport check(CheckOptions options) throws IOException {
        return new Check(repository).run(options, ProgressListener.NONE);
    }

    @Test
    void aSizeReadsPacksOfAboutThatManyBytes() throws IOException {
        assertEquals(2 * SNAPSHOTS, packs().size());
        for (long wanted : new long[] {FILE_LENGTH, 500_000, 1_000_000, total()}) {
            long read = check(CheckOptions.ofBytes(wanted)).bytesRead();
            assertTrue(Math.abs(read - wanted) <= longest() / 2 + 1, "read " + read + " of " + wanted);
        }
        assertEquals(total(), check(CheckOptions.ofBytes(Long.MAX_VALUE)).bytesRead());
        assertEquals(total(), check(CheckOptions.ALL_DATA).bytesRead());
        assertEquals(0, check(CheckOptions.STRUCTURE).bytesRead());
    }

    @Test
    void theSmallestSizeAndShareReadOnePack() throws IOException {
        for (CheckOptions least : List.of(CheckOptions.ofBytes(1), CheckOptions.ofPercent(0.001))) {
            long read = check(least).bytesRead();
            assertTrue(packs().stream().anyMatch(name -> backend.stored().get(name).length == read), read + " bytes");
        }
    }

    @Test
    void checksOfAPartFindEveryDamageInTime() throws IOException {
        String victim = packs().stream()
                .filter(name -> backend.stored().get(name).length > FILE_LENGTH)
                .findFirst()
                .orElseThrow();
        byte[] damaged = backend.stored().get(victim).clone();
        damaged[1000] ^= 1;
        backend.stored().put(victim, damaged);
        assertEquals(List.of(), check(CheckOptions.STRUCTURE).errors());
        int rounds = 0;
        while (check(CheckOptions.ofBytes(FILE_LENGTH)).errors().isEmpty()) {
            rounds++;
            assertTrue(rounds < 300, "a sixth of the data was read 300 times, and never that pack");
        }
    }

    @Test
    void sizesAndSharesThatMeanNothingAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> CheckOptions.ofBytes(0));
        assertThrows(IllegalArgumentException.class, () -> CheckOptions.ofBytes(-1));
        assertThrows(IllegalArgumentException.class, () -> CheckOptions.ofPercent(101));
        assertThrows(IllegalArgumentException.class, () -> CheckOptions.ofPercent(Double.NaN));
    }
}
