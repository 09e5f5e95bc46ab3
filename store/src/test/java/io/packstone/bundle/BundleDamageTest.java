package io.packstone.bundle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.error.CorruptionException;
import io.packstone.error.StoreException;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.Repository;
import io.packstone.repository.StoredSnapshot;
import io.packstone.testkit.MemoryBackend;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is wrong with a bundle is found and its place named, and no snapshot comes of it. */
final class BundleDamageTest {
    @TempDir
    Path folder = Path.of("");

    private Carriage carriage;
    private StoredSnapshot snapshot;
    private byte[] bundle;

    @BeforeEach
    void fill() throws IOException {
        carriage = new Carriage(folder);
        carriage.file("a", 1, 700);
        carriage.file("b/c", 2, 300);
        snapshot = carriage.snapshot();
        bundle = carriage.export(snapshot, null);
    }

    private static StoreException refusal(Repository opened, byte[] bytes) {
        return assertThrows(
                StoreException.class,
                () -> new Import(opened).run(new Carriage.Bytes(bytes, true), ProgressListener.NONE));
    }

    private static void expectNothing(MemoryBackend backend) throws IOException {
        assertEquals(List.of(), Carriage.snapshots(backend));
        assertEquals(0, backend.count("snapshots/"), "nothing was even claimed");
        assertEquals(0, backend.count("jobs/"));
    }

    @Test
    void everyByteThatIsChangedIsFound() throws IOException {
        changeEveryByte(1);
    }

    @Test
    @Tag("soak")
    void everyBitThatIsChangedIsFound() throws IOException {
        changeEveryByte(8);
    }

    private void changeEveryByte(int masks) throws IOException {
        assertTrue(bundle.length < 6_000, bundle.length + " bytes");
        try (Repository opened = Carriage.open(carriage.away)) {
            for (int at = 0; at < bundle.length; at++) {
                for (int i = 0; i < masks; i++) {
                    byte[] damaged = bundle.clone();
                    damaged[at] ^= (byte) (1 << (at + i) % 8);
                    StoreException refusal = refusal(opened, damaged);
                    String message = String.valueOf(refusal.getMessage());
                    assertTrue(refusal instanceof CorruptionException, "byte " + at + ": " + refusal);
                    assertTrue(message.contains("the bundle"), message);
                    assertTrue(message.contains(" offset "), "byte " + at + ": " + message);
                    expectNear(at, message);
                }
            }
        }
        expectNothing(carriage.away);
        assertTrue(carriage.take(bundle).isNew());
        assertEquals(List.of(), Carriage.check(carriage.away));
    }

    /** The offset that is named is where the part begins that the byte is in, or the place of a checksum behind it. */
    private void expectNear(int at, String message) {
        String digits = message.replaceFirst("(?s).* offset ([0-9]+).*", "$1");
        long named = Long.parseLong(digits);
        boolean checksum = at < BundleFormat.OPENING_LENGTH && named < BundleFormat.OPENING_LENGTH
                || named == bundle.length - BundleFormat.HASH_LENGTH;
        assertTrue(checksum || named <= at && at - named < 2_500, "byte " + at + ": " + message);
    }

    @Test
    void lengthsThatAreCutOffAreFound() throws IOException {
        cutOff(7);
    }

    @Test
    @Tag("soak")
    void everyLengthThatIsCutOffIsFound() throws IOException {
        cutOff(1);
    }

    private void cutOff(int step) throws IOException {
        try (Repository opened = Carriage.open(carriage.away)) {
            for (int length = 0; length < bundle.length; length += length < bundle.length - 200 ? step : 1) {
                StoreException refusal = refusal(opened, Arrays.copyOf(bundle, length));
                String message = String.valueOf(refusal.getMessage());
                assertTrue(message.contains("offset " + length + ": "), message);
                assertTrue(message.contains("it was cut off"), message);
            }
            StoreException longer = refusal(opened, Arrays.copyOf(bundle, bundle.length + 1));
            assertTrue(String.valueOf(longer.getMessage()).contains("offset " + bundle.length), longer.getMessage());
        }
        expectNothing(carriage.away);
    }

    @Test
    void partsOfTwoBundlesDoNotMakeOne() throws IOException {
        byte[] other = carriage.export(snapshot, null);
        assertEquals(bundle.length, other.length);
        try (Repository opened = Carriage.open(carriage.away)) {
            for (int cut : new int[] {56, 1000, bundle.length - 200, bundle.length - 32}) {
                byte[] mixed = bundle.clone();
                System.arraycopy(other, cut, mixed, cut, mixed.length - cut);
                assertTrue(refusal(opened, mixed) instanceof CorruptionException, "cut at " + cut);
            }
        }
        expectNothing(carriage.away);
    }

    /** The rest is read on: all places are told, and what is whole is kept for the next time. */
    @Test
    void severalPlacesAreAllToldAndTheRestIsKept() throws IOException {
        for (int i = 0; i < 4; i++) {
            carriage.file("big" + i, 10 + i, 5_000_000);
        }
        byte[] large = carriage.export(carriage.snapshot(), null);
        byte[] damaged = large.clone();
        damaged[4_000_000] ^= 1;
        damaged[15_000_000] ^= 1;
        List<String> told = new ArrayList<>();
        ProgressListener listener = new ProgressListener() {
            @Override
            public void warn(String message) {
                told.add(message);
            }
        };
        try (Repository opened = Carriage.open(carriage.away)) {
            StoreException refusal = assertThrows(
                    CorruptionException.class,
                    () -> new Import(opened).run(new Carriage.Bytes(damaged, true), listener));
            assertTrue(String.valueOf(refusal.getMessage()).contains("another place"), refusal.getMessage());
        }
        assertEquals(2, told.size(), told.toString());
        for (String line : told) {
            assertTrue(line.contains("block at offset ") && line.contains(" chunks)"), line);
        }
        assertTrue(carriage.away.bytes("packs/") > 9_000_000);
        expectNothing(carriage.away);
        ImportReport report = carriage.take(large);
        assertTrue(report.chunksStored() < report.chunks() * 2 / 3, report.toString());
        assertEquals(List.of(), Carriage.check(carriage.away));
    }

    /** A stream that says it is long and ends: no array is made for what is not there. */
    @Test
    void lengthsThatLieTakeNoMemory() throws IOException {
        byte[] opening = Arrays.copyOf(bundle, BundleFormat.OPENING_LENGTH);
        byte[] id = Arrays.copyOfRange(opening, 32, 48);
        byte[] lie = BundleFormat.encodeOpening(
                carriage.repositoryId(), id, (int) io.packstone.crypto.Sealer.sealedLength(47 << 20));
        var threads = (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        try (Repository opened = Carriage.open(carriage.away)) {
            refusal(opened, lie); // Classes are loaded.
            long before = threads.getCurrentThreadAllocatedBytes();
            refusal(opened, lie);
            long taken = threads.getCurrentThreadAllocatedBytes() - before;
            assertTrue(taken < 2_000_000, taken + " bytes");
        }
    }

    @Test
    void aFailureOfTheStreamIsNoDamage() throws IOException {
        InputStream pulled = new FilterInputStream(new ByteArrayInputStream(bundle)) {
            private int left = bundle.length - 100;

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                if (left <= 0) {
                    throw new IOException("the stick was pulled out");
                }
                int count = super.read(target, offset, Math.min(length, left));
                left -= count;
                return count;
            }
        };
        try (Repository opened = Carriage.open(carriage.away)) {
            BundleSource source = new BundleSource() {
                @Override
                public InputStream open() {
                    return pulled;
                }

                @Override
                public boolean opensAgain() {
                    return false;
                }

                @Override
                public String name() {
                    return "the bundle";
                }
            };
            IOException failure =
                    assertThrows(IOException.class, () -> new Import(opened).run(source, ProgressListener.NONE));
            assertEquals("the stick was pulled out", failure.getMessage());
        }
        assertEquals(List.of(), Carriage.snapshots(carriage.away));
        assertTrue(carriage.take(bundle).isNew());
    }
}
