package io.packstone.keyslot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.crypto.SecretKey;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeyTextTest {
    private static final String LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private static SecretKey key(long seed) {
        byte[] bytes = new byte[SecretKey.LENGTH];
        new Random(seed).nextBytes(bytes);
        return SecretKey.copyOf(bytes);
    }

    private static String refused(String text) {
        return assertThrows(IllegalArgumentException.class, () -> KeyText.parse(text), text)
                .getMessage();
    }

    @Test
    void keyFilesComeBack() {
        SecretKey key = key(1);
        String text = KeyText.formatKeyFile(key);
        assertEquals("packstone-key-1\n" + HexFormat.of().formatHex(key.toBytes()) + "\n", text);
        assertEquals(new Secret.KeyFile(key), KeyText.parse(text));
        assertEquals(new Secret.KeyFile(key), KeyText.parse("\n  " + text.replace("\n", "\r\n") + "\n"));
    }

    /** The sheet of the key 00 01 .. 1f, as another implementation (Python) prints it. */
    @Test
    void theGoldenSheet() {
        byte[] bytes = new byte[32];
        for (int i = 0; i < 32; i++) {
            bytes[i] = (byte) i;
        }
        String sheet = "000GG 40R48 0M306 E209P 185G5 R38ES 1W81V\n24GKT 2GAHT C5RRX 34D10 P70XC 3RFRP MZH66\n";
        assertEquals(sheet, KeyText.formatSheet(SecretKey.copyOf(bytes)));
        assertEquals(new Secret.RecoverySheet(SecretKey.copyOf(bytes)), KeyText.parse(sheet));
    }

    @Test
    void brokenKeyFilesAreRefused() {
        String text = KeyText.formatKeyFile(key(2)).strip();
        assertTrue(refused(text.substring(0, text.length() - 1)).contains("64 hexadecimal digits"));
        assertTrue(refused("packstone-key-1\n").contains("64 hexadecimal digits"));
        refused(text + "0");
        refused(text + " more");
        refused(text.replace("key-1", "key-2"));
        refused("");
        refused("hunter2");
    }

    @Test
    void sheetsComeBackHoweverTheyAreTyped() {
        for (long seed = 0; seed < 200; seed++) {
            SecretKey key = key(seed);
            String sheet = KeyText.formatSheet(key);
            Secret expected = new Secret.RecoverySheet(key);
            assertEquals(expected, KeyText.parse(sheet));
            assertEquals(expected, KeyText.parse(sheet.toLowerCase(Locale.ROOT).replace('\n', ' ')));
            assertEquals(expected, KeyText.parse(sheet.replace('0', 'O').replace('1', 'l')));
            assertEquals(
                    expected,
                    KeyText.parse(sheet.replace('0', 'o').replace('1', 'I').replace(" ", "\n")));
        }
        byte[] zero = new byte[32];
        assertEquals(
                new Secret.RecoverySheet(SecretKey.copyOf(zero)),
                KeyText.parse(KeyText.formatSheet(SecretKey.copyOf(zero))));
    }

    @Test
    void aSheetIsTwoLinesOfSevenGroups() {
        List<String> lines = KeyText.formatSheet(key(5)).lines().toList();
        assertEquals(2, lines.size());
        for (String line : lines) {
            assertTrue(line.matches("([0-9A-HJKMNP-TV-Z]{5} ){6}[0-9A-HJKMNP-TV-Z]{5}"), line);
        }
    }

    /** Each slip of one letter is refused; all but 0 for Z, which add up alike, are refused with the group's number. */
    @Test
    void oneWrongLetterIsFoundInItsGroup() {
        String sheet = KeyText.formatSheet(key(6));
        for (int at = 0; at < sheet.length(); at++) {
            if (Character.isWhitespace(sheet.charAt(at))) {
                continue;
            }
            for (char letter : LETTERS.toCharArray()) {
                if (letter != sheet.charAt(at)) {
                    String message = refused(sheet.substring(0, at) + letter + sheet.substring(at + 1));
                    boolean alike = "0Z".indexOf(letter) >= 0 && "0Z".indexOf(sheet.charAt(at)) >= 0;
                    assertTrue(alike || message.contains("group " + (at / 6 + 1) + " "), message);
                }
            }
        }
    }

    @Test
    void swappedAndMissingGroupsAreFound() {
        String[] groups = KeyText.formatSheet(key(7)).strip().split("\\s+");
        for (int i = 0; i + 1 < groups.length; i++) {
            String[] swapped = groups.clone();
            swapped[i] = groups[i + 1];
            swapped[i + 1] = groups[i];
            assertTrue(refused(String.join(" ", swapped)).contains("recovery sheet"));
        }
        for (int count = 1; count < groups.length; count++) {
            String message = refused(String.join(" ", List.of(groups).subList(0, count)));
            assertTrue(message.contains("14 groups, this has " + count), message);
        }
        assertTrue(refused(String.join(" ", groups) + " 00000").contains("this has 15"));
    }

    /** Groups that are each well-formed but of two sheets: the checksum over all of them sees it. */
    @Test
    void groupsOfTwoSheetsDoNotMix() {
        String[] one = KeyText.formatSheet(key(8)).strip().split("\\s+");
        String[] other = KeyText.formatSheet(key(9)).strip().split("\\s+");
        for (int i = 0; i < one.length; i++) {
            assertNotEquals(one[i], other[i]);
            String[] mixed = one.clone();
            mixed[i] = other[i];
            assertTrue(refused(String.join(" ", mixed)).contains("do not belong together"));
        }
    }

    @Test
    void secretsHaveNoTextForm() {
        String shown =
                Secret.Password.of("hunter2") + " " + new Secret.KeyFile(key(1)) + new Secret.RecoverySheet(key(1));
        String hex = HexFormat.of().formatHex(key(1).toBytes());
        assertTrue(!shown.contains("hunter2") && !shown.contains(hex.substring(0, 6)), shown);
    }
}
