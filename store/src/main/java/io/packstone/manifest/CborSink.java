package io.packstone.manifest;

import io.packstone.bytes.ByteSink;
import java.nio.charset.StandardCharsets;

/**
 * Writes the part of CBOR that manifests use (RFC 8949, deterministic: definite lengths, shortest heads) to a sink.
 * Counts are the caller's to keep. Written out here because raw values are spliced in; the tests hold it against
 * another CBOR library.
 */
final class CborSink {
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

    private final ByteSink sink;

    CborSink(ByteSink sink) {
        this.sink = sink;
    }

    /** Begins an array of {@code count} values. */
    CborSink array(int count) {
        return head(ARRAY, count);
    }

    /** Begins a map of {@code count} pairs. */
    CborSink map(int count) {
        return head(MAP, count);
    }

    CborSink integer(long value) {
        return value >= 0 ? head(UNSIGNED, value) : head(NEGATIVE, ~value);
    }

    /** All 64 bits as an unsigned integer. */
    CborSink unsigned(long value) {
        return head(UNSIGNED, value);
    }

    CborSink bytes(byte[] value) {
        head(BYTES, value.length);
        sink.putBytes(value);
        return this;
    }

    CborSink text(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        head(TEXT, utf8.length);
        sink.putBytes(utf8);
        return this;
    }

    CborSink none() {
        sink.putByte(NULL);
        return this;
    }

    /** One value that is encoded already. */
    CborSink encoded(byte[] value) {
        sink.putBytes(value);
        return this;
    }

    private CborSink head(int major, long value) {
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
