package io.packstone.testkit;

import io.packstone.error.StoreException;
import java.io.IOException;
import java.util.Arrays;

/** A parser to which any bytes are given: it decodes them, and what it decodes encodes back, or it refuses them. */
@FunctionalInterface
public interface FuzzTarget {
    /** Throws what the parser throws, or an AssertionError when what was decoded is not what was given. */
    void parse(byte[] input) throws IOException;

    /** The same, where a refusal is the right answer: damage, a newer format, a limit, or a text that says nothing. */
    default void run(byte[] input) throws IOException {
        try {
            parse(input);
        } catch (StoreException e) {
            if (e.getMessage() == null) {
                throw new AssertionError("a refusal without a word", e);
            }
        }
    }

    /** The same for texts that people type, which are refused by an {@link IllegalArgumentException}. */
    static FuzzTarget typed(FuzzTarget parser) {
        return input -> {
            try {
                parser.parse(input);
            } catch (IllegalArgumentException e) {
                if (e.getMessage() == null) {
                    throw new AssertionError("a refusal without a word", e);
                }
            }
        };
    }

    /** Refuses a form that is not the one that a writer would have chosen. */
    static void same(byte[] given, byte[] encoded) {
        if (!Arrays.equals(given, encoded)) {
            throw new AssertionError(
                    "decoded from " + Arrays.toString(given) + " and encoded to " + Arrays.toString(encoded));
        }
    }

    /** Refuses a value that is another after it was encoded and decoded. */
    static void same(Object before, Object after) {
        if (!before.equals(after)) {
            throw new AssertionError(before + " became " + after);
        }
    }

    /** The first part of an input whose first two bytes say how long that part is. */
    static byte[] first(byte[] input) {
        return Arrays.copyOfRange(input, Math.min(2, input.length), split(input));
    }

    /** The rest of such an input. */
    static byte[] rest(byte[] input) {
        return Arrays.copyOfRange(input, split(input), input.length);
    }

    private static int split(byte[] input) {
        int length = input.length < 2 ? 0 : (input[0] & 0xff) | (input[1] & 0xff) << 8;
        return Math.min(input.length, length + 2);
    }

    /** An input of two parts. */
    static byte[] joined(byte[] first, byte[] rest) {
        byte[] input = Arrays.copyOf(
                new byte[] {(byte) first.length, (byte) (first.length >> 8)}, 2 + first.length + rest.length);
        System.arraycopy(first, 0, input, 2, first.length);
        System.arraycopy(rest, 0, input, 2 + first.length, rest.length);
        return input;
    }
}
