package io.packstone.format;

import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import io.packstone.error.CorruptionException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes deterministic CBOR (RFC 8949, 4.2.1): definite lengths, shortest integers, map keys that are integers of at
 * least 0 in ascending order. Arrays and maps are announced with their count and end by themselves after so many
 * values. For one thread and one value; a misuse is an {@link IllegalStateException}.
 */
public final class CborWriter {
    private static final CBORFactory FACTORY = new CBORFactory();

    private final ByteArrayOutputStream target = new ByteArrayOutputStream(256);
    private final CBORGenerator generator;
    private int[] remaining = new int[8];
    private long[] lastKeys = new long[8];
    private int depth;
    private boolean keyGiven;

    /** Nothing written yet. */
    public CborWriter() {
        try {
            generator = FACTORY.createGenerator(target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Begins an array; the next {@code count} values are in it. */
    public CborWriter array(int count) {
        beginValue();
        write(() -> generator.writeStartArray(null, count));
        push(count, CborReader.NO_MAP);
        return this;
    }

    /** Begins a map; the next {@code count} pairs of {@link #key} and value are in it. */
    public CborWriter map(int count) {
        beginValue();
        write(() -> generator.writeStartObject(null, count));
        push(count, CborReader.NO_KEY_YET);
        return this;
    }

    private void push(int count, long lastKey) {
        if (depth == CborReader.MAX_DEPTH) {
            throw new IllegalStateException("CBOR nested deeper than " + CborReader.MAX_DEPTH);
        }
        if (depth == remaining.length) {
            remaining = Arrays.copyOf(remaining, 2 * depth);
            lastKeys = Arrays.copyOf(lastKeys, 2 * depth);
        }
        remaining[depth] = count;
        lastKeys[depth++] = lastKey;
        closeFull();
    }

    /** The key of the next value of a map; more than the one before. */
    public CborWriter key(long key) {
        boolean inMap = depth > 0 && lastKeys[depth - 1] != CborReader.NO_MAP;
        if (!inMap || keyGiven || key <= lastKeys[depth - 1]) {
            throw new IllegalStateException("no place for key " + key);
        }
        lastKeys[depth - 1] = key;
        keyGiven = true;
        write(() -> generator.writeFieldId(key));
        return this;
    }

    /** An integer. */
    public CborWriter integer(long value) {
        return scalar(() -> generator.writeNumber(value));
    }

    /** A byte string (copied). */
    public CborWriter bytes(byte[] value) {
        return bytes(value, 0, value.length);
    }

    /** A byte string of {@code length} bytes from {@code offset} (copied). */
    public CborWriter bytes(byte[] value, int offset, int length) {
        return scalar(() -> generator.writeBinary(value, offset, length));
    }

    /** A text string; unpaired surrogates are an {@link IllegalArgumentException}. */
    public CborWriter text(String value) {
        try {
            ByteBuffer utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(value));
            return scalar(() -> generator.writeUTF8String(utf8.array(), utf8.arrayOffset(), utf8.limit()));
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("not text: " + value, e);
        }
    }

    /** True or false. */
    public CborWriter bool(boolean value) {
        return scalar(() -> generator.writeBoolean(value));
    }

    /** No value. */
    public CborWriter nothing() {
        return scalar(generator::writeNull);
    }

    /** A value that {@link CborReader#captureValue()} returned (copied). */
    public CborWriter captured(byte[] value) {
        CborReader reader = new CborReader(value, 0, value.length, "captured value");
        try {
            reader.copyValue(this);
            reader.expectEnd();
        } catch (CorruptionException e) {
            throw new IllegalArgumentException(e);
        }
        return this;
    }

    /** A fresh array of what was written; every array and map must be full. */
    public byte[] toBytes() {
        if (depth != 0) {
            throw new IllegalStateException("an array or map is not full");
        }
        write(generator::flush);
        return target.toByteArray();
    }

    private CborWriter scalar(Step step) {
        beginValue();
        write(step);
        endValue();
        return this;
    }

    private void beginValue() {
        if (depth > 0 && keyGiven == (lastKeys[depth - 1] == CborReader.NO_MAP)) {
            throw new IllegalStateException(keyGiven ? "a key in an array" : "a value without its key");
        }
        keyGiven = false;
    }

    private void endValue() {
        if (depth > 0) {
            remaining[depth - 1]--;
            closeFull();
        }
    }

    private void closeFull() {
        while (depth > 0 && remaining[depth - 1] == 0) {
            depth--;
            write(lastKeys[depth] == CborReader.NO_MAP ? generator::writeEndArray : generator::writeEndObject);
            if (depth > 0) {
                remaining[depth - 1]--;
            }
        }
    }

    private static void write(Step step) {
        try {
            step.run();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One call of the generator, which writes to memory. */
    private interface Step {
        void run() throws IOException;
    }
}
