package io.packstone.keyslot;

import io.packstone.crypto.SecretKey;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.zip.CRC32;

/**
 * The text forms of random keys. A key file: a line {@code packstone-key-1}, then 64 hexadecimal digits. A recovery sheet:
 * 14 groups of five characters of Crockford's base 32 (no I, L, O, U): four carry 20 bits of the key and its checksum, the
 * fifth checks its group (docs/format.md, Key slots).
 */
public final class KeyText {
    private static final String KEY_FILE_HEAD = "packstone-key-1";
    private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private KeyText() {}

    /** The text of a key file. */
    public static String formatKeyFile(SecretKey key) {
        return KEY_FILE_HEAD + "\n" + HexFormat.of().formatHex(key.toBytes()) + "\n";
    }

    /**
     * Reads a key file or a recovery sheet, whichever the text is.
     *
     * @throws IllegalArgumentException when it is neither, or a sheet with a slip of the pen; says which group
     */
    public static Secret parse(String text) {
        String[] lines = text.strip().split("\\s+");
        if (lines[0].equals(KEY_FILE_HEAD)) {
            if (lines.length != 2 || !lines[1].matches("[0-9a-f]{64}")) {
                throw new IllegalArgumentException(
                        "the key file is incomplete: 64 hexadecimal digits should follow its head");
            }
            return new Secret.KeyFile(SecretKey.copyOf(HexFormat.of().parseHex(lines[1])));
        }
        return new Secret.RecoverySheet(parseSheet(lines));
    }

    /** A recovery sheet, in two lines of seven groups. */
    public static String formatSheet(SecretKey key) {
        byte[] bytes = Arrays.copyOf(key.toBytes(), 35);
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, SecretKey.LENGTH);
        for (int i = 0; i < 3; i++) {
            bytes[SecretKey.LENGTH + i] = (byte) (crc.getValue() >>> 8 * i);
        }
        StringBuilder text = new StringBuilder();
        for (int group = 0; group < 14; group++) {
            int sum = group;
            for (int i = 0; i < 4; i++) {
                int value = bits(bytes, 5 * (4 * group + i));
                sum = (sum * 7 + value) % 31;
                text.append(ALPHABET.charAt(value));
            }
            text.append(ALPHABET.charAt(sum)).append(group % 7 == 6 ? '\n' : ' ');
        }
        return text.toString();
    }

    private static int bits(byte[] bytes, int from) {
        int at = from / 8;
        int two = (bytes[at] & 0xff) << 8 | (at + 1 < bytes.length ? bytes[at + 1] & 0xff : 0);
        return two >>> (11 - from % 8) & 31;
    }

    private static SecretKey parseSheet(String[] groups) {
        if (groups.length != 14) {
            throw new IllegalArgumentException(
                    "this is neither a key file nor a recovery sheet: a sheet has 14 groups, this has "
                            + groups.length);
        }
        byte[] bytes = new byte[36];
        for (int group = 0; group < groups.length; group++) {
            String letters = groups[group]
                    .toUpperCase(Locale.ROOT)
                    .replace('O', '0')
                    .replace('I', '1')
                    .replace('L', '1');
            int sum = group;
            for (int i = 0; i < 5; i++) {
                int value = letters.length() == 5 ? ALPHABET.indexOf(letters.charAt(i)) : -1;
                if (value < 0 || i == 4 && value != sum) {
                    throw new IllegalArgumentException("group " + (group + 1) + " of the recovery sheet, '"
                            + groups[group] + "', is not what was printed; look at it again");
                }
                if (i < 4) {
                    sum = (sum * 7 + value) % 31;
                    int from = 5 * (4 * group + i);
                    int two = value << (11 - from % 8);
                    bytes[from / 8] |= (byte) (two >>> 8);
                    bytes[from / 8 + 1] |= (byte) two;
                }
            }
        }
        SecretKey key = SecretKey.copyOf(bytes, 0, SecretKey.LENGTH);
        if (!formatSheet(key)
                .replaceAll("\\s", "")
                .equals(String.join("", groups)
                        .toUpperCase(Locale.ROOT)
                        .replace('O', '0')
                        .replace('I', '1')
                        .replace('L', '1'))) {
            throw new IllegalArgumentException("the groups of the recovery sheet do not belong together");
        }
        return key;
    }
}
