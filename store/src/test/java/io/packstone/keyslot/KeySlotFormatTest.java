package io.packstone.keyslot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.bytes.Crc32c;
import io.packstone.bytes.LittleEndian;
import io.packstone.crypto.KeyRing;
import io.packstone.crypto.Randomness;
import io.packstone.crypto.SecretKey;
import io.packstone.error.CorruptionException;
import io.packstone.error.LimitExceededException;
import io.packstone.error.StoreException;
import io.packstone.format.FrameKind;
import io.packstone.id.RepositoryId;
import io.packstone.pack.SamplePacks;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeySlotFormatTest {
    private static final RepositoryId REPOSITORY = new RepositoryId(0x4041424344454647L, 0x48494a4b4c4d4e4fL);
    private static final KeyRing KEYS = new KeyRing(REPOSITORY, key(1), key(2));
    private static final int BODY = 36;
    private static final int COST = BODY + 1;
    private static final int SALT = BODY + 10;
    private static final int COMMITMENT = SALT + 32;
    private static final int SEALED = COMMITMENT + 32;

    private static final List<Secret> SECRETS =
            List.of(Secret.Password.of("correct horse"), new Secret.KeyFile(key(3)), new Secret.RecoverySheet(key(3)));

    private static SecretKey key(int seed) {
        byte[] bytes = new byte[SecretKey.LENGTH];
        new Random(seed).nextBytes(bytes);
        return SecretKey.copyOf(bytes);
    }

    private static Randomness randomness() {
        Random random = new Random(9);
        return random::nextBytes;
    }

    private static byte[] create(Secret secret) throws IOException {
        return KeySlotFormat.create(secret, KEYS, "l\u00e4ptop", KeyCost.TEST, randomness(), 1_700_000_000L);
    }

    private static void assertOpens(byte[] slot, Secret secret) throws IOException {
        KeyRing opened = KeySlotFormat.tryOpen(slot, "keys/ab", REPOSITORY, secret);
        assertNotNull(opened);
        assertEquals(KEYS.root(), opened.root());
        assertEquals(KEYS.gear(), opened.gear());
        assertEquals(KEYS.idKey(), opened.idKey());
    }

    /** Puts the checksum right after a change, as somebody who forges would. */
    private static byte[] sum(byte[] slot) {
        LittleEndian.putInt(slot, slot.length - 4, Crc32c.of(slot, 0, slot.length - 4));
        return slot;
    }

    @Test
    void eachKindOpensWithItsOwnSecretOnly() throws IOException {
        for (Secret own : SECRETS) {
            byte[] slot = create(own);
            assertTrue(slot.length <= FrameKind.KEY_SLOT.maxLength());
            for (Secret secret : SECRETS) {
                if (secret == own) {
                    assertOpens(slot, secret);
                } else {
                    // The key file and the sheet hold the same key: a sheet still opens sheets only.
                    assertNull(KeySlotFormat.tryOpen(slot, "keys/ab", REPOSITORY, secret));
                }
            }
        }
    }

    @Test
    void wrongSecretsOpenNothing() throws IOException {
        byte[] slot = create(SECRETS.get(0));
        for (String wrong : List.of("", "correct hors", "correct horse ", "Correct horse", "correct horse\0")) {
            assertNull(KeySlotFormat.tryOpen(slot, "keys/ab", REPOSITORY, Secret.Password.of(wrong)), wrong);
        }
        assertNull(KeySlotFormat.tryOpen(create(SECRETS.get(1)), "keys/ab", REPOSITORY, new Secret.KeyFile(key(4))));
    }

    @Test
    void everyFlippedByteIsDamage() throws IOException {
        for (Secret secret : SECRETS) {
            byte[] slot = create(secret);
            for (int at = 0; at < slot.length; at++) {
                byte[] flipped = slot.clone();
                flipped[at] ^= 0x04;
                assertThrows(
                        StoreException.class,
                        () -> KeySlotFormat.tryOpen(flipped, "keys/ab", REPOSITORY, secret),
                        "byte " + at);
                assertThrows(
                        StoreException.class,
                        () -> KeySlotFormat.describe(flipped, "keys/ab", REPOSITORY),
                        "byte " + at);
            }
        }
    }

    /** With the checksum put right, a change shows as a wrong secret, as damage, or as a cost beyond the limits. */
    @Test
    void forgedBytesNeverOpen() throws IOException {
        Secret secret = SECRETS.get(1);
        byte[] slot = create(secret);
        for (int at = BODY; at < slot.length - 4; at++) {
            byte[] forged = slot.clone();
            forged[at] ^= 0x40;
            sum(forged);
            if (at >= COST && at < SALT || at >= SEALED) {
                assertThrows(
                        CorruptionException.class,
                        () -> KeySlotFormat.tryOpen(forged, "keys/ab", REPOSITORY, secret),
                        "byte " + at);
            } else {
                assertNull(KeySlotFormat.tryOpen(forged, "keys/ab", REPOSITORY, secret), "byte " + at);
            }
        }
    }

    @Test
    void cutAndExtendedSlotsAreDamage() throws IOException {
        byte[] slot = create(SECRETS.get(1));
        for (int length = 0; length < slot.length; length++) {
            byte[] cut = Arrays.copyOf(slot, length);
            assertThrows(StoreException.class, () -> KeySlotFormat.tryOpen(cut, "k", REPOSITORY, SECRETS.get(1)));
        }
        byte[] longer = Arrays.copyOf(slot, slot.length + 1);
        assertThrows(StoreException.class, () -> KeySlotFormat.tryOpen(longer, "k", REPOSITORY, SECRETS.get(1)));
        byte[] tooLong = new byte[FrameKind.KEY_SLOT.maxLength() + 1];
        assertThrows(
                LimitExceededException.class, () -> KeySlotFormat.tryOpen(tooLong, "k", REPOSITORY, SECRETS.get(1)));
    }

    @Test
    void hostileCostsAreRefusedBeforeTheyAreSpent() throws IOException {
        byte[] slot = create(SECRETS.get(0));
        int[][] costs = {{Integer.MAX_VALUE, 1, 1}, {-1, 1, 1}, {64, 65, 1}, {64, -1, 1}, {64, 1, 17}, {64, 1, 0}};
        for (int[] cost : costs) {
            byte[] hostile = slot.clone();
            LittleEndian.putInt(hostile, COST, cost[0]);
            LittleEndian.putInt(hostile, COST + 4, cost[1]);
            hostile[COST + 8] = (byte) cost[2];
            sum(hostile);
            assertThrows(
                    LimitExceededException.class,
                    () -> KeySlotFormat.tryOpen(hostile, "keys/ab", REPOSITORY, SECRETS.get(0)),
                    Arrays.toString(cost));
        }
    }

    @Test
    void slotsOfAnotherRepositoryAreRefused() throws IOException {
        byte[] slot = create(SECRETS.get(1));
        RepositoryId other = new RepositoryId(1, 2);
        assertThrows(CorruptionException.class, () -> KeySlotFormat.tryOpen(slot, "keys/ab", other, SECRETS.get(1)));
        // Moved there by somebody who puts checksums right: the seal is bound to the repository.
        other.copyTo(slot, 12);
        LittleEndian.putInt(slot, 28, Crc32c.of(slot, 0, 28));
        sum(slot);
        assertThrows(CorruptionException.class, () -> KeySlotFormat.tryOpen(slot, "keys/ab", other, SECRETS.get(1)));
    }

    @Test
    void describesWithoutOpening() throws IOException {
        KeyCost none = new KeyCost(0, 0, 0);
        List<SlotSummary> expected = List.of(
                new SlotSummary("password", KeyCost.TEST),
                new SlotSummary("key-file", none),
                new SlotSummary("recovery-sheet", none));
        for (int i = 0; i < expected.size(); i++) {
            assertEquals(expected.get(i), KeySlotFormat.describe(create(SECRETS.get(i)), "keys/ab", REPOSITORY));
        }
        byte[] later = create(SECRETS.get(1));
        later[BODY] = 4;
        assertEquals(
                "kind 4",
                KeySlotFormat.describe(sum(later), "keys/ab", REPOSITORY).kind());
    }

    @Test
    void nothingSecretShowsInASlot() throws IOException {
        String slot = HexFormat.of().formatHex(create(SECRETS.get(0)));
        for (SecretKey secret : List.of(KEYS.root(), KEYS.gear(), key(3))) {
            assertEquals(-1, slot.indexOf(HexFormat.of().formatHex(secret.toBytes(), 0, 8)));
        }
    }

    @Test
    void labelsHaveALimit() throws IOException {
        Secret secret = SECRETS.get(1);
        byte[] slot = KeySlotFormat.create(secret, KEYS, "\u00e4".repeat(512), KeyCost.TEST, randomness(), 0);
        assertOpens(slot, secret);
        assertThrows(
                IllegalArgumentException.class,
                () -> KeySlotFormat.create(secret, KEYS, "\u00e4".repeat(513), KeyCost.TEST, randomness(), 0));
    }

    /** The bytes are committed; another implementation (Python) opened them as well. */
    @Test
    void theCommittedSlotStillOpens() throws IOException {
        byte[] slot = SamplePacks.golden(KeySlotFormatTest.class, "key-file-slot.hex");
        assertOpens(slot, new Secret.KeyFile(key(3)));
    }
}
