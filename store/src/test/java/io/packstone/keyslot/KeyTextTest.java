package io.packstone.keyslot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.crypto.Hmac;
import io.packstone.crypto.SecretKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeyTextTest {
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

    /** The sheet of the key 00 01 .. 1f, as another implementation (Python) makes it; BIP-39 has the first 24 words. */
    private static final String SHEET =
            "abandon amount liar amount expire adjust cage candy arch gather drum bullet absurd"
                    + " math era live bid rhythm alien crouch range attend journey unaware assist harsh";

    private static final Secret OF_SHEET = new Secret.RecoverySheet(golden());

    private static SecretKey golden() {
        byte[] bytes = new byte[32];
        for (int i = 0; i < 32; i++) {
            bytes[i] = (byte) i;
        }
        return SecretKey.copyOf(bytes);
    }

    private static List<String> words() {
        return new ArrayList<>(List.of(SHEET.split(" ")));
    }

    private static String refused(List<String> words) {
        return refused(String.join(" ", words));
    }

    @Test
    void theWordsOfAKeyAreThoseOfBip39AndTwoMore() {
        assertEquals(SHEET, String.join(" ", KeyText.formatWords(golden())));
        // A vector of BIP-39 itself, of 32 bytes 0x80.
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) 0x80);
        assertEquals(
                "letter advice cage absurd amount doctor acoustic avoid letter advice cage absurd amount doctor acoustic"
                        + " avoid letter advice cage absurd amount doctor acoustic bless",
                String.join(" ", KeyText.formatWords(SecretKey.copyOf(bytes)).subList(0, 24)));
    }

    @Test
    void noTwoWordsOfTheListBeginWithTheSameFourLetters() throws IOException {
        String text;
        try (InputStream input = KeyText.class.getResourceAsStream("words.txt")) {
            text = new String(Objects.requireNonNull(input).readAllBytes(), StandardCharsets.US_ASCII);
        }
        assertEquals(
                2048,
                text.lines()
                        .map(word -> word.substring(0, Math.min(4, word.length())))
                        .distinct()
                        .count());
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        assertEquals(
                "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda",
                HexFormat.of().formatHex(Hmac.sha256(bytes, 0, bytes.length)));
    }

    @Test
    void everyKeyComesBack() {
        for (long seed = 0; seed < 500; seed++) {
            List<String> words = KeyText.formatWords(key(seed));
            assertEquals(26, words.size());
            assertEquals(new Secret.RecoverySheet(key(seed)), KeyText.parse(String.join(" ", words)));
        }
        for (int fill : new int[] {0, 255}) {
            byte[] bytes = new byte[32];
            Arrays.fill(bytes, (byte) fill);
            SecretKey key = SecretKey.copyOf(bytes);
            assertEquals(new Secret.RecoverySheet(key), KeyText.parse(String.join("\n", KeyText.formatWords(key))));
        }
    }

    @Test
    void sheetsComeBackHoweverTheyAreTyped() {
        StringBuilder numbered = new StringBuilder();
        StringBuilder shortened = new StringBuilder();
        for (int i = 0; i < 26; i++) {
            String word = words().get(i);
            numbered.append(i + 1)
                    .append(i % 2 == 0 ? ".  " : ") ")
                    .append(word)
                    .append(i % 3 == 0 ? "\r\n" : "\t");
            shortened.append(word, 0, Math.min(4 + i % 3, word.length())).append("  \n ");
        }
        for (String typed : List.of(
                SHEET.toUpperCase(Locale.ROOT),
                "\n\n  " + SHEET.replace(" ", "   "),
                SHEET.replace(" ", "\n"),
                SHEET.replace(" ", ", ") + ".",
                SHEET.replace(" ", "-"),
                numbered.toString(),
                numbered.toString().replaceAll("([0-9]+)[.)] *", "$1 "),
                shortened.toString())) {
            assertEquals(OF_SHEET, KeyText.parse(typed), typed);
        }
    }

    @Test
    void aPrintedPageIsReadWholeAndItsProseIsNot() {
        StringBuilder page = new StringBuilder(KeyText.SHEET_HEAD).append("\n\n26 words, made 2026-11-25 at 10:00\n");
        for (int i = 0; i < 26; i++) {
            page.append(String.format(Locale.ROOT, "  %2d  %-9s", i + 1, words().get(i)));
            page.append(i % 4 == 3 || i == 25 ? "\n" : "");
        }
        page.append("\nable about above\n5 of the words\n");
        assertEquals(OF_SHEET, KeyText.parse(page.toString()));
        assertEquals(OF_SHEET, KeyText.parse(page.toString().toLowerCase(Locale.ROOT)));
    }

    @Test
    void aWordThatIsNotOnTheListIsNamed() {
        for (int i = 0; i < 26; i++) {
            for (String typo : List.of("xyzzy", words().get(i) + "q", "q" + words().get(i), "ab", "abc1")) {
                List<String> words = words();
                words.set(i, typo);
                String message = refused(words);
                assertTrue(message.startsWith("word " + (i + 1) + " of the recovery sheet, '" + typo + "',"), message);
            }
        }
    }

    @Test
    void aWrongWordOfTheListIsNamedByItsPlaceAndNoWordOfTheKeyIsTold() {
        Random random = new Random(5);
        List<String> list = KeyText.formatWords(key(77));
        for (int i = 0; i < 26; i++) {
            List<String> words = words();
            String other = list.get(random.nextInt(26));
            assertFalse(words.contains(other) && words.get(i).equals(other));
            words.set(i, other);
            assertEquals(
                    "word " + (i + 1) + " of the recovery sheet is not the one that was printed; look at it again",
                    refused(words));
        }
    }

    @Test
    void wordsThatChangedPlacesAreNamed() {
        for (int[] pair : new int[][] {{0, 1}, {3, 25}, {23, 24}, {24, 25}, {9, 10}}) {
            List<String> words = words();
            Collections.swap(words, pair[0], pair[1]);
            assertEquals(
                    "words " + (pair[0] + 1) + " and " + (pair[1] + 1) + " of the recovery sheet have changed places",
                    refused(words));
        }
    }

    @Test
    void moreSlipsThanOneAreRefused() {
        Random random = new Random(6);
        for (int round = 0; round < 10; round++) {
            List<String> words = words();
            words.set(random.nextInt(13), "zoo");
            words.set(13 + random.nextInt(13), "zone");
            assertEquals(
                    "several words of the recovery sheet are not those that were printed; compare them one by one",
                    refused(words));
        }
        refused(KeyText.formatWords(key(1)).subList(0, 25));
        List<String> mixed = new ArrayList<>(KeyText.formatWords(key(1)).subList(0, 13));
        mixed.addAll(KeyText.formatWords(key(2)).subList(13, 26));
        refused(mixed);
    }

    @Test
    void missingAndSurplusWordsAreCounted() {
        for (int count = 13; count < 26; count++) {
            assertEquals("a recovery sheet has 26 words, this has " + count, refused(words().subList(0, count)));
        }
        assertEquals("a recovery sheet has 26 words, this has 27", refused(SHEET + " able"));
        assertTrue(refused("correct horse battery staple").contains("neither a key file nor a recovery sheet"));
    }
}
