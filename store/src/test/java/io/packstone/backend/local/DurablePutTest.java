package io.packstone.backend.local;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.backend.Upload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurablePutTest {
    @TempDir
    private Path directory;

    private static Supplier<String> numbers() {
        AtomicInteger next = new AtomicInteger();
        return () -> "t" + next.incrementAndGet();
    }

    /** What somebody else put or deleted and was killed before its directory was forced. */
    @Test
    void settlingForcesEveryDirectoryButThatOfUnfinishedFiles() throws IOException {
        RecordingDisk disk = new RecordingDisk();
        LocalBackend backend = new LocalBackend(directory.resolve("r"), disk, numbers());
        backend.settle();
        assertEquals(List.of(), disk.calls);
        backend.put("jobs/a", new byte[] {1});
        backend.put("gc/done/a", new byte[] {1});
        backend.put("packs/" + "ab".repeat(32), new byte[] {1});
        disk.calls.clear();
        backend.settle();
        assertEquals("forceDirectory r", disk.calls.get(0));
        assertEquals(
                Set.of(
                        "forceDirectory r",
                        "forceDirectory jobs",
                        "forceDirectory gc",
                        "forceDirectory done",
                        "forceDirectory packs",
                        "forceDirectory ab"),
                Set.copyOf(disk.calls));
    }

    @Test
    void theOrderOfCalls() throws IOException {
        RecordingDisk disk = new RecordingDisk();
        LocalBackend backend = new LocalBackend(directory.resolve("r"), disk, numbers());
        backend.put("jobs/a", new byte[] {1});
        assertEquals(
                List.of(
                        "mkdir r",
                        "forceDirectory " + directory.getFileName(),
                        "mkdir tmp",
                        "forceDirectory r",
                        "create t1",
                        "write t1",
                        "force t1",
                        "close t1",
                        "mkdir jobs",
                        "forceDirectory r",
                        "publish t1 a",
                        "forceDirectory jobs",
                        "delete t1"),
                disk.calls);
        disk.calls.clear();
        backend.put("jobs/b", new byte[] {1});
        assertEquals(
                List.of(
                        "create t2",
                        "write t2",
                        "force t2",
                        "close t2",
                        "publish t2 b",
                        "forceDirectory jobs",
                        "delete t2"),
                disk.calls);
        disk.calls.clear();
        assertTrue(!backend.putIfAbsent("jobs/b", new byte[] {2}));
        assertEquals(List.of("forceFile b", "forceDirectory jobs"), disk.calls);
        disk.calls.clear();
        backend.put("jobs/b", new byte[] {1});
        assertEquals(
                List.of(
                        "create t3",
                        "write t3",
                        "force t3",
                        "close t3",
                        "publish t3 b",
                        "forceFile b",
                        "forceDirectory jobs",
                        "delete t3"),
                disk.calls);
    }

    @Test
    void theOrderOfCallsOfDeletingAndReplacing() throws IOException {
        RecordingDisk disk = new RecordingDisk();
        LocalBackend backend = new LocalBackend(directory.resolve("r"), disk, numbers());
        backend.put("jobs/b", new byte[] {1});
        disk.calls.clear();
        backend.delete("jobs/b");
        assertEquals(List.of("delete b", "forceDirectory jobs"), disk.calls);
    }

    @Test
    void theOrderOfCallsThatPutAWholeObjectInADamagedOnesPlace() throws IOException {
        RecordingDisk disk = new RecordingDisk();
        LocalBackend backend = new LocalBackend(directory.resolve("r"), disk, numbers());
        backend.put("jobs/b", new byte[] {1});
        disk.calls.clear();
        try (Upload upload = backend.begin()) {
            upload.write(new byte[] {1}, 0, 1);
            upload.replace("jobs/b");
        }
        assertEquals(
                List.of(
                        "create t2",
                        "write t2",
                        "force t2",
                        "close t2",
                        "replace t2 b",
                        "forceDirectory jobs",
                        "delete t2"),
                disk.calls);
    }

    /** Whatever call fails: no name without all its bytes, and doing it again works. */
    @Test
    void everyCallMayFail() throws IOException {
        byte[] bytes = {1, 2, 3};
        for (int failing = 1; ; failing++) {
            Path root = Files.createDirectory(directory.resolve("run" + failing));
            AtomicInteger left = new AtomicInteger(failing);
            RecordingDisk disk = new RecordingDisk() {
                @Override
                void check(String call) throws IOException {
                    if (left.decrementAndGet() == 0) {
                        throw new IOException("ordered to fail: " + call);
                    }
                }
            };
            LocalBackend backend = new LocalBackend(root, disk, numbers());
            boolean failed = false;
            try {
                backend.put("jobs/a", bytes);
            } catch (IOException e) {
                failed = true;
            }
            left.set(0);
            LocalBackend other = new LocalBackend(root);
            TreeMap<String, Long> found = new TreeMap<>();
            other.list("", found::put);
            assertTrue(found.isEmpty() || found.equals(Map.of("jobs/a", 3L)), found.toString());
            assertTrue(failed || !found.isEmpty());
            backend.put("jobs/a", bytes);
            assertArrayEquals(bytes, other.get("jobs/a", 3));
            if (!failed) {
                assertTrue(failing > 8, "only " + failing + " calls");
                return;
            }
        }
    }

    @Test
    void aFailedForceIsNeverRepeated() throws IOException {
        RecordingDisk disk = new RecordingDisk() {
            @Override
            void check(String call) throws IOException {
                if (call.equals("force t1")) {
                    throw new IOException("input/output error");
                }
            }
        };
        LocalBackend backend = new LocalBackend(directory, disk, numbers());
        assertThrows(IOException.class, () -> backend.put("jobs/a", new byte[1]));
        assertEquals(1, disk.calls.stream().filter("force t1"::equals).count());
        assertEquals(
                0,
                disk.calls.stream().filter(call -> call.startsWith("publish")).count());
        assertEquals("delete t1", disk.calls.get(disk.calls.size() - 1));
        try (Stream<Path> residue = Files.list(directory.resolve("tmp"))) {
            assertEquals(0, residue.count());
        }
    }
}
