package io.packstone.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.packstone.crypto.KeyRing;
import io.packstone.crypto.Randomness;
import io.packstone.crypto.SecretKey;
import io.packstone.error.StoreException;
import io.packstone.id.PackId;
import io.packstone.id.RepositoryId;
import io.packstone.id.SnapshotId;
import io.packstone.metadata.RawName;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RepairFormatTest {
    private static final KeyRing KEYS = new KeyRing(new RepositoryId(1, 2), key(1), key(2));

    private static SecretKey key(int fill) {
        byte[] bytes = new byte[SecretKey.LENGTH];
        Arrays.fill(bytes, (byte) fill);
        return SecretKey.copyOf(bytes);
    }

    private static byte[] id(int fill) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) fill);
        return bytes;
    }

    private static RepairRecord record() {
        return new RepairRecord(
                3,
                1_700_000_000L,
                List.of(PackId.of(id(1)), PackId.of(id(2))),
                List.of(
                        new RepairRecord.Loss(
                                SnapshotId.of(id(3)), 2, List.of(RawName.of("home/a"), RawName.of("home/b"))),
                        new RepairRecord.Loss(SnapshotId.of(id(4)), 5000, List.of(RawName.of("home/a")))),
                "test");
    }

    @Test
    void recordsRoundTrip() throws StoreException {
        byte[] bytes = RepairFormat.encode(record(), KEYS, Randomness.secure());
        assertEquals(record(), RepairFormat.decode(bytes, "repairs/x", KEYS));
        RepairRecord empty = new RepairRecord(1, 0, List.of(), List.of(), "");
        assertEquals(empty, RepairFormat.decode(RepairFormat.encode(empty, KEYS, Randomness.secure()), "x", KEYS));
    }

    @Test
    void everyFlippedBitAndEveryCutIsDamage() {
        byte[] bytes = RepairFormat.encode(record(), KEYS, Randomness.secure());
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] flipped = bytes.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            assertThrows(StoreException.class, () -> RepairFormat.decode(flipped, "x", KEYS));
        }
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThrows(StoreException.class, () -> RepairFormat.decode(cut, "x", KEYS));
        }
        KeyRing other = new KeyRing(new RepositoryId(1, 2), key(5), key(2));
        assertThrows(StoreException.class, () -> RepairFormat.decode(bytes, "x", other));
    }

    @Test
    void pathsBeyondTheLimitAreLeftOut() throws StoreException {
        RawName path = RawName.of("x".repeat(1 << 20));
        RepairRecord many = new RepairRecord(
                1,
                0,
                List.of(),
                List.of(new RepairRecord.Loss(SnapshotId.of(id(3)), 20, java.util.Collections.nCopies(20, path))),
                "test");
        byte[] bytes = RepairFormat.encode(many, KEYS, Randomness.secure());
        RepairRecord.Loss loss = RepairFormat.decode(bytes, "x", KEYS).losses().get(0);
        assertEquals(20, loss.files());
        assertEquals(8, loss.paths().size());
    }
}
