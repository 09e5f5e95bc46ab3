package io.packstone.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.packstone.backend.Backend;
import io.packstone.testkit.FaultyBackend.Fault;
import io.packstone.testkit.FaultyBackend.InjectedFaultException;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Unarmed, a faulty backend keeps the contract as well. */
class FaultyBackendTest extends BackendContract {
    @Override
    protected Backend open() {
        return new FaultyBackend(new MemoryBackend());
    }

    @Test
    void breaksWhereItIsTold() throws IOException {
        for (Fault fault : Fault.values()) {
            MemoryBackend inner = new MemoryBackend();
            FaultyBackend faulty = new FaultyBackend(inner);
            faulty.arm(fault, 2, FaultyBackend.CHANGES);
            faulty.put("jobs/a", new byte[] {1, 2});
            faulty.length("jobs/a");
            assertThrows(InjectedFaultException.class, () -> faulty.put("jobs/b", new byte[] {3, 4}));
            assertEquals(List.of("PUT jobs/a", "PUT jobs/b"), faulty.log());
            int expected = switch (fault) {
                case FAIL_BEFORE, CRASH_BEFORE -> -1;
                case FAIL_AFTER, CRASH_AFTER -> 2;
                case TORN -> 1;
            };
            assertEquals(expected, inner.length("jobs/b"), fault.toString());
            if (fault == Fault.FAIL_BEFORE || fault == Fault.FAIL_AFTER) {
                assertEquals(2, faulty.length("jobs/a"));
            } else {
                assertThrows(InjectedFaultException.class, () -> faulty.length("jobs/a"));
            }
        }
    }

    @Test
    void corruptsWhatItIsTold() throws IOException {
        MemoryBackend inner = new MemoryBackend();
        CorruptingBackend corrupting = new CorruptingBackend(inner);
        corrupting.put("jobs/a", new byte[] {1, 2, 3});
        corrupting.put("jobs/b", new byte[] {4});
        corrupting.flip("jobs/a", 1, 0x80);
        assertArrayEquals(new byte[] {1, (byte) 0x82, 3}, corrupting.get("jobs/a", 3));
        corrupting.truncate("jobs/a", 2);
        assertEquals(2, corrupting.length("jobs/a"));
        assertThrows(IOException.class, () -> corrupting.read("jobs/a", 1, new byte[2], 0, 2));
        corrupting.heal();
        corrupting.swap("jobs/a", "jobs/b");
        assertArrayEquals(new byte[] {4}, corrupting.get("jobs/a", 3));
        corrupting.drop("jobs/b");
        assertEquals(-1, corrupting.length("jobs/b"));
        corrupting.list("", (name, length) -> assertEquals("jobs/a", name));
        assertArrayEquals(new byte[] {1, 2, 3}, inner.get("jobs/a", 3));
    }
}
