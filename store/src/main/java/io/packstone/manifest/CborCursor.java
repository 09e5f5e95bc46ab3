package io.packstone.manifest;

import io.packstone.error.CorruptionException;
import io.packstone.error.LimitExceededException;
import io.packstone.error.StoreException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads what {@link CborSink} writes, and nothing else: a head longer than needed, an indefinite length, another type or
 * a count beyond its limit is refused before anything is allocated. The array is borrowed.
 */
final class CborCursor {
    private static final VarHandle SHORT =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final int MAX_NESTING = 16;

    private final byte[] bytes;
    private final String what;
    private int position;
    private int major;

    CborCursor(byte[] bytes, String what) {
        this.bytes = bytes;
        this.what = what;
    }

    /** How many values the array that starts here has, up to {@code limit}. */
    int array(String which, int limit) throws StoreException {
        return count(CborSink.ARRAY, which, limit);
    }

    /** Refuses anything but an array of {@code count} values. */
    void expectArray(String which, int count) throws StoreException {
        int found = array(which, Integer.MAX_VALUE);
        if (found != count) {
            throw corrupt(which + " of " + count + " values", Integer.toString(found));
        }
    }

    /** How many pairs the map that starts here has, up to {@code limit}. */
    int map(String which, int limit) throws StoreException {
        return count(CborSink.MAP, which, limit);
    }

    /** An integer of either sign that fits in 64 bits. */
    long integer(String which) throws CorruptionException {
        long value = head();
        if (value < 0 || major > CborSink.NEGATIVE) {
            throw corrupt(which, "type " + major);
        }
        return major == CborSink.NEGATIVE ? ~value : value;
    }

    /** An integer of 64 bits, unsigned. */
    long unsigned(String which) throws CorruptionException {
        long value = head();
        if (major != CborSink.UNSIGNED) {
            throw corrupt(which, "type " + major);
        }
        return value;
    }

    /** An integer from {@code min} to {@code max}. */
    long range(String which, long min, long max) throws CorruptionException {
        long value = integer(which);
        if (value < min || value > max) {
            throw corrupt(which + " from " + min + " to " + max, Long.toString(value));
        }
        return value;
    }

    /** A fresh array of the byte string here. */
    byte[] bytes(String which, int limit) throws StoreException {
        int length = count(CborSink.BYTES, which, limit);
        position += length;
        return Arrays.copyOfRange(bytes, position - length, position);
    }

    /** The text here, which must be well-formed UTF-8. */
    String text(String which, int limit) throws StoreException {
        int length = count(CborSink.TEXT, which, limit);
        ByteBuffer utf8 = ByteBuffer.wrap(bytes, position, length);
        position += length;
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
        } catch (CharacterCodingException e) {
            throw corrupt(which + " in UTF-8", "other bytes");
        }
    }

    /** Steps over a null when one stands here. */
    boolean none() {
        if (position < bytes.length && (bytes[position] & 0xff) == CborSink.NULL) {
            position++;
            return true;
        }
        return false;
    }

    /** The encoding of the whole value here, whatever it is. */
    byte[] encoded() throws StoreException {
        int start = position;
        skip(MAX_NESTING);
        return Arrays.copyOfRange(bytes, start, position);
    }

    void expectEnd() throws CorruptionException {
        if (position != bytes.length) {
            throw corrupt("the end", (bytes.length - position) + " more bytes");
        }
    }

    CorruptionException corrupt(String expected, String found) {
        return new CorruptionException(what, position, expected, found);
    }

    private void skip(int nesting) throws StoreException {
        if (nesting == 0) {
            throw new LimitExceededException(what, "the nesting of a value", MAX_NESTING + 1L, MAX_NESTING);
        }
        int start = position;
        long value = head();
        switch (major) {
            case CborSink.UNSIGNED, CborSink.NEGATIVE, CborSink.SIMPLE -> {}
            case CborSink.BYTES, CborSink.TEXT -> position += checked(value, "a string", Integer.MAX_VALUE);
            case CborSink.TAG -> skip(nesting - 1);
            case CborSink.ARRAY, CborSink.MAP -> {
                long values = checked(value, "a value", Integer.MAX_VALUE) * (major == CborSink.MAP ? 2L : 1L);
                for (long i = 0; i < values; i++) {
                    skip(nesting - 1);
                }
            }
            default -> throw new IllegalStateException("major type " + major + " at " + start);
        }
    }

    private int count(int type, String which, int limit) throws StoreException {
        long value = head();
        if (major != type) {
            throw corrupt(which, "type " + major);
        }
        return checked(value, which, limit);
    }

    /** A length or count: every counted value takes a byte at least, so what remains bounds it too. */
    private int checked(long value, String which, int limit) throws StoreException {
        if (value < 0 || value > limit) {
            throw new LimitExceededException(what, which, value, limit);
        }
        if (value > bytes.length - position) {
            throw corrupt(value + " more bytes", (bytes.length - position) + " bytes");
        }
        return (int) value;
    }

    /** Reads a head: sets the major type and returns the argument, as 64 unsigned bits. */
    private long head() throws CorruptionException {
        if (position >= bytes.length) {
            throw corrupt("a value", "the end");
        }
        int first = bytes[position++] & 0xff;
        major = first >>> 5;
        int low = first & 0x1f;
        if (low < 24) {
            return low;
        }
        int width = 1 << (low - 24);
        if (low > 27 || bytes.length - position < width) {
            throw corrupt("a value of definite length", "head " + first);
        }
        long value = argument(width);
        position += width;
        boolean isFloat = major == CborSink.SIMPLE && width > 1;
        if (!isFloat && Long.compareUnsigned(value, width == 1 ? 24 : 1L << (4 * width)) < 0) {
            throw corrupt("the shortest form", "value " + value + " in " + width + " bytes");
        }
        return value;
    }

    private long argument(int width) {
        return switch (width) {
            case 1 -> bytes[position] & 0xffL;
            case 2 -> (short) SHORT.get(bytes, position) & 0xffffL;
            case 4 -> (int) INT.get(bytes, position) & 0xffff_ffffL;
            default -> (long) LONG.get(bytes, position);
        };
    }
}
