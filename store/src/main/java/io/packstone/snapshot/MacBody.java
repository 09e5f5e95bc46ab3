package io.packstone.snapshot;

import io.packstone.crypto.Hmac;
import io.packstone.crypto.SecretKey;
import io.packstone.error.CorruptionException;
import io.packstone.error.StoreException;
import io.packstone.format.CborReader;
import io.packstone.format.Frame;
import io.packstone.format.FrameKind;
import io.packstone.id.RepositoryId;
import java.util.Arrays;

/** Small objects in the clear: CBOR, then an HMAC-SHA-256 of header and CBOR. */
final class MacBody {
    private MacBody() {}

    static byte[] wrap(FrameKind kind, RepositoryId repository, SecretKey macKey, byte[] cbor) {
        byte[] mac = Hmac.of(macKey, Frame.header(kind, repository), cbor);
        byte[] body = Arrays.copyOf(cbor, cbor.length + mac.length);
        System.arraycopy(mac, 0, body, cbor.length, mac.length);
        return Frame.wrap(kind, repository, body);
    }

    static CborReader unwrap(FrameKind kind, RepositoryId repository, SecretKey macKey, byte[] bytes, String name)
            throws StoreException {
        Frame.Opened frame = Frame.unwrap(kind, bytes, name);
        Frame.expectRepository(repository, frame.repository(), name);
        int split = frame.body().length - Hmac.LENGTH;
        if (split < 0
                || !Hmac.equal(
                        Hmac.of(macKey, frame.header(), Arrays.copyOf(frame.body(), split)),
                        Arrays.copyOfRange(frame.body(), split, frame.body().length))) {
            throw new CorruptionException(name, "it was not written with this repository's keys");
        }
        return new CborReader(frame.body(), 0, split, name);
    }
}
