package io.packstone.bundle;

import io.packstone.bytes.ByteSink;
import io.packstone.crypto.Hkdf;
import io.packstone.crypto.KeyRing;
import io.packstone.crypto.Randomness;
import io.packstone.crypto.Sealer;
import io.packstone.crypto.SecretKey;
import io.packstone.error.CorruptionException;
import java.util.Arrays;

/** Seals and opens the parts of one bundle: each is bound to the bundle and to its place in it. For one thread. */
final class BundleSeal {
    private final KeyRing keys;
    private final byte[] bundle;
    private final Sealer sealer;

    /** What is sealed; the number is part of what the seal is bound to. */
    enum Part {
        FRONT(1),
        TABLE(2),
        END(3);

        private final int number;

        Part(int number) {
            this.number = number;
        }
    }

    /** For the bundle with these random bytes. */
    BundleSeal(KeyRing keys, byte[] bundle, Randomness randomness) {
        this.keys = keys;
        this.bundle = bundle.clone();
        this.sealer = new Sealer(randomness);
    }

    private SecretKey key(Part part) {
        return part == Part.FRONT ? keys.bundleFrontKey() : keys.bundleKey();
    }

    private byte[] associatedData(Part part, long number) {
        ByteSink sink = new ByteSink(64).putBytes(Hkdf.info("bundle"));
        sink.putBytes(keys.repository().toBytes()).putBytes(bundle);
        return sink.putByte(part.number).putLong(number).toBytes();
    }

    /** {@code number} counts the tables; 0 for what there is one of. What was sealed has been opened again. */
    byte[] seal(Part part, long number, byte[] plain) throws CorruptionException {
        byte[] sealed = new byte[Math.toIntExact(Sealer.sealedLength(plain.length))];
        sealer.seal(key(part), associatedData(part, number), plain, 0, plain.length, sealed, 0);
        String name = "a part of a bundle just sealed";
        if (!Arrays.equals(open(part, number, sealed, name), plain)) {
            throw new CorruptionException(name, "it opens to other bytes; check the memory of this machine");
        }
        return sealed;
    }

    byte[] open(Part part, long number, byte[] sealed, String name) throws CorruptionException {
        byte[] plain = new byte[Math.toIntExact(Sealer.plainLength(sealed.length))];
        sealer.open(key(part), associatedData(part, number), sealed, 0, sealed.length, plain, 0, name);
        return plain;
    }
}
