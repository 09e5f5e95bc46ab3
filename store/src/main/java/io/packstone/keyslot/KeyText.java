package io.packstone.keyslot;

import io.packstone.crypto.SecretKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The text forms of random keys. A key file: a line {@code packstone-key-1}, then 64 hexadecimal digits. A recovery sheet:
 * 26 words for paper and typing (docs/format.md, Key slots).
 */
public final class KeyText {
    /** The line that a printed recovery sheet begins with: of such a text, lines without numbered words are prose. */
    public static final String SHEET_HEAD = "PACKSTONE RECOVERY SHEET";

    private static final String KEY_FILE_HEAD = "packstone-key-1";
    private static final Pattern NUMBER = Pattern.compile("\\d{1,2}[.):]?");
    private static final Pattern BETWEEN_WORDS = Pattern.compile("[\\s.,:;()\\[\\]-]+");

    private KeyText() {}

    /** The text of a key file. */
    public static String formatKeyFile(SecretKey key) {
        return KEY_FILE_HEAD + "\n" + HexFormat.of().formatHex(key.toBytes()) + "\n";
    }

    /** The words of a recovery sheet, in their order. */
    public static List<String> formatWords(SecretKey key) {
        return new RecoveryWords().format(key);
    }

    /**
     * Reads a key file or a recovery sheet, whichever the text is. A sheet's words may be numbered, cut after four letters,
     * in capital letters, on any lines; or the text is the whole page that was printed.
     *
     * @throws IllegalArgumentException when it is neither, or a sheet with a slip of the pen; says which word
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
        List<String> words = words(text);
        if (words.size() < RecoveryWords.COUNT / 2) {
            throw new IllegalArgumentException(
                    "this is neither a key file nor a recovery sheet, which has " + RecoveryWords.COUNT + " words");
        }
        return new Secret.RecoverySheet(new RecoveryWords().parse(words));
    }

    private static List<String> words(String text) {
        List<String> lines = text.lines().toList();
        boolean printed = lines.stream().anyMatch(line -> line.strip().equalsIgnoreCase(SHEET_HEAD));
        List<String> words = new ArrayList<>();
        for (String line : lines) {
            if (!printed || isNumbered(line)) {
                Arrays.stream(BETWEEN_WORDS.split(line))
                        .filter(word -> !word.isEmpty() && !word.chars().allMatch(Character::isDigit))
                        .forEach(words::add);
            }
        }
        return words;
    }

    /** Whether every other word of a line, from the first on, is a number. */
    private static boolean isNumbered(String line) {
        String[] parts = line.strip().split("\\s+");
        for (int i = 0; i < parts.length; i++) {
            if (NUMBER.matcher(parts[i]).matches() != (i % 2 == 0)) {
                return false;
            }
        }
        return true;
    }
}
