package io.packstone.keyslot;

import io.packstone.bytes.ByteCursor;
import io.packstone.bytes.ByteSink;
import io.packstone.crypto.Argon2;
import io.packstone.crypto.Hkdf;
import io.packstone.crypto.Hmac;
import io.packstone.crypto.KeyRing;
import io.packstone.crypto.Randomness;
import io.packstone.crypto.Sealer;
import io.packstone.crypto.SecretKey;
import io.packstone.error.CorruptionException;
import io.packstone.error.StoreException;
import io.packstone.format.CborReader;
import io.packstone.format.CborWriter;
import io.packstone.format.Frame;
import io.packstone.format.FrameKind;
import io.packstone.id.RepositoryId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The stored form of key slots (docs/format.md, Key slots): kind u8, memory u32, iterations u32, lanes u8, salt 32,
 * commitment 32, then the sealed payload: a CBOR array of role, root secret, gear secret, label, time.
 */
public final class KeySlotFormat {
    private static final int SALT_LENGTH = 32;
    private static final int HEAD_LENGTH = 1 + 4 + 4 + 1 + SALT_LENGTH + SecretKey.LENGTH;
    private static final int PASSWORD = 1;
    private static final int ROLE_OWNER = 0;
    private static final int LABEL_LENGTH_MAX = 1024;

    private KeySlotFormat() {}

    /** A slot as it was read, before any secret was tried. */
    private record Parsed(int kind, KeyCost cost, byte[] head, byte[] salt, byte[] commitment, byte[] sealed) {}

    /**
     * A new slot that {@code secret} opens. {@code seconds} is the time it says it was made.
     *
     * @throws IllegalArgumentException when {@code label} is longer than 1,024 bytes of UTF-8
     */
    public static byte[] create(
            Secret secret, KeyRing keys, String label, KeyCost cost, Randomness randomness, long seconds)
            throws IOException {
        if (label.getBytes(StandardCharsets.UTF_8).length > LABEL_LENGTH_MAX) {
            throw new IllegalArgumentException("the label of a key slot has at most " + LABEL_LENGTH_MAX + " bytes");
        }
        byte[] salt = new byte[SALT_LENGTH];
        randomness.fill(salt);
        boolean password = secret.slotKind() == PASSWORD;
        KeyCost paid = password ? cost : new KeyCost(0, 0, 0);
        byte[] derived = derive(secret, paid, salt, "a new key slot");
        ByteSink head = new ByteSink(HEAD_LENGTH);
        head.putByte(secret.slotKind())
                .putInt(paid.memoryKiB())
                .putInt(paid.iterations())
                .putByte(paid.parallelism());
        head.putBytes(salt).putBytes(derived, SecretKey.LENGTH, SecretKey.LENGTH);
        byte[] payload = new CborWriter()
                .array(5)
                .integer(ROLE_OWNER)
                .bytes(keys.root().toBytes())
                .bytes(keys.gear().toBytes())
                .text(label)
                .integer(seconds)
                .end()
                .toBytes();
        byte[] sealed = new byte[Math.toIntExact(Sealer.sealedLength(payload.length))];
        SecretKey key = SecretKey.copyOf(derived, 0, SecretKey.LENGTH);
        byte[] associatedData = associatedData(keys.repository(), head.toBytes());
        new Sealer(randomness).seal(key, associatedData, payload, 0, payload.length, sealed, 0);
        return Frame.wrap(
                FrameKind.KEY_SLOT, keys.repository(), head.putBytes(sealed).toBytes());
    }

    private static byte[] associatedData(RepositoryId repository, byte[] head) {
        return new ByteSink(160)
                .putBytes(Hkdf.info("key slot"))
                .putBytes(repository.toBytes())
                .putBytes(head)
                .toBytes();
    }

    /** 64 bytes: the key that opens the slot, and its commitment. */
    private static byte[] derive(Secret secret, KeyCost cost, byte[] salt, String name) throws IOException {
        int length = 2 * SecretKey.LENGTH;
        if (secret instanceof Secret.Password password) {
            return Argon2.derive(
                    password.bytes().array(),
                    salt,
                    cost.memoryKiB(),
                    cost.iterations(),
                    cost.parallelism(),
                    length,
                    name);
        }
        SecretKey key = secret instanceof Secret.KeyFile file ? file.key() : ((Secret.RecoverySheet) secret).key();
        return Hkdf.derive(key.toBytes(), salt, Hkdf.info("key slot"), length);
    }

    private static Parsed parse(byte[] bytes, String name, RepositoryId repository) throws StoreException {
        Frame.Opened frame = Frame.unwrap(FrameKind.KEY_SLOT, bytes, name);
        Frame.expectRepository(repository, frame.repository(), name);
        ByteCursor cursor = new ByteCursor(frame.body(), 0, frame.body().length, name);
        int kind = cursor.getByte();
        KeyCost cost = new KeyCost(cursor.getInt(), cursor.getInt(), cursor.getByte());
        byte[] salt = cursor.getBytes(SALT_LENGTH);
        byte[] commitment = cursor.getBytes(SecretKey.LENGTH);
        byte[] sealed = cursor.getBytes(cursor.remaining());
        return new Parsed(kind, cost, Arrays.copyOf(frame.body(), HEAD_LENGTH), salt, commitment, sealed);
    }

    /**
     * The keys in a slot, null when {@code secret} is not the one that opens it.
     *
     * @throws CorruptionException when the slot is damaged
     */
    public static @Nullable KeyRing tryOpen(byte[] bytes, String name, RepositoryId repository, Secret secret)
            throws IOException {
        Parsed slot = parse(bytes, name, repository);
        if (slot.kind != secret.slotKind()) {
            return null;
        }
        byte[] derived = derive(secret, slot.cost, slot.salt, name);
        if (!Hmac.equal(slot.commitment, Arrays.copyOfRange(derived, SecretKey.LENGTH, derived.length))) {
            return null;
        }
        long length = Sealer.plainLength(slot.sealed.length);
        if (length < 0) {
            throw new CorruptionException(name, "its payload has not the length of a sealed string");
        }
        byte[] payload = new byte[(int) length];
        SecretKey key = SecretKey.copyOf(derived, 0, SecretKey.LENGTH);
        new Sealer()
                .open(key, associatedData(repository, slot.head), slot.sealed, 0, slot.sealed.length, payload, 0, name);
        CborReader cbor = new CborReader(payload, 0, payload.length, name);
        cbor.array(5);
        cbor.integer(ROLE_OWNER, ROLE_OWNER);
        SecretKey root = SecretKey.copyOf(cbor.bytes(SecretKey.LENGTH));
        SecretKey gear = SecretKey.copyOf(cbor.bytes(SecretKey.LENGTH));
        cbor.text();
        cbor.integer();
        cbor.expectEnd();
        return new KeyRing(repository, root, gear);
    }

    /** What a slot says without being opened. */
    public static SlotSummary describe(byte[] bytes, String name, RepositoryId repository) throws StoreException {
        Parsed slot = parse(bytes, name, repository);
        String kind = switch (slot.kind) {
            case 1 -> "password";
            case 2 -> "key-file";
            case 3 -> "recovery-sheet";
            default -> "kind " + slot.kind;
        };
        return new SlotSummary(kind, slot.cost);
    }
}
