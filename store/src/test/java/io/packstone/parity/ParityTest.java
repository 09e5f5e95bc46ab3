package io.packstone.parity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.crypto.Hmac;
import io.packstone.error.CorruptionException;
import io.packstone.error.StoreException;
import io.packstone.format.FrameKind;
import io.packstone.id.ObjectHash;
import io.packstone.id.RepositoryId;
import io.packstone.segment.RandomBytes;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Damage of every form, within the budget and one cell beyond. */
class ParityTest {
    private static final int CELL = 512;
    private static final RepositoryId REPOSITORY = RepositoryId.of(new byte[16], 0);

    private final Random random = new Random(7);

    /** An object and its sidecar. */
    private final class Protected {
        private final byte[] whole;
        private final ObjectHash hash;
        private final ParityGeometry geometry;
        private final byte[] sidecar;

        Protected(int length, int data, int parity) {
            whole = new byte[length];
            random.nextBytes(whole);
            hash = ObjectHash.of(Hmac.sha256(whole, 0, length));
            geometry = new ParityGeometry(length, CELL, data, parity);
            ParityEncoder encoder = new ParityEncoder(geometry);
            for (int at = 0; at < length; ) {
                int count = Math.min(length - at, 1 + random.nextInt(3 * CELL));
                encoder.update(whole, at, count);
                at += count;
            }
            sidecar = encoder.finish(REPOSITORY, FrameKind.PACK, hash);
        }

        /** What comes out when {@code damaged} is repaired; null when it can't be. */
        byte[] repaired(byte[] damaged, byte[] damagedSidecar) throws IOException {
            ParityRepair repair = new ParityRepair(Sidecar.of(damagedSidecar, hash, "a sidecar"));
            for (int at = 0; at < damaged.length; ) {
                int count = Math.min(damaged.length - at, 1 + random.nextInt(3 * CELL));
                repair.update(damaged, at, count);
                at += count;
            }
            boolean solved = repair.solve();
            assertEquals(solved, repair.cellsBeyondRepair() == 0);
            byte[] result = Arrays.copyOf(damaged, whole.length);
            for (int at = 0; at < result.length; ) {
                int count = Math.min(result.length - at, 1 + random.nextInt(3 * CELL));
                repair.patch(at, result, at, count);
                at += count;
            }
            return solved ? result : new byte[0];
        }

        void comesBack(byte[] damaged, byte[] damagedSidecar) throws IOException {
            assertArrayEquals(whole, repaired(damaged, damagedSidecar));
        }

        void isRefused(byte[] damaged, byte[] damagedSidecar) throws IOException {
            assertEquals(0, repaired(damaged, damagedSidecar).length);
        }

        byte[] burst(int firstCell, int cells) {
            byte[] damaged = whole.clone();
            int end = Math.min(damaged.length, (firstCell + cells) * CELL);
            for (int i = firstCell * CELL; i < end; i++) {
                damaged[i] ^= (byte) (1 + random.nextInt(255));
            }
            return damaged;
        }
    }

    @Test
    void objectsOfEveryLengthComeBack() throws IOException {
        for (int length : new int[] {1, 2, 511, 512, 513, 4095, 4096, 4097, 8 * CELL, 8 * CELL + 1, 100_001}) {
            Protected object = new Protected(length, 8, 2);
            object.comesBack(object.whole, object.sidecar);
            for (int i = 0; i < 20; i++) {
                byte[] damaged = object.whole.clone();
                damaged[random.nextInt(length)] ^= (byte) (1 << random.nextInt(8));
                object.comesBack(damaged, object.sidecar);
            }
        }
    }

    @Test
    void everyBurstOfTheBudgetComesBackAndOneCellMoreDoesNot() throws IOException {
        Protected object = new Protected(64 * 3 * CELL, 64, 4);
        int budget = 4 * 3;
        for (int first = 0; first + budget < 64 * 3; first++) {
            object.comesBack(object.burst(first, budget), object.sidecar);
            object.isRefused(object.burst(first, budget + 1), object.sidecar);
        }
    }

    @Test
    void randomCellsOfEachColumnComeBackUpToTheBudget() throws IOException {
        for (int parity = 1; parity <= 4; parity++) {
            Protected object = new Protected(20 * 5 * CELL - 100, 20, parity);
            for (int i = 0; i < 50; i++) {
                byte[] damaged = object.whole.clone();
                for (int column = 0; column < 5; column++) {
                    int at = column;
                    random.ints(0, 20).distinct().limit(parity).forEach(shard -> flip(damaged, shard * 5 + at));
                }
                object.comesBack(damaged, object.sidecar);
            }
        }
    }

    private static void flip(byte[] bytes, int cell) {
        bytes[Math.min(bytes.length - 1, cell * CELL + 17)] ^= 0x40;
    }

    @Test
    void aCutObjectComesBackWhenEnoughIsLeft() throws IOException {
        Protected object = new Protected(64 * 2 * CELL - 7, 64, 4);
        int least = object.whole.length + 7 - 4 * 2 * CELL;
        for (int length = object.whole.length; length >= least; length -= 61) {
            object.comesBack(Arrays.copyOf(object.whole, length), object.sidecar);
        }
        object.comesBack(Arrays.copyOf(object.whole, least), object.sidecar);
        object.isRefused(Arrays.copyOf(object.whole, least - 1), object.sidecar);
    }

    @Test
    void aLongerObjectIsCutBack() throws IOException {
        Protected object = new Protected(10 * CELL + 3, 8, 2);
        object.comesBack(Arrays.copyOf(object.whole, 12 * CELL), object.sidecar);
    }

    @Test
    void aSmallObjectComesBackFromNothing() throws IOException {
        Protected object = new Protected(4 * CELL, 64, 4);
        object.comesBack(new byte[0], object.sidecar);
        Protected longer = new Protected(4 * CELL + 1, 64, 4);
        longer.isRefused(new byte[0], longer.sidecar);
    }

    @Test
    void partsThatCannotBeReadComeBack() throws IOException {
        Protected object = new Protected(64 * CELL, 64, 4);
        ParityRepair repair = new ParityRepair(Sidecar.of(object.sidecar, object.hash, "a sidecar"));
        repair.update(object.whole, 0, 100);
        repair.skip(3 * CELL);
        repair.update(object.whole, 100 + 3 * CELL, object.whole.length - 100 - 3 * CELL);
        assertTrue(repair.solve());
        assertEquals(4, repair.lostCells());
        byte[] result = new byte[4 * CELL];
        repair.patch(0, result, 0, result.length);
        assertArrayEquals(Arrays.copyOf(object.whole, result.length), result);
        assertTrue(repair.isRepaired(0) && repair.isRepaired(4 * CELL - 1) && !repair.isRepaired(4 * CELL));
    }

    @Test
    void everyFlippedBitOfASidecarIsFoundAndHarmless() throws IOException {
        Protected object = new Protected(5 * CELL + 100, 8, 2);
        byte[] damaged = object.burst(2, 1);
        Sidecar.verify(RandomBytes.of(object.sidecar), object.hash, REPOSITORY, "a sidecar");
        for (int bit = 0; bit < object.sidecar.length * 8; bit++) {
            byte[] sidecar = object.sidecar.clone();
            sidecar[bit / 8] ^= (byte) (1 << bit % 8);
            assertThrows(
                    StoreException.class,
                    () -> Sidecar.verify(RandomBytes.of(sidecar), object.hash, REPOSITORY, "a sidecar"));
            if (bit % 7 == 0) {
                object.comesBack(damaged, sidecar);
            }
        }
    }

    @Test
    void aCutSidecarHelpsAsFarAsItGoes() throws IOException {
        Protected object = new Protected(40 * CELL, 10, 4);
        byte[] damaged = object.burst(3, 4);
        int row = 4 * CELL;
        int tail = 128 + 32 + (40 + 16) * 4;
        for (int cut = 1; cut <= tail + 3 * row; cut += 97) {
            object.comesBack(damaged, Arrays.copyOf(object.sidecar, object.sidecar.length - cut));
        }
        object.isRefused(damaged, Arrays.copyOf(object.sidecar, object.sidecar.length - tail - 3 * row - 1));
    }

    @Test
    void aSidecarWhoseBeginningIsOverwrittenStillHelps() throws IOException {
        Protected object = new Protected(40 * CELL, 10, 4);
        byte[] sidecar = object.sidecar.clone();
        Arrays.fill(sidecar, 0, 160 + (40 + 16) * 4 + 128, (byte) 0);
        object.comesBack(object.burst(3, 16), sidecar);
    }

    @Test
    void onlyTheMiddleSummaryIsEnough() throws IOException {
        Protected object = new Protected(40 * CELL, 10, 4);
        byte[] sidecar = object.sidecar.clone();
        Arrays.fill(sidecar, 0, 160, (byte) 0);
        Arrays.fill(sidecar, sidecar.length - 160, sidecar.length, (byte) 0);
        object.comesBack(object.burst(3, 16), sidecar);
    }

    @Test
    void aSidecarOfAnotherObjectIsRefused() {
        Protected object = new Protected(3 * CELL, 8, 2);
        Protected other = new Protected(3 * CELL, 8, 2);
        assertThrows(CorruptionException.class, () -> Sidecar.of(other.sidecar, object.hash, "a sidecar"));
        assertThrows(CorruptionException.class, () -> Sidecar.of(new byte[1000], object.hash, "a sidecar"));
        RepositoryId stranger = RepositoryId.of(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6}, 0);
        assertThrows(
                CorruptionException.class,
                () -> Sidecar.verify(RandomBytes.of(object.sidecar), object.hash, stranger, "a sidecar"));
    }

    @Test
    void lyingSummariesAreRefused() {
        for (int offset = 8; offset < 128; offset++) {
            byte[] summary = SidecarFormat.encode(new SidecarFormat.Summary(
                    FrameKind.PACK, ObjectHash.of(new byte[32]), new ParityGeometry(1000, 512, 8, 2)));
            summary[offset] ^= (byte) 0x80;
            assertFalse(SidecarFormat.decode(summary, 0) != null, "byte " + offset);
        }
        assertThrows(IllegalArgumentException.class, () -> new ParityGeometry(1L << 31, 4096, 64, 4));
        assertThrows(IllegalArgumentException.class, () -> new ParityGeometry(1, 4096, 64, 5));
        assertThrows(IllegalArgumentException.class, () -> new ParityGeometry(1, 4097, 64, 4));
        assertThrows(IllegalArgumentException.class, () -> new ParityGeometry(1, 4096, 129, 4));
        assertThrows(IllegalArgumentException.class, () -> new ParityGeometry(0, 4096, 64, 4));
    }

    /** Computed by another implementation, written from docs/format.md in Python. */
    @Test
    void goldenSidecar() throws IOException {
        byte[] object = new byte[1000];
        byte[] repository = new byte[16];
        for (int i = 0; i < object.length; i++) {
            object[i] = (byte) (i % 251);
        }
        for (int i = 0; i < repository.length; i++) {
            repository[i] = (byte) i;
        }
        ObjectHash hash = ObjectHash.parse("4e4c294b331f7a2099a379bec34b9f9fc03dc46ab465d998f4d683da53487e6d");
        ParityEncoder encoder = new ParityEncoder(new ParityGeometry(1000, 512, 4, 2));
        encoder.update(object, 0, object.length);
        byte[] sidecar = encoder.finish(RepositoryId.of(repository, 0), FrameKind.PACK, hash);
        Sidecar.verify(RandomBytes.of(sidecar), hash, RepositoryId.of(repository, 0), "a sidecar");
        int cells = 288 + 4 * (2 + 2);
        HexFormat hex = HexFormat.of();
        assertEquals("2ba8d5561d9e8704", hex.formatHex(sidecar, cells, cells + 8));
        assertEquals("5cdf94176ae972f1", hex.formatHex(sidecar, cells + 512, cells + 520));
        assertEquals(
                "8683d19bfe751b4b67139873f9156e2c6e377f0145c0640378fffaddb8997652",
                hex.formatHex(sidecar, sidecar.length - 32, sidecar.length));
    }

    @Test
    void theSameBytesGiveTheSameSidecar() {
        Protected object = new Protected(9 * CELL + 1, 8, 2);
        ParityEncoder again = new ParityEncoder(object.geometry);
        again.update(object.whole, 0, object.whole.length);
        assertArrayEquals(object.sidecar, again.finish(REPOSITORY, FrameKind.PACK, object.hash));
        assertEquals(SidecarFormat.totalLength(object.geometry), object.sidecar.length);
    }
}
