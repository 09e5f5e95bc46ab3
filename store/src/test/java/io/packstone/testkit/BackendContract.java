package io.packstone.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.backend.Backend;
import io.packstone.backend.Upload;
import io.packstone.crypto.Hmac;
import io.packstone.error.CorruptionException;
import io.packstone.error.ErrorKind;
import io.packstone.error.LimitExceededException;
import io.packstone.error.MissingObjectException;
import io.packstone.error.RepositoryException;
import io.packstone.error.StoreException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every backend promises; an implementation's test extends this. */
public abstract class BackendContract {
    private static final String HEX = "0123456789abcdef".repeat(4);
    private static final String PACK = "packs/" + HEX;

    private Backend backend = new MemoryBackend();

    /** A backend with nothing in it. */
    protected abstract Backend open() throws IOException;

    @BeforeEach
    final void begin() throws IOException {
        backend = open();
    }

    @AfterEach
    final void end() throws IOException {
        backend.close();
    }

    private static byte[] bytes(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    private Map<String, Long> listed(String prefix) throws IOException {
        Map<String, Long> found = new TreeMap<>();
        backend.list(prefix, (name, length) -> assertTrue(found.put(name, length) == null, name + " twice"));
        return found;
    }

    @Test
    final void whatWasPutIsThere() throws IOException {
        for (int length : new int[] {0, 1, 4096, 3_000_000}) {
            byte[] expected = bytes(length, length);
            String name = "jobs/" + length;
            backend.put(name, expected);
            assertEquals(length, backend.length(name));
            assertArrayEquals(expected, backend.get(name, Math.max(1, length)));
            byte[] part = new byte[length + 2];
            backend.read(name, length / 3, part, 1, length - length / 3);
            assertArrayEquals(
                    Arrays.copyOfRange(expected, length / 3, length),
                    Arrays.copyOfRange(part, 1, 1 + length - length / 3));
            assertEquals(0, part[0]);
        }
    }

    @Test
    final void putBorrowsItsBytes() throws IOException {
        byte[] given = {1, 2, 3};
        backend.put("jobs/a", given);
        given[0] = 9;
        backend.get("jobs/a", 3)[1] = 9;
        assertArrayEquals(new byte[] {1, 2, 3}, backend.get("jobs/a", 3));
    }

    @Test
    final void sameBytesAgainAreFineAndOthersAreRefused() throws IOException {
        backend.put(PACK, bytes(100, 1));
        backend.put(PACK, bytes(100, 1));
        for (byte[] other : List.of(bytes(100, 2), bytes(99, 1), bytes(101, 1), new byte[0])) {
            RepositoryException e = assertThrows(RepositoryException.class, () -> backend.put(PACK, other));
            assertEquals(ErrorKind.OCCUPIED, e.kind());
        }
        assertArrayEquals(bytes(100, 1), backend.get(PACK, 100));
        assertEquals(Map.of(PACK, 100L), listed(""));
    }

    @Test
    final void putIfAbsentNeverReplaces() throws IOException {
        assertTrue(backend.putIfAbsent("config/1", new byte[] {1}));
        assertFalse(backend.putIfAbsent("config/1", new byte[] {2, 3}));
        assertFalse(backend.putIfAbsent("config/1", new byte[] {1}));
        assertArrayEquals(new byte[] {1}, backend.get("config/1", 10));
    }

    @Test
    final void ofManyPutIfAbsentOneWins() throws Exception {
        int contenders = 6;
        ExecutorService threads = Executors.newFixedThreadPool(contenders);
        try {
            for (int round = 0; round < 5; round++) {
                String name = "snapshots/" + round + ".state";
                CyclicBarrier start = new CyclicBarrier(contenders);
                List<Future<Boolean>> results = new ArrayList<>();
                for (int i = 0; i < contenders; i++) {
                    byte[] mine = {(byte) i};
                    Callable<Boolean> attempt = () -> {
                        start.await();
                        return backend.putIfAbsent(name, mine);
                    };
                    results.add(threads.submit(attempt));
                }
                int winner = -1;
                for (int i = 0; i < contenders; i++) {
                    if (results.get(i).get()) {
                        assertEquals(-1, winner, "two winners");
                        winner = i;
                    }
                }
                assertArrayEquals(new byte[] {(byte) winner}, backend.get(name, 1));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    final void uploadsAppearWhenCommitted() throws IOException {
        byte[] expected = bytes(2_500_000, 5);
        try (Upload upload = backend.begin()) {
            for (int at = 0; at < expected.length; at += 300_000) {
                upload.write(expected, at, Math.min(300_000, expected.length - at));
            }
            assertEquals(Map.of(), listed(""));
            upload.commit(PACK);
            assertThrows(IllegalStateException.class, () -> upload.write(expected, 0, 1));
            assertThrows(IllegalStateException.class, () -> upload.commit(PACK));
        }
        assertArrayEquals(expected, backend.get(PACK, expected.length));
        assertEquals(Map.of(PACK, (long) expected.length), listed("packs/"));
    }

    @Test
    final void abandonedUploadsLeaveNothing() throws IOException {
        Upload upload = backend.begin();
        upload.write(new byte[10], 0, 10);
        upload.close();
        upload.close();
        assertThrows(IllegalStateException.class, () -> upload.commit(PACK));
        assertEquals(Map.of(), listed(""));
    }

    @Test
    final void anUploadMayRepeatButNotReplace() throws IOException {
        backend.put(PACK, new byte[] {1, 2});
        try (Upload same = backend.begin()) {
            same.write(new byte[] {0, 1, 2, 3}, 1, 2);
            same.commit(PACK);
        }
        try (Upload other = backend.begin()) {
            other.write(new byte[] {1, 3}, 0, 2);
            assertThrows(RepositoryException.class, () -> other.commit(PACK));
        }
        assertArrayEquals(new byte[] {1, 2}, backend.get(PACK, 2));
    }

    @Test
    final void whatIsAbsentIsNamed() throws IOException {
        assertEquals(-1, backend.length(PACK));
        backend.delete(PACK);
        MissingObjectException e = assertThrows(MissingObjectException.class, () -> backend.get(PACK, 10));
        assertEquals(PACK, e.object());
        assertThrows(MissingObjectException.class, () -> backend.read(PACK, 0, new byte[1], 0, 1));
        assertEquals(Map.of(), listed("packs/"));
        assertEquals(Map.of(), listed("gc/plan/"));
    }

    @Test
    final void readingBeyondTheEndIsDamage() throws IOException {
        backend.put(PACK, bytes(10, 1));
        byte[] target = new byte[20];
        backend.read(PACK, 10, target, 0, 0);
        backend.read(PACK, 0, target, 0, 10);
        for (long offset : new long[] {1, 9, 10, 11, 1L << 40}) {
            CorruptionException e =
                    assertThrows(CorruptionException.class, () -> backend.read(PACK, offset, target, 0, 10));
            assertEquals(PACK, e.object());
        }
        assertThrows(IllegalArgumentException.class, () -> backend.read(PACK, -1, target, 0, 1));
    }

    @Test
    final void longObjectsAreRefusedBeforeTheyAreRead() throws IOException {
        backend.put("keys/a", bytes(11, 1));
        assertThrows(LimitExceededException.class, () -> backend.get("keys/a", 10));
        assertEquals(11, backend.get("keys/a", 11).length);
    }

    @Test
    final void listsByPrefix() throws IOException {
        Map<String, Long> all = new TreeMap<>();
        List<String> names = List.of(
                "config/1",
                "config/1.b",
                "snapshots/" + HEX,
                "snapshots/" + HEX + ".state",
                "gc/plan/x",
                "gc/exec/x",
                "index/" + HEX);
        for (String name : names) {
            backend.put(name, new byte[name.length()]);
            all.put(name, (long) name.length());
        }
        for (int i = 0; i < 40; i++) {
            String name = "packs/" + String.format("%02x", i * 6) + HEX.substring(2);
            backend.put(name, new byte[i]);
            all.put(name, (long) i);
        }
        assertEquals(all, listed(""));
        assertEquals(7 + 40, listed("").size());
        assertEquals(40, listed("packs/").size());
        assertEquals(Map.of("gc/plan/x", 9L), listed("gc/plan/"));
        assertEquals(2, listed("gc/").size());
        assertEquals(2, listed("snapshots/").size());
        IOException stop = new IOException("enough");
        assertEquals(
                stop,
                assertThrows(
                        IOException.class,
                        () -> backend.list("packs/", (name, length) -> {
                            throw stop;
                        })));
    }

    @Test
    final void deletedIsGoneAndMayComeAgain() throws IOException {
        backend.put(PACK, new byte[] {1});
        backend.read(PACK, 0, new byte[1], 0, 1);
        backend.delete(PACK);
        assertEquals(-1, backend.length(PACK));
        assertThrows(MissingObjectException.class, () -> backend.read(PACK, 0, new byte[1], 0, 1));
        assertTrue(backend.putIfAbsent(PACK, new byte[] {2}));
        byte[] read = new byte[1];
        backend.read(PACK, 0, read, 0, 1);
        assertEquals(2, read[0]);
    }

    @Test
    final void namesAreChecked() {
        List<String> bad = List.of(
                "",
                "config",
                "/config/1",
                "config/",
                "config//1",
                "Config/1",
                "../x",
                "config/..",
                "tmp/x",
                "a/b/c/d/e",
                "config/1\n",
                "config/ä",
                "config/" + "x".repeat(300));
        for (String name : bad) {
            assertThrows(IllegalArgumentException.class, () -> backend.put(name, new byte[0]), name);
            assertThrows(IllegalArgumentException.class, () -> backend.putIfAbsent(name, new byte[0]), name);
            assertThrows(IllegalArgumentException.class, () -> backend.get(name, 1), name);
            assertThrows(IllegalArgumentException.class, () -> backend.length(name), name);
            assertThrows(IllegalArgumentException.class, () -> backend.delete(name), name);
        }
        assertThrows(IllegalArgumentException.class, () -> backend.list("packs", (name, length) -> {}));
        assertThrows(IllegalArgumentException.class, () -> backend.list("../", (name, length) -> {}));
    }

    @Test
    final void bytesThatAreNotWhatTheNameSaysTakeNoPlace() throws IOException {
        byte[] right = bytes(1000, 1);
        String name = "packs/" + HexFormat.of().formatHex(Hmac.sha256(right, 0, right.length));
        backend.put(name, right);
        try (Upload upload = backend.begin()) {
            upload.write(bytes(1000, 2), 0, 1000);
            assertThrows(StoreException.class, () -> upload.replace(name));
        }
        assertArrayEquals(right, backend.get(name, 1000));
    }

    @Test
    final void manyThreadsReadManyObjects() throws Exception {
        int objects = 100;
        for (int i = 0; i < objects; i++) {
            backend.put("packs/" + String.format("%064x", i), bytes(1000, i));
        }
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> readers = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                Random random = new Random(t);
                readers.add(threads.submit(() -> {
                    byte[] target = new byte[100];
                    for (int i = 0; i < 2000; i++) {
                        int object = random.nextInt(objects);
                        int offset = random.nextInt(900);
                        backend.read("packs/" + String.format("%064x", object), offset, target, 0, 100);
                        assertArrayEquals(Arrays.copyOfRange(bytes(1000, object), offset, offset + 100), target);
                    }
                    return null;
                }));
            }
            for (Future<?> reader : readers) {
                reader.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
