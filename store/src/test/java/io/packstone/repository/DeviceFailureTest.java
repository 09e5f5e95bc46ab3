package io.packstone.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.backend.ObjectNames;
import io.packstone.crypto.SecretKey;
import io.packstone.error.ErrorKind;
import io.packstone.error.RepositoryException;
import io.packstone.error.UnlockException;
import io.packstone.keyslot.KeyCost;
import io.packstone.keyslot.Secret;
import io.packstone.testkit.FaultyBackend;
import io.packstone.testkit.FaultyBackend.Fault;
import io.packstone.testkit.FaultyBackend.Operation;
import io.packstone.testkit.MemoryBackend;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A device that fails, at every call in turn: whoever meets it learns the object, the place and what to do. */
class DeviceFailureTest {
    private static final Set<Operation> ALL = EnumSet.allOf(Operation.class);

    private final MemoryBackend memory = new MemoryBackend();
    private final FaultyBackend faulty = new FaultyBackend(memory);

    private static Secret key(int value) {
        byte[] bytes = new byte[32];
        bytes[0] = (byte) value;
        return new Secret.KeyFile(SecretKey.copyOf(bytes));
    }

    private void init(FaultyBackend backend) throws IOException {
        Repository.init(backend, InitOptions.defaults().withKeyCost(KeyCost.TEST), key(1), Clock.systemUTC());
    }

    private Repository open(Secret secret) throws IOException {
        return Repository.open(faulty, secret, RepositoryOptions.defaults());
    }

    private interface Step {
        void run() throws IOException;
    }

    private void assertNamed(Step step) {
        RepositoryException failure = assertThrows(RepositoryException.class, step::run);
        assertEquals(ErrorKind.BACKEND, failure.kind());
        String message = String.valueOf(failure.getMessage());
        assertTrue(message.startsWith("could not ") && message.contains(" at " + faulty.describe() + ": "), message);
        assertTrue(message.contains("; "), "it says what to do next: " + message);
        assertNotNull(failure.object());
        assertTrue(message.contains(String.valueOf(failure.object())), message);
    }

    @Test
    void atInit() throws IOException {
        faulty.arm(Fault.FAIL_BEFORE, 0, ALL);
        init(faulty);
        long calls = faulty.calls();
        for (long call = 1; call <= calls; call++) {
            FaultyBackend fresh = new FaultyBackend(new MemoryBackend());
            fresh.arm(Fault.FAIL_BEFORE, call, ALL);
            assertNamed(() -> init(fresh));
        }
    }

    @Test
    void whereThereAreTwoCopiesOneIsEnough() throws IOException {
        init(faulty);
        faulty.arm(Fault.FAIL_BEFORE, 0, EnumSet.of(Operation.GET));
        open(key(1));
        List<String> reads = faulty.log();
        for (long call = 1; call <= reads.size(); call++) {
            faulty.arm(Fault.FAIL_BEFORE, call, EnumSet.of(Operation.GET));
            assertNotNull(open(key(1)).id(), reads.get((int) call - 1));
            assertTrue(faulty.isTriggered());
        }
    }

    @Test
    void whileOpeningAndListing() throws IOException {
        init(faulty);
        faulty.arm(Fault.CRASH_BEFORE, 0, ALL);
        work();
        long calls = faulty.calls();
        for (long call = 1; call <= calls; call++) {
            faulty.arm(Fault.CRASH_BEFORE, call, ALL);
            assertNamed(this::work);
        }
    }

    private void work() throws IOException {
        assertTrue(Repository.exists(faulty));
        try (Repository repository = open(key(1))) {
            repository.loadIndex();
            repository.snapshots().list();
        }
    }

    @Test
    void aSlotThatCannotBeReadIsNoWrongPassword() throws IOException {
        init(faulty);
        try (Repository repository = open(key(1))) {
            repository.keyRegistry().add(key(2), "second", KeyCost.TEST, Clock.systemUTC());
        }
        assertThrows(UnlockException.class, () -> open(key(3)));
        List<String> slots = new ArrayList<>();
        memory.list(ObjectNames.KEYS, (name, length) -> slots.add(name));
        assertEquals(4, slots.size());
        for (long call = 1; call <= 3; call++) {
            faulty.arm(Fault.CRASH_BEFORE, call, EnumSet.of(Operation.GET));
            RepositoryException failure = assertThrows(RepositoryException.class, () -> open(key(3)));
            assertEquals(ErrorKind.BACKEND, failure.kind());
        }
    }
}
