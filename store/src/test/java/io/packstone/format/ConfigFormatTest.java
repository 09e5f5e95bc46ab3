package io.packstone.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.packstone.crypto.Hmac;
import io.packstone.crypto.SecretKey;
import io.packstone.error.CorruptionException;
import io.packstone.error.StoreException;
import io.packstone.error.UnsupportedFormatException;
import io.packstone.id.RepositoryId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ConfigFormatTest {
    private static final RepositoryId REPOSITORY = RepositoryId.parse("000102030405060708090a0b0c0d0e0f");
    private static final SecretKey KEY = key(1);

    private static SecretKey key(int fill) {
        byte[] bytes = new byte[SecretKey.LENGTH];
        Arrays.fill(bytes, (byte) fill);
        return SecretKey.copyOf(bytes);
    }

    @Test
    void roundTrips() throws StoreException {
        RepositoryConfig config = new RepositoryConfig(
                7, REPOSITORY, List.of(), List.of(), List.of("careful-delete"), 1 << 16, "zstd:9", 3, true);
        byte[] bytes = ConfigFormat.encode(config, KEY);
        assertEquals(config, ConfigFormat.decode(bytes, "config/7"));
        assertEquals(config, ConfigFormat.verify(bytes, "config/7", KEY));
        assertThrows(CorruptionException.class, () -> ConfigFormat.verify(bytes, "config/7", key(2)));
    }

    @Test
    void theCommittedBytesStillRead() throws IOException {
        RepositoryConfig config = ConfigFormat.verify(golden("config.hex"), "config/1", KEY);
        assertEquals(RepositoryConfig.first(REPOSITORY, 65_536, "auto", false), config);
    }

    @Test
    void unknownFeaturesAreNamed() {
        RepositoryConfig config = new RepositoryConfig(
                1, REPOSITORY, List.of("blocks-of-tomorrow"), List.of(), List.of(), 65_536, "auto", 0, false);
        byte[] bytes = ConfigFormat.encode(config, KEY);
        UnsupportedFormatException failure =
                assertThrows(UnsupportedFormatException.class, () -> ConfigFormat.decode(bytes, "config/1"));
        assertEquals(true, failure.getMessage().contains("blocks-of-tomorrow"), failure.getMessage());
    }

    @Test
    void fieldsThatANewerProgramAddedAreSteppedOver() throws StoreException {
        CborWriter cbor = new CborWriter().map(10).key(1).integer(1);
        for (int key = 2; key <= 4; key++) {
            cbor.key(key).array(0).end();
        }
        cbor.key(5).integer(1).key(6).integer(65_536).key(7).text("auto").key(8).integer(0);
        cbor.key(10).text("new").key(20).array(1).integer(5).end().end();
        byte[] map = cbor.toBytes();
        byte[] mac = Hmac.of(KEY, Frame.header(FrameKind.CONFIG, REPOSITORY), map);
        byte[] body = Arrays.copyOf(map, map.length + mac.length);
        System.arraycopy(mac, 0, body, map.length, mac.length);
        byte[] bytes = Frame.wrap(FrameKind.CONFIG, REPOSITORY, body);
        assertEquals(
                RepositoryConfig.first(REPOSITORY, 65_536, "auto", false), ConfigFormat.verify(bytes, "config/1", KEY));
    }

    @Test
    void noForgeryPasses() {
        byte[] bytes = ConfigFormat.encode(RepositoryConfig.first(REPOSITORY, 65_536, "auto", false), KEY);
        for (int bit = 0; bit < 8 * bytes.length; bit++) {
            byte[] forged = bytes.clone();
            forged[bit / 8] ^= (byte) (1 << bit % 8);
            assertThrows(StoreException.class, () -> ConfigFormat.verify(forged, "x", KEY), "bit " + bit);
        }
        int bodyLength = bytes.length - Frame.OVERHEAD;
        for (int bit = 0; bit < 8 * bodyLength; bit++) {
            byte[] body = Arrays.copyOfRange(bytes, Frame.HEADER_LENGTH + 4, bytes.length - 4);
            body[bit / 8] ^= (byte) (1 << bit % 8);
            byte[] forged = Frame.wrap(FrameKind.CONFIG, REPOSITORY, body);
            assertThrows(StoreException.class, () -> ConfigFormat.verify(forged, "x", KEY), "body bit " + bit);
        }
        byte[] moved = Frame.wrap(
                FrameKind.CONFIG,
                new RepositoryId(1, 2),
                Arrays.copyOfRange(bytes, Frame.HEADER_LENGTH + 4, bytes.length - 4));
        assertThrows(CorruptionException.class, () -> ConfigFormat.verify(moved, "x", KEY));
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThrows(CorruptionException.class, () -> ConfigFormat.decode(cut, "x"), "length " + length);
        }
    }

    private static byte[] golden(String name) throws IOException {
        try (InputStream input = ConfigFormatTest.class.getResourceAsStream(name)) {
            String hex = new String(Objects.requireNonNull(input).readAllBytes(), StandardCharsets.US_ASCII);
            return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
        }
    }
}
