package io.packstone.bytes;

import io.packstone.error.CorruptionException;
import java.util.Arrays;

/**
 * Reads integers, varints and bytes from a range of a byte array, little-endian, and never past its end.
 *
 * <p>Every failure is a {@link CorruptionException} that names what is being read and the offset in it. The array is
 * borrowed. For one thread.
 */
public final class ByteCursor {
    private final byte[] bytes;
    private final int start;
    private final int end;
    private final String what;
    private int position;

    /** Reads {@code length} bytes of {@code bytes} from {@code offset}; {@code what} names them in errors. */
    public ByteCursor(byte[] bytes, int offset, int length, String what) {
        this.bytes = bytes;
        this.start = offset;
        this.position = offset;
        this.end = Math.addExact(offset, length);
        this.what = what;
        if (offset < 0 || length < 0 || end > bytes.length) {
            throw new IllegalArgumentException("no range: " + offset + " + " + length + " of " + bytes.length);
        }
    }

    /** The count of bytes not read yet. */
    public int remaining() {
        return end - position;
    }

    /** Where the next byte stands in the array. */
    public int position() {
        return position;
    }

    /** One byte, unsigned. */
    public int getByte() throws CorruptionException {
        return bytes[advance(1)] & 0xff;
    }

    /** Two bytes, unsigned. */
    public int getShort() throws CorruptionException {
        return LittleEndian.getShort(bytes, advance(2));
    }

    /** Four bytes. */
    public int getInt() throws CorruptionException {
        return LittleEndian.getInt(bytes, advance(4));
    }

    /** Eight bytes. */
    public long getLong() throws CorruptionException {
        return LittleEndian.getLong(bytes, advance(8));
    }

    /** A canonical varint; a longer form than needed is refused. */
    public long getVarint() throws CorruptionException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int next = getByte();
            if (shift == 63 && next > 1 || shift > 0 && next == 0) {
                throw corrupt("a canonical varint", "byte " + next);
            }
            value |= (long) (next & 0x7f) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw corrupt("a varint of at most ten bytes", "more");
    }

    /** A varint from 0 to {@code max}; anything else is damage. */
    public int getCount(int max) throws CorruptionException {
        long value = getVarint();
        if (value < 0 || value > max) {
            throw corrupt("a count up to " + max, Long.toUnsignedString(value));
        }
        return (int) value;
    }

    /** A fresh array of the next {@code count} bytes. */
    public byte[] getBytes(int count) throws CorruptionException {
        int from = advance(count);
        return Arrays.copyOfRange(bytes, from, from + count);
    }

    /** Steps over {@code count} bytes and returns where in the array they start. */
    public int advance(int count) throws CorruptionException {
        if (count < 0 || count > end - position) {
            throw corrupt(count + " more bytes", remaining() + " bytes");
        }
        int from = position;
        position += count;
        return from;
    }

    /** Refuses bytes that nobody read. */
    public void expectEnd() throws CorruptionException {
        if (position != end) {
            throw corrupt("the end", remaining() + " more bytes");
        }
    }

    /** Damage at the current offset. */
    public CorruptionException corrupt(String expected, String found) {
        return new CorruptionException(what, (long) position - start, expected, found);
    }
}
