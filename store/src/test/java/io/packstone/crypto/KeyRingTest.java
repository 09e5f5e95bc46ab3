package io.packstone.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.packstone.bytes.ByteCursor;
import io.packstone.bytes.ByteSink;
import io.packstone.error.CorruptionException;
import io.packstone.id.RepositoryId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The expected values come from another implementation of HKDF (Python's hmac module). */
class KeyRingTest {
    private static final SecretKey ROOT = SecretKey.copyOf(Hex.range(0, 32));
    private static final SecretKey GEAR = SecretKey.copyOf(Hex.range(32, 32));
    private static final RepositoryId REPOSITORY = RepositoryId.of(Hex.range(0x40, 16), 0);

    private static KeyRing ring() {
        return new KeyRing(REPOSITORY, ROOT, GEAR);
    }

    @Test
    void keysDeriveAsTheFormatSays() {
        KeyRing keys = ring();
        assertKey("e32a57f98600f7d5f281539a61fac97acecb67ebdee16d9ce12a9cd47389dd89", keys.idKey());
        assertKey("57630b9f5a603ab88eeca49548bc6ad551d6914d27e6968de1e4893a9c85f04d", keys.boundaryKey());
        assertKey("724ead6821b415178e51d96546c0fddbaa22985da40733fe1266598d4ac2a210", keys.configMacKey());
        assertKey("ccb025a7684952ee239bc9f8636bd89aa5680d5424adb170ebb4e199a4241ce4", keys.stateMacKey());
        assertKey("fa3a968ec8a4518e99b94cdf28fd15c11ca6806759d4a77de800516cbbd2d423", keys.jobMacKey());
        assertKey("bf77136ff872959032edf76b2ba4f9acd685ca27427773043d1641d99548df9c", keys.packTableKey());
        assertKey("9f56654684028e6ac55c428e22cb750006d1c255d5a6778eabf273cf23bea0c3", keys.segmentKey());
        assertKey("13cd6fc2cd49720eec0e6e75acdc9e7724f96891e0234f1141bf54e0e6fdc3c7", keys.snapshotStructureKey());
        assertKey("b7183daa2d160f1ecbc4bd90249cdfdfcfb4bbb732de2b4b7fe5d5ce629a08b1", keys.snapshotContentKey());
        assertKey("e17ff52561215bee15d17ca8b1747016a693c33c8f8171d37e4e85971181db47", keys.bundleKey());
        assertKey("925465972aa6ad95ea83bfd9b2abd8235fa386afa27a9caf3b19945ef97ca80c", keys.bundleFrontKey());
        assertEquals(ROOT, keys.root());
        assertEquals(GEAR, keys.gear());
        assertEquals(REPOSITORY, keys.repository());
    }

    @Test
    void repositoriesShareNoDerivedKey() {
        Set<String> seen = new HashSet<>();
        for (RepositoryId id : List.of(REPOSITORY, new RepositoryId(1, 2))) {
            KeyRing keys = new KeyRing(id, ROOT, GEAR);
            for (SecretKey key : List.of(
                    keys.idKey(),
                    keys.boundaryKey(),
                    keys.configMacKey(),
                    keys.stateMacKey(),
                    keys.jobMacKey(),
                    keys.packTableKey(),
                    keys.segmentKey(),
                    keys.snapshotStructureKey(),
                    keys.snapshotContentKey(),
                    keys.bundleKey(),
                    keys.bundleFrontKey())) {
                seen.add(Hex.of(key.toBytes()));
            }
        }
        assertEquals(22, seen.size());
    }

    @Test
    void dataKeyAndCommitmentDeriveAsTheFormatSays() throws CorruptionException {
        Envelope envelope = ring().newEnvelope(target -> java.util.Arrays.fill(target, (byte) 7));
        assertKey("826fa2efb3062559bb31ba16508907ff05367d658911096f181b93c7e239acba", ring().dataKey(envelope, "it"));
        ByteSink sink = new ByteSink(128);
        envelope.encode(sink);
        assertEquals(
                "0000" + "07".repeat(16 + 32) + "00"
                        + "9810d5e4159b53da5e1694a72a77060ed684a4d1f98bc7ab8960f54932ab5f5a",
                Hex.of(sink.toBytes()));
    }

    @Test
    void envelopesComeBackAndEachIsItsOwn() throws CorruptionException {
        Randomness randomness = new SeededRandomness(1);
        KeyRing keys = ring();
        Set<Envelope> seen = new HashSet<>();
        Set<String> dataKeys = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            Envelope envelope = keys.newEnvelope(randomness);
            ByteSink sink = new ByteSink(16);
            envelope.encode(sink);
            ByteCursor cursor = new ByteCursor(sink.array(), 0, sink.length(), "it");
            Envelope back = Envelope.decode(cursor);
            cursor.expectEnd();
            assertEquals(envelope, back);
            seen.add(back);
            dataKeys.add(Hex.of(keys.dataKey(back, "it").toBytes()));
        }
        assertEquals(20, seen.size());
        assertEquals(20, dataKeys.size());
    }

    @Test
    void otherKeysAndChangedEnvelopesAreRefused() throws CorruptionException {
        ByteSink sink = new ByteSink(128);
        ring().newEnvelope(new SeededRandomness(2)).encode(sink);
        byte[] bytes = sink.toBytes();
        Envelope envelope = Envelope.decode(new ByteCursor(bytes, 0, bytes.length, "it"));
        KeyRing others = new KeyRing(REPOSITORY, GEAR, GEAR);
        assertThrows(CorruptionException.class, () -> others.dataKey(envelope, "it"));
        for (int at = 0; at < bytes.length; at++) {
            // Epoch and id are bound by the seal of each block instead.
            if (at >= 1 && at < 18) {
                continue;
            }
            byte[] flipped = bytes.clone();
            flipped[at] ^= 1;
            assertThrows(
                    CorruptionException.class,
                    () -> ring().dataKey(Envelope.decode(new ByteCursor(flipped, 0, flipped.length, "it")), "it"),
                    "byte " + at);
        }
    }

    @Test
    void anEnvelopeOfALaterKindIsReadButNotOpened() throws CorruptionException {
        ByteSink sink = new ByteSink(128);
        sink.putByte(9).putVarint(300).putBytes(new byte[48]).putVarint(5).putBytes(new byte[5 + 32]);
        byte[] bytes = sink.toBytes();
        Envelope later = Envelope.decode(new ByteCursor(bytes, 0, bytes.length, "it"));
        ByteSink again = new ByteSink(128);
        later.encode(again);
        assertEquals(Hex.of(bytes), Hex.of(again.toBytes()));
        assertThrows(CorruptionException.class, () -> ring().dataKey(later, "it"));
        assertNotEquals(later, ring().newEnvelope(new SeededRandomness(1)));
        byte[] hostile = new ByteSink(64)
                .putByte(9)
                .putVarint(0)
                .putBytes(new byte[48])
                .putVarint(4097)
                .toBytes();
        assertThrows(
                CorruptionException.class, () -> Envelope.decode(new ByteCursor(hostile, 0, hostile.length, "it")));
    }

    private static void assertKey(String expected, SecretKey key) {
        assertEquals(expected, Hex.of(key.toBytes()));
    }
}
