package io.packstone.manifest;

import io.packstone.bytes.ByteSink;
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
 * The part of CBOR that manifests use (RFC 8949, deterministic: definite lengths, shortest heads). Written out here
 * and not taken from {@link io.packstone.format.CborWriter}, because a manifest has a dozen values for each of millions
 * of files, unsigned ones of 64 bits and fields kept as the bytes they are; the tests hold it against another library.
 */
final class Cbor {
    static final int UNSIGNED = 0;
    static final int NEGATIVE = 1;
    static final int BYTES = 2;
    static final int TEXT = 3;
    static final int ARRAY = 4;
    static final int MAP = 5;
    static final int TAG = 6;
    static final int SIMPLE = 7;
    /** The whole encoding of null. */
    static final int NULL = 0xf6;

    private Cbor() {}

    /** Writes values to a sink of bytes. Counts are the caller's to keep. */
    static final class Sink {
        private final ByteSink sink;

        Sink(ByteSink sink) {
            this.sink = sink;
        }

        /** Begins an array of {@code count} values. */
        Sink array(int count) {
            return head(ARRAY, count);
        }

        /** Begins a map of {@code count} pairs. */
        Sink map(int count) {
            return head(MAP, count);
        }

        Sink integer(long value) {
            return value >= 0 ? head(UNSIGNED, value) : head(NEGATIVE, ~value);
        }

        /** All 64 bits as an unsigned integer. */
        Sink unsigned(long value) {
            return head(UNSIGNED, value);
        }

        Sink bytes(byte[] value) {
            head(BYTES, value.length);
            sink.putBytes(value);
            return this;
        }

        Sink text(String value) {
            byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
            head(TEXT, utf8.length);
            sink.putBytes(utf8);
            return this;
        }

        Sink none() {
            sink.putByte(NULL);
            return this;
        }

        /** One value that is encoded already. */
        Sink encoded(byte[] value) {
            sink.putBytes(value);
            return this;
        }

        private Sink head(int major, long value) {
            int top = major << 5;
            if (value >= 0 && value < 24) {
                sink.putByte(top | (int) value);
            } else if (value >= 0 && value < 0x100) {
                sink.putByte(top | 24).putByte((int) value);
            } else if (value >= 0 && value < 0x10000) {
                sink.putByte(top | 25).putShort(Short.reverseBytes((short) value));
            } else if (value >= 0 && value <= 0xffff_ffffL) {
                sink.putByte(top | 26).putInt(Integer.reverseBytes((int) value));
            } else {
                sink.putByte(top | 27).putLong(Long.reverseBytes(value));
            }
            return this;
        }
    }

    /**
     * Reads what {@link Sink} writes, and nothing else: a head longer than needed, an indefinite length, another type
     * or a count beyond its limit is refused before anything is allocated. The array is borrowed.
     */
    static final class Cursor {
        private static final VarHandle SHORT =
                MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
        private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
        private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
        private static final int MAX_NESTING = 16;

        private final byte[] bytes;
        private final String what;
        private int position;
        private int major;

        Cursor(byte[] bytes, String what) {
            this.bytes = bytes;
            this.what = what;
        }

        /** How many values the array that starts here has, up to {@code limit}. */
        int array(String which, int limit) throws StoreException {
            return count(ARRAY, which, limit);
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
            return count(MAP, which, limit);
        }

        /** An integer of either sign that fits in 64 bits. */
        long integer(String which) throws CorruptionException {
            long value = head();
            if (value < 0 || major > NEGATIVE) {
                throw corrupt(which, "type " + major);
            }
            return major == NEGATIVE ? ~value : value;
        }

        /** An integer of 64 bits, unsigned. */
        long unsigned(String which) throws CorruptionException {
            long value = head();
            if (major != UNSIGNED) {
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
            int length = count(BYTES, which, limit);
            position += length;
            return Arrays.copyOfRange(bytes, position - length, position);
        }

        /** The text here, which must be well-formed UTF-8. */
        String text(String which, int limit) throws StoreException {
            int length = count(TEXT, which, limit);
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
            if (position < bytes.length && (bytes[position] & 0xff) == NULL) {
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
                case UNSIGNED, NEGATIVE, SIMPLE -> {}
                case BYTES, TEXT -> position += checked(value, "a string", Integer.MAX_VALUE);
                case TAG -> skip(nesting - 1);
                case ARRAY, MAP -> {
                    long values = checked(value, "a value", Integer.MAX_VALUE) * (major == MAP ? 2L : 1L);
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
            boolean isFloat = major == SIMPLE && width > 1;
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
}
