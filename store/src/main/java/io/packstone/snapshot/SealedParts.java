package io.packstone.snapshot;

import io.packstone.bytes.ByteCursor;
import io.packstone.bytes.ByteSink;
import io.packstone.crypto.Hkdf;
import io.packstone.crypto.Hmac;
import io.packstone.crypto.KeyRing;
import io.packstone.crypto.Randomness;
import io.packstone.crypto.Sealer;
import io.packstone.crypto.SecretKey;
import io.packstone.error.CorruptionException;
import io.packstone.error.StoreException;
import io.packstone.format.CborReader;
import io.packstone.format.Frame;
import io.packstone.format.FrameKind;

/**
 * An object of two sealed parts, one for whoever has the structure key and one for whoever reads contents. The second
 * is bound to the first, both to what they are about.
 */
final class SealedParts {
    private final KeyRing keys;
    private final FrameKind kind;
    private final String label;
    private final byte[] subject;

    /** {@code label} names the kind of object in the associated data; {@code subject} is what it is about. */
    SealedParts(KeyRing keys, FrameKind kind, String label, byte[] subject) {
        this.keys = keys;
        this.kind = kind;
        this.label = label;
        this.subject = subject;
    }

    byte[] wrap(byte[] structure, byte[] content, Randomness randomness) {
        Sealer sealer = new Sealer(randomness);
        byte[] first = seal(sealer, keys.snapshotStructureKey(), structureAad(), structure);
        byte[] second = seal(sealer, keys.snapshotContentKey(), contentAad(first), content);
        ByteSink body = new ByteSink(first.length + second.length + 8);
        body.putInt(first.length).putBytes(first).putInt(second.length).putBytes(second);
        return Frame.wrap(kind, keys.repository(), body.toBytes());
    }

    private static byte[] seal(Sealer sealer, SecretKey key, byte[] associatedData, byte[] plain) {
        byte[] sealed = new byte[Math.toIntExact(Sealer.sealedLength(plain.length))];
        sealer.seal(key, associatedData, plain, 0, plain.length, sealed, 0);
        return sealed;
    }

    private byte[] structureAad() {
        return new ByteSink(96)
                .putBytes(Hkdf.info(label + " structure"))
                .putBytes(keys.repository().toBytes())
                .putBytes(subject)
                .toBytes();
    }

    private byte[] contentAad(byte[] sealedStructure) {
        return new ByteSink(128)
                .putBytes(Hkdf.info(label + " content"))
                .putBytes(keys.repository().toBytes())
                .putBytes(subject)
                .putBytes(Hmac.sha256(sealedStructure, 0, sealedStructure.length))
                .toBytes();
    }

    /** Both parts as they are stored. */
    record Sealed(byte[] structure, byte[] content, String name) {}

    Sealed unwrap(byte[] bytes, String name) throws StoreException {
        Frame.Opened frame = Frame.unwrap(kind, bytes, name);
        Frame.expectRepository(keys.repository(), frame.repository(), name);
        ByteCursor body = new ByteCursor(frame.body(), 0, frame.body().length, name);
        Sealed sealed = new Sealed(body.getBytes(body.getInt()), body.getBytes(body.getInt()), name);
        body.expectEnd();
        return sealed;
    }

    CborReader structure(Sealed sealed) throws CorruptionException {
        return open(sealed.structure(), keys.snapshotStructureKey(), structureAad(), sealed.name() + " (structure)");
    }

    CborReader content(Sealed sealed) throws CorruptionException {
        byte[] associatedData = contentAad(sealed.structure());
        return open(sealed.content(), keys.snapshotContentKey(), associatedData, sealed.name() + " (content)");
    }

    private static CborReader open(byte[] sealed, SecretKey key, byte[] associatedData, String name)
            throws CorruptionException {
        long length = Sealer.plainLength(sealed.length);
        if (length < 0) {
            throw new CorruptionException(name, "it has not the length of a sealed string");
        }
        byte[] plain = new byte[(int) length];
        new Sealer().open(key, associatedData, sealed, 0, sealed.length, plain, 0, name);
        return new CborReader(plain, 0, plain.length, name);
    }
}
