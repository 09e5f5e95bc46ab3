package io.packstone.format;

import io.packstone.crypto.Hmac;
import io.packstone.crypto.SecretKey;
import io.packstone.error.CorruptionException;
import io.packstone.error.StoreException;
import io.packstone.error.UnsupportedFormatException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The stored form of a config (docs/format.md, Config): a CBOR map, and an HMAC-SHA-256 of header and map. */
public final class ConfigFormat {
    private static final int CHUNKER_GEAR64 = 1;
    private static final int FIELDS = 8;
    private static final int PARITY = 9;

    private ConfigFormat() {}

    /** The whole object. */
    public static byte[] encode(RepositoryConfig config, SecretKey macKey) {
        CborWriter cbor = new CborWriter().map(config.parity() ? FIELDS + 1 : FIELDS);
        cbor.key(1).integer(config.number());
        list(cbor.key(2), config.read());
        list(cbor.key(3), config.write());
        list(cbor.key(4), config.delete());
        cbor.key(5).integer(CHUNKER_GEAR64);
        cbor.key(6).integer(config.chunkAverage());
        cbor.key(7).text(config.compression());
        cbor.key(8).integer(config.epoch());
        if (config.parity()) {
            cbor.key(PARITY).bool(true);
        }
        cbor.end();
        byte[] map = cbor.toBytes();
        byte[] mac = Hmac.of(macKey, Frame.header(FrameKind.CONFIG, config.repository()), map);
        byte[] body = Arrays.copyOf(map, map.length + mac.length);
        System.arraycopy(mac, 0, body, map.length, mac.length);
        return Frame.wrap(FrameKind.CONFIG, config.repository(), body);
    }

    private static void list(CborWriter cbor, List<String> values) {
        cbor.array(values.size());
        values.forEach(cbor::text);
        cbor.end();
    }

    /** Reads a config before any key is known: to be believed only after {@link #verify}. */
    public static RepositoryConfig decode(byte[] bytes, String name) throws StoreException {
        Frame.Opened frame = Frame.unwrap(FrameKind.CONFIG, bytes, name);
        if (frame.body().length < Hmac.LENGTH) {
            throw new CorruptionException(name, "it is too short");
        }
        CborReader cbor = new CborReader(frame.body(), 0, frame.body().length - Hmac.LENGTH, name);
        int fields = cbor.map();
        field(cbor, 1);
        int number = cbor.integer(1, Integer.MAX_VALUE);
        List<String> read = list(cbor, 2);
        List<String> write = list(cbor, 3);
        List<String> delete = list(cbor, 4);
        field(cbor, 5);
        int chunker = cbor.integer(0, 255);
        field(cbor, 6);
        int average = cbor.integer(1, 1 << 30);
        field(cbor, 7);
        String compression = cbor.text();
        field(cbor, 8);
        int epoch = cbor.integer(0, Integer.MAX_VALUE);
        boolean parity = laterFields(cbor, fields);
        cbor.expectEnd();
        if (!read.isEmpty() || !write.isEmpty() || chunker != CHUNKER_GEAR64) {
            throw new UnsupportedFormatException(
                    name, "it needs features this program does not know: " + read + write + "; use a newer Packstone");
        }
        return new RepositoryConfig(
                number, frame.repository(), read, write, delete, average, compression, epoch, parity);
    }

    /** Reads what not every config has, and steps over what a newer program added without naming it a feature. */
    private static boolean laterFields(CborReader cbor, int count) throws CorruptionException {
        boolean parity = false;
        int last = FIELDS;
        for (int i = FIELDS; i < count; i++) {
            last = cbor.keyAbove(last);
            if (last == PARITY) {
                parity = cbor.bool();
            } else {
                cbor.raw();
            }
        }
        return parity;
    }

    private static void field(CborReader cbor, int key) throws CorruptionException {
        if (cbor.integer() != key) {
            throw cbor.corrupt("field " + key, "another");
        }
    }

    private static List<String> list(CborReader cbor, int key) throws CorruptionException {
        field(cbor, key);
        int count = cbor.array();
        List<String> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add(cbor.text());
        }
        return values;
    }

    /** Reads a config and proves that the holder of the keys wrote it. */
    public static RepositoryConfig verify(byte[] bytes, String name, SecretKey macKey) throws StoreException {
        Frame.Opened frame = Frame.unwrap(FrameKind.CONFIG, bytes, name);
        RepositoryConfig config = decode(bytes, name);
        int split = frame.body().length - Hmac.LENGTH;
        byte[] expected = Hmac.of(macKey, frame.header(), Arrays.copyOf(frame.body(), split));
        if (!Hmac.equal(expected, Arrays.copyOfRange(frame.body(), split, frame.body().length))) {
            throw new CorruptionException(name, "it was not written with this repository's keys");
        }
        return config;
    }
}
