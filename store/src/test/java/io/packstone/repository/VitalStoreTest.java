package io.packstone.repository;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.error.CorruptionException;
import io.packstone.error.ErrorKind;
import io.packstone.error.LimitExceededException;
import io.packstone.error.MissingObjectException;
import io.packstone.error.RepositoryException;
import io.packstone.error.UnsupportedFormatException;
import io.packstone.testkit.FaultyBackend;
import io.packstone.testkit.MemoryBackend;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VitalStoreTest {
    private static final String NAME = "jobs/x";
    private static final byte[] BYTES = {1, 2, 3};

    private final MemoryBackend backend = new MemoryBackend();
    private final VitalStore vital = new VitalStore(backend);

    private byte[] read(Map<String, IOException> failures) throws IOException {
        return vital.get(NAME, 100, "the test", (bytes, name) -> {
            IOException failure = failures.get(name);
            if (failure != null) {
                throw failure;
            }
            return bytes;
        });
    }

    @Test
    void whateverIsWrongWithTheFirstCopyTheSecondServes() throws IOException {
        vital.put(NAME, BYTES);
        for (IOException failure : List.of(
                new CorruptionException(NAME, "ordered"),
                new LimitExceededException(NAME, "its length", 9, 8),
                new MissingObjectException(NAME, "the test"),
                new RepositoryException(ErrorKind.BACKEND, NAME, "input/output error"),
                new IOException("input/output error"))) {
            assertArrayEquals(BYTES, read(Map.of(NAME, failure)));
        }
        backend.delete(NAME);
        assertArrayEquals(BYTES, read(Map.of()));
    }

    @Test
    void whatIsNoMatterOfOneCopyIsThrown() throws IOException {
        vital.put(NAME, BYTES);
        for (IOException failure :
                List.of(new UnsupportedFormatException(NAME, "of a newer program"), new InterruptedIOException())) {
            assertSame(failure, assertThrows(failure.getClass(), () -> read(Map.of(NAME, failure))));
        }
    }

    @Test
    void absentIsOnlyWhatIsAbsentTwice() throws IOException {
        assertNull(vital.find(NAME, 100, (bytes, name) -> bytes));
        backend.put(NAME + ".b", BYTES);
        IOException unreadable = new IOException("input/output error");
        assertSame(unreadable, assertThrows(IOException.class, () -> read(Map.of(NAME + ".b", unreadable))));
    }

    /** Whoever completes a copy while it is being deleted, and whenever he does, leaves none alone. */
    @Test
    void aCopyIsNotBroughtBackBehindADeletion() throws IOException {
        for (int when = 1; when <= 4; when++) {
            MemoryBackend stored = new MemoryBackend();
            stored.put(NAME, BYTES);
            int[] left = {when};
            FaultyBackend between = new FaultyBackend(stored) {
                @Override
                public void delete(String name) throws IOException {
                    if (--left[0] == 0) {
                        new VitalStore(stored).putCopy(NAME, BYTES);
                    }
                    super.delete(name);
                }
            };
            new VitalStore(between).delete(NAME);
            if (when == 4) {
                new VitalStore(stored).putCopy(NAME, BYTES);
            }
            assertEquals(Map.of(), stored.stored(), "completed before deletion " + when);
        }
    }

    /** Whoever is slow to put the copy of what he was the first to put may find that gone. */
    @Test
    void aCopyIsNotPutBehindADeletionOfTheFirst() throws IOException {
        for (int when = 1; when <= 3; when++) {
            MemoryBackend stored = new MemoryBackend();
            int[] left = {when};
            FaultyBackend between = new FaultyBackend(stored) {
                private void deleteMeanwhile() throws IOException {
                    if (--left[0] == 0) {
                        new VitalStore(stored).delete(NAME);
                    }
                }

                @Override
                public boolean putIfAbsent(String name, byte[] bytes) throws IOException {
                    deleteMeanwhile();
                    return super.putIfAbsent(name, bytes);
                }

                @Override
                public long length(String name) throws IOException {
                    deleteMeanwhile();
                    return super.length(name);
                }
            };
            assertTrue(new VitalStore(between).putIfAbsent(NAME, BYTES));
            assertEquals(when == 1 ? 2 : 0, stored.stored().size(), "deleted before step " + when);
        }
    }
}
