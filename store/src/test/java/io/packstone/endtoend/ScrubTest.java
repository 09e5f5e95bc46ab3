package io.packstone.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.backend.Backend;
import io.packstone.backend.ObjectNames;
import io.packstone.backend.local.LocalBackend;
import io.packstone.error.ErrorKind;
import io.packstone.error.RepositoryException;
import io.packstone.error.StoreException;
import io.packstone.maintenance.healing.Scrub;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.objects.StoredObjects;
import io.packstone.testkit.CorruptingBackend;
import io.packstone.testkit.MemoryBackend;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A scrub has no key, and finds every change of every object. */
final class ScrubTest {
    private static final int STRIDE = 11;

    @TempDir
    Path folder = Path.of("");

    private MemoryBackend stored;
    private CorruptingBackend shown;

    @BeforeEach
    void makeRepository() throws IOException {
        Workplace place = new Workplace(folder);
        place.fill(3, 8, 1500);
        place.init();
        place.snapshot();
        stored = copyOf(new LocalBackend(place.repository));
        shown = new CorruptingBackend(stored);
    }

    private static MemoryBackend copyOf(Backend backend) throws IOException {
        MemoryBackend copy = new MemoryBackend();
        backend.list("", (name, length) -> copy.put(name, backend.get(name, Integer.MAX_VALUE)));
        backend.close();
        return copy;
    }

    private List<String> faults() throws IOException {
        try (StoredObjects objects = StoredObjects.at(shown)) {
            List<String> faults = new ArrayList<>();
            new Scrub(objects)
                    .run(new Scrub.Listener() {}, ProgressListener.NONE)
                    .faults()
                    .forEach(fault -> faults.add(fault.kind() + " " + fault.object()));
            return faults;
        }
    }

    @Test
    void aWholeRepositoryHasNoFaults() throws IOException {
        List<String> whole = new ArrayList<>();
        try (StoredObjects objects = StoredObjects.at(shown)) {
            Scrub.Report report = new Scrub(objects)
                    .run(
                            new Scrub.Listener() {
                                @Override
                                public synchronized void whole(String object) {
                                    whole.add(object);
                                }
                            },
                            ProgressListener.NONE);
            assertEquals(List.of(), report.faults());
            assertEquals(stored.stored().size(), report.objects());
            assertEquals(stored.stored().size(), whole.size());
            assertEquals(
                    stored.stored().values().stream().mapToLong(b -> b.length).sum(), report.bytesRead());
        }
    }

    @Test
    void everyFlippedBitIsFoundInTheObjectThatHasIt() throws IOException {
        int shift = 0;
        for (Map.Entry<String, byte[]> object : stored.stored().entrySet()) {
            for (int at = shift++ % STRIDE; at < object.getValue().length; at += STRIDE) {
                shown.flip(object.getKey(), at, 1 << at % 8);
                assertEquals(List.of("damaged " + object.getKey()), faults(), object.getKey() + " at " + at);
                shown.heal();
            }
        }
    }

    @Test
    void cutAndLongerObjectsAreFound() throws IOException {
        for (Map.Entry<String, byte[]> object : stored.stored().entrySet()) {
            for (int length : new int[] {0, 1, 31, object.getValue().length / 2, object.getValue().length - 1}) {
                shown.truncate(object.getKey(), length);
                assertEquals(List.of("damaged " + object.getKey()), faults(), object.getKey() + " cut to " + length);
                shown.heal();
            }
            shown.append(object.getKey(), new byte[] {0});
            assertEquals(List.of("damaged " + object.getKey()), faults(), object.getKey() + " longer");
            shown.heal();
        }
    }

    @Test
    void aCopyThatIsMissingIsFound() throws IOException {
        List<String> expected = new ArrayList<>();
        boolean first = false;
        for (String name : stored.stored().keySet()) {
            if (ObjectNames.isCopy(name)) {
                first = !first;
                String lost = first ? ObjectNames.primaryOf(name) : name;
                shown.drop(lost);
                expected.add("missing " + lost);
            }
        }
        assertTrue(expected.size() > 3);
        assertEquals(expected, faults());
    }

    @Test
    void swappedObjectsAreFound() throws IOException {
        List<String> names = List.copyOf(stored.stored().keySet());
        for (int i = 0; i < names.size(); i++) {
            String other = names.get((i + 1) % names.size());
            if (!ObjectNames.primaryOf(other).equals(ObjectNames.primaryOf(names.get(i)))) {
                shown.swap(names.get(i), other);
                assertTrue(!faults().isEmpty(), names.get(i) + " and " + other);
                shown.heal();
            }
        }
    }

    @Test
    void objectsOfAnotherRepositoryAreFound() throws IOException {
        Workplace other = new Workplace(java.nio.file.Files.createDirectory(folder.resolve("other")));
        other.fill(4, 3, 900);
        other.init();
        other.snapshot();
        List<String> expected = new ArrayList<>();
        for (Map.Entry<String, byte[]> foreign :
                copyOf(new LocalBackend(other.repository)).stored().entrySet()) {
            if (stored.putIfAbsent(foreign.getKey(), foreign.getValue())) {
                expected.add("damaged " + foreign.getKey());
            }
        }
        assertTrue(expected.size() > 6);
        assertEquals(expected, faults());
    }

    @Test
    void anObjectTheDeviceCannotReadIsNamedAndTheRestIsRead() throws IOException {
        String pack = stored.stored().keySet().stream()
                .filter(name -> name.startsWith(ObjectNames.PACKS))
                .findFirst()
                .orElseThrow();
        shown.unreadable(pack, 100, 101);
        assertEquals(List.of("unreadable " + pack), faults());
    }

    @Test
    void whereThereIsNoRepositoryNothingIsScrubbed() {
        RepositoryException none = assertThrows(RepositoryException.class, () -> StoredObjects.at(new MemoryBackend()));
        assertEquals(ErrorKind.NO_REPOSITORY, none.kind());
    }

    @Test
    void withoutAReadableConfigTheOthersSayWhoseTheyAre() throws IOException {
        shown.truncate("config/1", 0);
        shown.truncate("config/1.b", 0);
        assertEquals(List.of("damaged config/1", "damaged config/1.b"), faults());
        for (String name : stored.stored().keySet()) {
            if (!name.startsWith(ObjectNames.PACKS)) {
                shown.truncate(name, 0);
            }
        }
        assertThrows(StoreException.class, () -> StoredObjects.at(shown));
    }
}
