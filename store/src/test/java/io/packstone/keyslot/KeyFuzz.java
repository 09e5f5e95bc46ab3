package io.packstone.keyslot;

import io.packstone.bytes.ByteSink;
import io.packstone.crypto.Hkdf;
import io.packstone.crypto.KeyRing;
import io.packstone.crypto.Sealer;
import io.packstone.crypto.SecretKey;
import io.packstone.format.CborWriter;
import io.packstone.format.Frame;
import io.packstone.format.FrameKind;
import io.packstone.pack.SamplePacks;
import io.packstone.testkit.FuzzTarget;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Parsers of key slots, key files and recovery sheets. */
public final class KeyFuzz {
    private static final SecretKey KEY = SamplePacks.key(3);
    private static final Secret FILE = new Secret.KeyFile(KEY);
    private static final Secret PASSWORD = Secret.Password.of("x");
    private static final byte[] SALT = new byte[32];
    private static final byte[] DERIVED = Hkdf.derive(KEY.toBytes(), SALT, Hkdf.info("key slot"), 64);

    private KeyFuzz() {}

    /** By name. */
    public static Map<String, FuzzTarget> targets() {
        return Map.of(
                "key-slot", KeyFuzz::slot,
                "key-slot-body", KeyFuzz::body,
                "key-slot-plain", KeyFuzz::plain,
                "key-text", FuzzTarget.typed(KeyFuzz::text));
    }

    /** A valid input for each of them. */
    public static Map<String, byte[]> seeds() throws IOException {
        byte[] slot = KeySlotFormat.create(FILE, SamplePacks.keys(), "first", KeyCost.TEST, SamplePacks.seeded(5), 7);
        byte[] body = Arrays.copyOfRange(slot, Frame.HEADER_LENGTH + 4, slot.length - 4);
        byte[] plain = new CborWriter()
                .array(5)
                .integer(0)
                .bytes(new byte[32])
                .bytes(new byte[32])
                .text("first")
                .integer(7)
                .end()
                .toBytes();
        byte[] words = String.join(" ", KeyText.formatWords(KEY)).getBytes(StandardCharsets.UTF_8);
        return Map.of("key-slot", slot, "key-slot-body", body, "key-slot-plain", plain, "key-text", words);
    }

    private static void slot(byte[] input) throws IOException {
        KeySlotFormat.describe(input, "input", SamplePacks.REPOSITORY);
        KeySlotFormat.tryOpen(input, "input", SamplePacks.REPOSITORY, FILE);
    }

    /** Any body in a frame; as for a password only where that costs little. */
    private static void body(byte[] input) throws IOException {
        if (input.length + Frame.OVERHEAD > FrameKind.KEY_SLOT.maxLength()) {
            return;
        }
        byte[] slot = Frame.wrap(FrameKind.KEY_SLOT, SamplePacks.REPOSITORY, input);
        slot(slot);
        KeyCost cost =
                KeySlotFormat.describe(slot, "input", SamplePacks.REPOSITORY).cost();
        boolean cheap = cost.memoryKiB() <= 256 && cost.iterations() <= 2;
        boolean refused = cost.memoryKiB() < 0 || cost.memoryKiB() > 8 << 20 || cost.iterations() < 0;
        if (cheap || refused) {
            KeySlotFormat.tryOpen(slot, "input", SamplePacks.REPOSITORY, PASSWORD);
        }
    }

    /** Any payload behind a seal and a commitment that fit. */
    private static void plain(byte[] input) throws IOException {
        ByteSink head = new ByteSink(80).putByte(2).putInt(0).putInt(0).putByte(0);
        head.putBytes(SALT).putBytes(DERIVED, 32, 32);
        byte[] aad = new ByteSink(160)
                .putBytes(Hkdf.info("key slot"))
                .putBytes(SamplePacks.REPOSITORY.toBytes())
                .putBytes(head.toBytes())
                .toBytes();
        byte[] sealed = new byte[(int) Sealer.sealedLength(input.length)];
        SecretKey key = SecretKey.copyOf(DERIVED, 0, 32);
        new Sealer(SamplePacks.seeded(4)).seal(key, aad, input, 0, input.length, sealed, 0);
        byte[] whole = head.putBytes(sealed).toBytes();
        if (whole.length + Frame.OVERHEAD > FrameKind.KEY_SLOT.maxLength()) {
            return;
        }
        byte[] slot = Frame.wrap(FrameKind.KEY_SLOT, SamplePacks.REPOSITORY, whole);
        KeyRing ring = KeySlotFormat.tryOpen(slot, "input", SamplePacks.REPOSITORY, FILE);
        if (ring == null) {
            throw new AssertionError("its own key does not open it");
        }
    }

    private static void text(byte[] input) {
        Secret secret = KeyText.parse(new String(input, StandardCharsets.UTF_8));
        if (secret instanceof Secret.KeyFile file) {
            FuzzTarget.same(
                    secret.slotKind(),
                    KeyText.parse(KeyText.formatKeyFile(file.key())).slotKind());
        } else {
            List<String> words = KeyText.formatWords(((Secret.RecoverySheet) secret).key());
            Secret again = KeyText.parse(String.join(" ", words));
            byte[] before = ((Secret.RecoverySheet) secret).key().toBytes();
            if (!Arrays.equals(before, ((Secret.RecoverySheet) again).key().toBytes())) {
                throw new AssertionError("another key");
            }
        }
    }
}
