package io.packstone.maintenance.retention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.backup.Backup;
import io.packstone.backup.BackupOptions;
import io.packstone.error.RepositoryException;
import io.packstone.id.SnapshotId;
import io.packstone.keyslot.KeyCost;
import io.packstone.keyslot.Secret;
import io.packstone.metadata.RawName;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.InitOptions;
import io.packstone.repository.Repository;
import io.packstone.repository.RepositoryOptions;
import io.packstone.repository.StoredSnapshot;
import io.packstone.snapshot.SnapshotNote.Pin;
import io.packstone.testkit.MemoryBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Forgetting in a repository: what is dropped, what needs a word more, and what is never dropped. */
final class ForgetTest {
    private static final Secret SECRET = Secret.Password.of("correct horse");

    @TempDir
    Path source = Path.of("");

    private Repository repository;

    @BeforeEach
    void init() throws IOException {
        MemoryBackend backend = new MemoryBackend();
        Repository.init(backend, InitOptions.defaults().withKeyCost(KeyCost.TEST), SECRET, Clock.systemUTC());
        repository = Repository.open(backend, SECRET, RepositoryOptions.defaults());
        Files.writeString(source.resolve("a"), "a");
    }

    @AfterEach
    void close() throws IOException {
        repository.close();
    }

    private SnapshotId take(String host) throws IOException {
        BackupOptions options = BackupOptions.of(List.of(RawName.of(source.toString())), host, "user");
        SnapshotId id = new Backup(repository, Clock.systemUTC())
                .run(options, ProgressListener.NONE)
                .snapshot();
        return java.util.Objects.requireNonNull(id);
    }

    private List<SnapshotId> left() throws IOException {
        return repository.snapshots().list().snapshots().stream()
                .map(StoredSnapshot::id)
                .toList();
    }

    private Forget forget() {
        return new Forget(repository, Clock.systemUTC());
    }

    private static ForgetOptions last(int count) {
        return ForgetOptions.byRules(RetentionRules.keepLast(count), ZoneOffset.UTC);
    }

    @Test
    void rulesWorkOnEachGroupByItself() throws IOException {
        take("one");
        SnapshotId second = take("one");
        SnapshotId third = take("one");
        SnapshotId other = take("two");
        ForgetPlan plan = forget().plan(last(2));
        assertFalse(plan.needsConfirmation());
        assertEquals(1, forget().apply(plan, 0).forgotten().size());
        assertEquals(List.of(second, third, other), left());
        ForgetOptions together = new ForgetOptions(List.of(), RetentionRules.keepLast(2), false, false, ZoneOffset.UTC);
        assertEquals(List.of(second), forget().plan(together).forgotten());
    }

    @Test
    void anEmptyOrMisspeltPolicyKeepsEverything() throws IOException {
        take("one");
        take("one");
        for (RetentionRules rules : List.of(
                RetentionRules.NONE,
                new RetentionRules(0, 0, 0, 0, 0, 0, TimeSpan.NONE, List.of("nighlty")),
                new RetentionRules(1, 0, 0, 0, 0, 0, TimeSpan.NONE, List.of("nighlty")))) {
            ForgetPlan plan = forget().plan(ForgetOptions.byRules(rules, ZoneOffset.UTC));
            assertEquals(List.of(), plan.forgotten());
            assertEquals(1, plan.remarks().size());
            forget().apply(plan, 0);
        }
        assertEquals(2, left().size());
    }

    @Test
    void toDropMostOfItOrAWholeGroupTakesAWordMore() throws IOException {
        take("one");
        take("one");
        SnapshotId newest = take("one");
        ForgetPlan most = forget().plan(last(1));
        assertTrue(most.needsConfirmation());
        for (long wrong : new long[] {0, 1, 3}) {
            assertThrows(RepositoryException.class, () -> forget().apply(most, wrong));
        }
        assertEquals(3, left().size());
        forget().apply(most, 2);
        assertEquals(List.of(newest), left());
        SnapshotId other = take("two");
        ForgetPlan group = forget().plan(ForgetOptions.of(List.of(other), ZoneOffset.UTC));
        assertTrue(group.needsConfirmation());
        assertThrows(RepositoryException.class, () -> forget().apply(group, 0));
        forget().apply(group, 1);
        assertEquals(List.of(newest), left());
    }

    @Test
    void whatIsProtectedStays() throws IOException {
        SnapshotId first = take("one");
        take("one");
        SnapshotId third = take("one");
        take("one");
        repository.snapshots().annotate(first, Pin.PROTECTED, List.of(), List.of(), repository.randomness());
        ForgetPlan plan = forget().plan(last(2));
        assertEquals(1, plan.forgotten().size());
        assertThrows(RepositoryException.class, () -> forget().plan(ForgetOptions.of(List.of(first), ZoneOffset.UTC)));
        ForgetPlan stale = forget().plan(ForgetOptions.of(List.of(third), ZoneOffset.UTC));
        repository.snapshots().annotate(third, Pin.PROTECTED, List.of(), List.of(), repository.randomness());
        assertEquals(List.of(third), forget().apply(stale, 0).spared());
        assertEquals(4, left().size());
    }
}
