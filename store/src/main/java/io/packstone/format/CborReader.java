package io.packstone.format;

import io.packstone.error.CorruptionException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads the CBOR that {@link CborWriter} writes and refuses everything else: indefinite lengths, long forms of small
 * numbers, floats, tags, wrong types. Nothing is allocated for a length that the bytes at hand could not hold.
 *
 * <p>Our own cursor rather than Jackson's parser: that one accepts every form and turns integer keys into strings.
 */
public final class CborReader {
    private static final int UNSIGNED = 0;
    private static final int NEGATIVE = 1;
    private static final int BYTES = 2;
    private static final int TEXT = 3;
    private static final int ARRAY = 4;
    private static final int MAP = 5;
    private static final int SIMPLE = 7;
    private static final int DEPTH_MAX = 16;

    private final byte[] bytes;
    private final String what;
    private final int start;
    private final int end;
    private int position;

    /** Reads {@code length} bytes of {@code bytes} (borrowed) from {@code offset}; {@code what} names them in errors. */
    public CborReader(byte[] bytes, int offset, int length, String what) {
        this.bytes = bytes;
        this.start = offset;
        this.position = offset;
        this.end = Math.addExact(offset, length);
        this.what = what;
        if (offset < 0 || length < 0 || end > bytes.length) {
            throw new IllegalArgumentException("no range: " + offset + " + " + length + " of " + bytes.length);
        }
    }

    /** The count of values in the array that begins here. */
    public int array() throws CorruptionException {
        return count(ARRAY);
    }

    /** Begins an array that must have exactly {@code count} values. */
    public void array(int count) throws CorruptionException {
        int found = array();
        if (found != count) {
            throw corrupt("an array of " + count, found + "");
        }
    }

    /** The count of pairs in the map that begins here. */
    public int map() throws CorruptionException {
        return count(MAP);
    }

    private int count(int major) throws CorruptionException {
        long count = head(major);
        if (count < 0 || count > end - position) {
            throw corrupt("a count that fits", Long.toUnsignedString(count));
        }
        return (int) count;
    }

    /**
     * The key of the next pair of a map, which must be above the one before; hand in -1 for the first. A map with a key
     * twice would mean two things at once.
     */
    public int keyAbove(int last) throws CorruptionException {
        if (last == Integer.MAX_VALUE) {
            throw corrupt("no key after the highest", "another pair");
        }
        return integer(last + 1, Integer.MAX_VALUE);
    }

    /** An integer that fits a long. */
    public long integer() throws CorruptionException {
        int major = peekMajor();
        long value = head(major);
        if (value < 0 || major > NEGATIVE) {
            throw corrupt("an integer", "major type " + major);
        }
        return major == UNSIGNED ? value : -1 - value;
    }

    /** An integer from {@code min} to {@code max}. */
    public int integer(int min, int max) throws CorruptionException {
        long value = integer();
        if (value < min || value > max) {
            throw corrupt("an integer from " + min + " to " + max, value + "");
        }
        return (int) value;
    }

    /** A byte string: a fresh array. */
    public byte[] bytes() throws CorruptionException {
        int length = count(BYTES);
        position += length;
        return Arrays.copyOfRange(bytes, position - length, position);
    }

    /** A byte string of exactly {@code length} bytes. */
    public byte[] bytes(int length) throws CorruptionException {
        byte[] value = bytes();
        if (value.length != length) {
            throw corrupt(length + " bytes", value.length + "");
        }
        return value;
    }

    /** A text string, well-formed UTF-8. */
    public String text() throws CorruptionException {
        int length = count(TEXT);
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, position, length))
                    .toString();
            position += length;
            return text;
        } catch (CharacterCodingException e) {
            throw corrupt("UTF-8", "other bytes");
        }
    }

    /** True or false. */
    public boolean bool() throws CorruptionException {
        long value = head(SIMPLE);
        if (value != 20 && value != 21) {
            throw corrupt("true or false", "simple value " + value);
        }
        return value == 21;
    }

    /** True, and steps over it, when a null is next. */
    public boolean nothing() throws CorruptionException {
        boolean found = position < end && (bytes[position] & 0xff) == 0xf6;
        if (found) {
            position++;
        }
        return found;
    }

    /** The bytes of the next value, whatever it is: kept for a newer reader. */
    public byte[] raw() throws CorruptionException {
        int start = position;
        skip(0);
        return Arrays.copyOfRange(bytes, start, position);
    }

    private void skip(int depth) throws CorruptionException {
        int major = peekMajor();
        if (depth > DEPTH_MAX) {
            throw corrupt("at most " + DEPTH_MAX + " levels", "more");
        }
        switch (major) {
            case UNSIGNED, NEGATIVE -> integer();
            case SIMPLE -> {
                if (!nothing()) {
                    bool();
                }
            }
            case BYTES -> bytes();
            case TEXT -> text();
            case ARRAY, MAP -> {
                long values = (long) count(major) * (major == MAP ? 2 : 1);
                for (long i = 0; i < values; i++) {
                    skip(depth + 1);
                }
            }
            default -> throw corrupt("a value without tags", "major type " + major);
        }
    }

    /** Refuses bytes that nobody read. */
    public void expectEnd() throws CorruptionException {
        if (position != end) {
            throw corrupt("the end", end - position + " more bytes");
        }
    }

    private int peekMajor() throws CorruptionException {
        if (position >= end) {
            throw corrupt("a value", "the end");
        }
        return (bytes[position] & 0xff) >>> 5;
    }

    /** The argument of the next head, in its shortest form. */
    private long head(int major) throws CorruptionException {
        if (peekMajor() != major) {
            throw corrupt("major type " + major, "major type " + peekMajor());
        }
        int low = bytes[position++] & 0x1f;
        if (low < 24) {
            return low;
        }
        int length = 1 << (low - 24);
        if (low > 27 || length > end - position || major == SIMPLE) {
            throw corrupt("a definite length", "low bits " + low);
        }
        long value = 0;
        for (int i = 0; i < length; i++) {
            value = value << 8 | bytes[position++] & 0xff;
        }
        boolean shortest = length == 1 ? value >= 24 : value >>> 4 * length != 0;
        if (!shortest) {
            throw corrupt("the shortest form of a number", length + " bytes for " + value);
        }
        return value;
    }

    /** Damage at the current offset. */
    public CorruptionException corrupt(String expected, String found) {
        return new CorruptionException(what, position - start, expected, found);
    }
}
