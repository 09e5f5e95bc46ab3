package io.packstone.endtoend;

import io.packstone.crypto.SecretKey;
import io.packstone.keyslot.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The objects of a repository as the first release of the format wrote them, committed once. Two snapshots of
 * {@code /srv/golden}; the second has one file more.
 */
final class GoldenRepository {
    private GoldenRepository() {}

    static SecretKey key() {
        byte[] bytes = new byte[SecretKey.LENGTH];
        Arrays.fill(bytes, (byte) 3);
        return SecretKey.copyOf(bytes);
    }

    static Secret secret() {
        return new Secret.KeyFile(key());
    }

    /** All objects by name, second copies too. */
    static Map<String, byte[]> objects() throws IOException {
        Map<String, StringBuilder> hex = new TreeMap<>();
        StringBuilder current = new StringBuilder();
        for (String line : text().lines().toList()) {
            if (line.startsWith(" ")) {
                current.append(line.strip());
            } else {
                current = new StringBuilder();
                hex.put(line, current);
            }
        }
        Map<String, byte[]> objects = new TreeMap<>();
        hex.forEach((name, digits) -> {
            byte[] bytes = HexFormat.of().parseHex(digits);
            objects.put(name, bytes);
            if (!name.startsWith("packs/") && !name.startsWith("index/")) {
                objects.put(name + ".b", bytes);
            }
        });
        return objects;
    }

    private static String text() throws IOException {
        try (InputStream input = GoldenRepository.class.getResourceAsStream("/io/packstone/golden/version-1.txt")) {
            return new String(Objects.requireNonNull(input).readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}
