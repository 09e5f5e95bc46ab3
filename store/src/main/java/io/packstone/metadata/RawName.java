package io.packstone.metadata;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A name, path or link target as the bytes the file system gave; not always UTF-8. Immutable, ordered as unsigned bytes. */
public final class RawName implements Comparable<RawName> {
    /** No bytes. */
    public static final RawName EMPTY = new RawName(new byte[0]);

    private final byte[] bytes;

    private RawName(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Copies {@code length} bytes from {@code offset}. */
    public static RawName of(byte[] bytes, int offset, int length) {
        return length == 0 ? EMPTY : new RawName(Arrays.copyOfRange(bytes, offset, offset + length));
    }

    /** Takes over {@code bytes}: the caller must not change them. */
    public static RawName takeOver(byte[] bytes) {
        return new RawName(bytes);
    }

    /** The UTF-8 form of {@code text}. */
    public static RawName of(String text) {
        return new RawName(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The count of bytes. */
    public int length() {
        return bytes.length;
    }

    /** One byte, unsigned. */
    public int at(int index) {
        return bytes[index] & 0xff;
    }

    /** The bytes, borrowed: never to be changed. */
    public byte[] array() {
        return bytes;
    }

    /** True when the bytes are well-formed UTF-8. */
    public boolean isUtf8() {
        try {
            CharBuffer ignored = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return ignored != null;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** As text, with U+FFFD for what is not UTF-8; unquoted, so never for a terminal. */
    public String toText() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public int compareTo(RawName other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RawName that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Quoted for a terminal, a log or a message. */
    @Override
    public String toString() {
        return Quoting.quote(this);
    }
}
