package io.packstone.bytes;

import java.util.Arrays;

/** A growing byte array that integers, varints and bytes are appended to, little-endian. For one thread. */
public final class ByteSink {
    private byte[] bytes;
    private int length;

    /** An empty sink with room for {@code capacity} bytes. */
    public ByteSink(int capacity) {
        bytes = new byte[Math.max(16, capacity)];
    }

    /** The count of bytes appended. */
    public int length() {
        return length;
    }

    /** The backing array, of which the first {@link #length()} bytes count; borrowed until the next append. */
    public byte[] array() {
        return bytes;
    }

    /** A copy of what was appended. */
    public byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    /** Forgets everything appended; keeps the room. */
    public void clear() {
        length = 0;
    }

    /** Appends the low byte of {@code value}. */
    public ByteSink putByte(int value) {
        reserve(1);
        bytes[length++] = (byte) value;
        return this;
    }

    /** Appends two bytes. */
    public ByteSink putShort(int value) {
        reserve(2);
        LittleEndian.putShort(bytes, length, value);
        length += 2;
        return this;
    }

    /** Appends four bytes. */
    public ByteSink putInt(int value) {
        reserve(4);
        LittleEndian.putInt(bytes, length, value);
        length += 4;
        return this;
    }

    /** Appends eight bytes. */
    public ByteSink putLong(long value) {
        reserve(8);
        LittleEndian.putLong(bytes, length, value);
        length += 8;
        return this;
    }

    /** Appends {@code value}, unsigned, as a canonical LEB128 varint of at most ten bytes. */
    public ByteSink putVarint(long value) {
        reserve(10);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[length++] = (byte) rest;
        return this;
    }

    /** Appends all of {@code source} (copied). */
    public ByteSink putBytes(byte[] source) {
        return putBytes(source, 0, source.length);
    }

    /** Appends {@code count} bytes of {@code source} from {@code offset} (copied). */
    public ByteSink putBytes(byte[] source, int offset, int count) {
        reserve(count);
        System.arraycopy(source, offset, bytes, length, count);
        length += count;
        return this;
    }

    /** Makes room for {@code count} bytes, counts them as appended and returns where they start. */
    public int skip(int count) {
        reserve(count);
        int start = length;
        length += count;
        return start;
    }

    private void reserve(int count) {
        if (bytes.length - length < count) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(length, count), (int)
                    Math.min(Integer.MAX_VALUE - 8L, bytes.length * 2L)));
        }
    }
}
