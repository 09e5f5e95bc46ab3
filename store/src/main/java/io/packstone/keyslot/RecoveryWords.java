package io.packstone.keyslot;

import io.packstone.crypto.Hmac;
import io.packstone.crypto.SecretKey;
import io.packstone.metadata.Quoting;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * A key as 26 words of the English list of BIP-39, in which no two words begin with the same four letters: 256 bits of the
 * key and 30 of its SHA-256. So the first 24 words are those that BIP-39 itself gives for the key, and a slip of the pen is
 * found by trying: one wrong word, or two that changed places, leave one correction that fits (another fits by chance once
 * in 20,000 times). Docs: format.md, Recovery sheets.
 *
 * <p>Immutable. Messages name positions, never a word of the key.
 */
final class RecoveryWords {
    /** Words on a sheet. */
    static final int COUNT = 26;

    private static final int LIST_SIZE = 2048;
    private static final int WORD_BITS = 11;
    private static final int CHECK_BITS = COUNT * WORD_BITS - 8 * SecretKey.LENGTH;
    private static final int PREFIX = 4;

    private final List<String> list;

    /** Reads the list, which is part of the program. */
    RecoveryWords() {
        try (InputStream input = Objects.requireNonNull(RecoveryWords.class.getResourceAsStream("words.txt"))) {
            list = new String(input.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (list.size() != LIST_SIZE) {
            throw new IllegalStateException("the list of words is not whole");
        }
    }

    /** The words of a key. */
    List<String> format(SecretKey key) {
        byte[] bytes = withCheck(key.toBytes(), Hmac.sha256AtHand());
        String[] words = new String[COUNT];
        for (int i = 0; i < COUNT; i++) {
            words[i] = list.get(bits(bytes, i * WORD_BITS));
        }
        return List.of(words);
    }

    /** The key and as much of its SHA-256 as the last words have room for, and a little more. */
    private static byte[] withCheck(byte[] key, MessageDigest sha256) {
        byte[] bytes = Arrays.copyOf(key, SecretKey.LENGTH + Integer.BYTES);
        System.arraycopy(sha256.digest(key), 0, bytes, key.length, Integer.BYTES);
        return bytes;
    }

    private static int bits(byte[] bytes, int from) {
        int value = 0;
        for (int bit = from; bit < from + WORD_BITS; bit++) {
            value = value << 1 | bytes[bit / 8] >>> (7 - bit % 8) & 1;
        }
        return value;
    }

    /**
     * The key that the words are of; each may be cut after its first four letters, in either case.
     *
     * @throws IllegalArgumentException when they are not what was printed; says which one, as far as it can be known
     */
    SecretKey parse(List<String> typed) {
        if (typed.size() != COUNT) {
            throw new IllegalArgumentException("a recovery sheet has " + COUNT + " words, this has " + typed.size());
        }
        int[] words = new int[COUNT];
        for (int i = 0; i < COUNT; i++) {
            words[i] = find(typed.get(i).toLowerCase(Locale.ROOT));
            if (words[i] < 0) {
                throw new IllegalArgumentException("word " + (i + 1) + " of the recovery sheet, '"
                        + Quoting.quote(typed.get(i)) + "', is not on the list of words; look at it again");
            }
        }
        MessageDigest sha256 = Hmac.sha256AtHand();
        if (!fits(words, sha256)) {
            throw new IllegalArgumentException(slip(words, sha256));
        }
        return SecretKey.copyOf(Arrays.copyOf(bytes(words), SecretKey.LENGTH));
    }

    private int find(String typed) {
        int at = Collections.binarySearch(list, typed);
        if (at >= 0) {
            return at;
        }
        int next = -at - 1; // The list is sorted.
        return typed.length() >= PREFIX && next < LIST_SIZE && list.get(next).startsWith(typed) ? next : -1;
    }

    private static byte[] bytes(int[] words) {
        byte[] bytes = new byte[SecretKey.LENGTH + Integer.BYTES];
        for (int bit = 0; bit < COUNT * WORD_BITS; bit++) {
            int value = words[bit / WORD_BITS] >>> (WORD_BITS - 1 - bit % WORD_BITS) & 1;
            bytes[bit / 8] |= (byte) (value << 7 - bit % 8);
        }
        return bytes;
    }

    private static boolean fits(int[] words, MessageDigest sha256) {
        byte[] bytes = bytes(words);
        byte[] right = withCheck(Arrays.copyOf(bytes, SecretKey.LENGTH), sha256);
        int spare = 8 * Integer.BYTES - CHECK_BITS;
        right[right.length - 1] &= (byte) (0xff << spare);
        return Arrays.equals(bytes, right);
    }

    /** What is wrong with words that do not fit. */
    private static String slip(int[] words, MessageDigest sha256) {
        for (int i = 0; i < COUNT; i++) {
            for (int j = i + 1; j < COUNT; j++) {
                int[] swapped = words.clone();
                swapped[i] = words[j];
                swapped[j] = words[i];
                if (fits(swapped, sha256)) {
                    return "words " + (i + 1) + " and " + (j + 1) + " of the recovery sheet have changed places";
                }
            }
        }
        for (int i = 0; i < COUNT; i++) {
            int[] changed = words.clone();
            for (changed[i] = 0; changed[i] < LIST_SIZE; changed[i]++) {
                if (fits(changed, sha256)) {
                    return "word " + (i + 1)
                            + " of the recovery sheet is not the one that was printed; look at it again";
                }
            }
        }
        return "several words of the recovery sheet are not those that were printed; compare them one by one";
    }
}
