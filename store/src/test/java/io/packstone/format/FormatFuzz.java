package io.packstone.format;

import io.packstone.crypto.Hmac;
import io.packstone.error.CorruptionException;
import io.packstone.error.StoreException;
import io.packstone.pack.SamplePacks;
import io.packstone.testkit.FuzzTarget;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;

/** Parsers of what every object has: frames, footers, CBOR, configs. */
public final class FormatFuzz {
    private FormatFuzz() {}

    /** By name. */
    public static Map<String, FuzzTarget> targets() {
        return Map.of(
                "frame", FormatFuzz::frame,
                "footer", FormatFuzz::footer,
                "footer-fields", FormatFuzz::footerFields,
                "cbor", FormatFuzz::cbor,
                "config", FormatFuzz::config,
                "config-map", FormatFuzz::configMap);
    }

    /** A valid input for some of them. */
    public static Map<String, byte[]> seeds() throws IOException {
        byte[] config = SamplePacks.golden(FormatFuzz.class, "config.hex");
        byte[] pack = SamplePacks.golden(SamplePacks.class, "pack.hex");
        byte[] map = Arrays.copyOfRange(config, Frame.HEADER_LENGTH + 4, config.length - 4 - Hmac.LENGTH);
        byte[] footer = Arrays.copyOfRange(pack, pack.length - Footer.LENGTH, pack.length);
        return Map.of("frame", config, "config", config, "config-map", map, "cbor", map, "footer", footer);
    }

    private static void frame(byte[] input) throws StoreException {
        for (FrameKind kind : FrameKind.values()) {
            try {
                Frame.Opened opened = Frame.unwrap(kind, input, "input");
                FuzzTarget.same(input, Frame.wrap(kind, opened.repository(), opened.body()));
            } catch (CorruptionException e) {
                continue;
            }
        }
    }

    private static void footer(byte[] input) throws StoreException {
        Footer footer = Footer.decode(input, 0, input.length, "input");
        FuzzTarget.same(Arrays.copyOf(input, Footer.LENGTH), footer.encode());
    }

    /** Any lengths behind a checksum that fits. */
    private static void footerFields(byte[] input) throws StoreException {
        byte[] fields = Arrays.copyOf(input, 40);
        long[] lengths = new long[5];
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = io.packstone.bytes.LittleEndian.getLong(fields, 8 * i);
        }
        Footer made = new Footer(lengths[0], lengths[1], lengths[2], lengths[3], SamplePacks.REPOSITORY);
        Footer read = Footer.decode(made.encode(), 0, lengths[4], "input");
        FuzzTarget.same(made, read);
        if (read.tableOffset() + read.tableStoredLength() + Footer.LENGTH != lengths[4] || read.tableOffset() < 0) {
            throw new AssertionError(read.toString());
        }
    }

    /** Whatever is read is written again as it was; maps whose keys are not numbers that ascend have no writer. */
    private static void cbor(byte[] input) throws CorruptionException {
        byte[] raw = new CborReader(input, 0, input.length, "input").raw();
        CborWriter writer = new CborWriter();
        copy(raw, writer);
        FuzzTarget.same(raw, writer.toBytes());
    }

    private static void copy(byte[] value, CborWriter writer) throws CorruptionException {
        CborReader reader = new CborReader(value, 0, value.length, "value");
        switch ((value[0] & 0xff) >>> 5) {
            case 0, 1 -> writer.integer(reader.integer());
            case 2 -> writer.bytes(reader.bytes());
            case 3 -> writer.text(reader.text());
            case 4 -> {
                int count = reader.array();
                writer.array(count);
                for (int i = 0; i < count; i++) {
                    copy(reader.raw(), writer);
                }
                writer.end();
            }
            case 5 -> {
                int count = reader.map();
                writer.map(count);
                int key = -1;
                for (int i = 0; i < count; i++) {
                    key = reader.keyAbove(key);
                    copy(reader.raw(), writer.key(key));
                }
                writer.end();
            }
            default -> {
                if (reader.nothing()) {
                    writer.nothing();
                } else {
                    writer.bool(reader.bool());
                }
            }
        }
        reader.expectEnd();
    }

    private static void config(byte[] input) throws StoreException {
        RepositoryConfig config = ConfigFormat.decode(input, "input");
        byte[] encoded = ConfigFormat.encode(config, SamplePacks.keys().configMacKey());
        FuzzTarget.same(
                config, ConfigFormat.verify(encoded, "input", SamplePacks.keys().configMacKey()));
    }

    /** Any map behind a MAC that fits. */
    private static void configMap(byte[] input) throws IOException {
        byte[] mac = Hmac.of(
                SamplePacks.keys().configMacKey(), Frame.header(FrameKind.CONFIG, SamplePacks.REPOSITORY), input);
        byte[] body = Arrays.copyOf(input, input.length + mac.length);
        System.arraycopy(mac, 0, body, input.length, mac.length);
        if (body.length + Frame.OVERHEAD > FrameKind.CONFIG.maxLength()) {
            return;
        }
        config(Frame.wrap(FrameKind.CONFIG, SamplePacks.REPOSITORY, body));
    }
}
