package io.packstone.format;

import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Writes deterministic CBOR (RFC 8949, section 4.2.1): definite lengths, shortest integers; map keys are small integers
 * that the caller gives in ascending order. For one thread.
 */
public final class CborWriter {
    /** Writes shortest integers unless told otherwise. */
    private static final CBORFactory FACTORY = new CBORFactory();

    private final ByteArrayOutputStream output = new ByteArrayOutputStream(1024);
    private final CBORGenerator generator;

    /** Nothing written yet. */
    public CborWriter() {
        try {
            generator = FACTORY.createGenerator(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    private CborWriter write(Step step) {
        try {
            step.run();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Begins an array of {@code count} values; {@link #end} ends it. */
    public CborWriter array(int count) {
        return write(() -> generator.writeStartArray(null, count));
    }

    /** Begins a map of {@code count} pairs; {@link #end} ends it. */
    public CborWriter map(int count) {
        return write(() -> generator.writeStartObject(null, count));
    }

    /** Ends the innermost array or map. */
    public CborWriter end() {
        return write(() -> {
            if (generator.getOutputContext().inArray()) {
                generator.writeEndArray();
            } else {
                generator.writeEndObject();
            }
        });
    }

    /** The key of the next pair. */
    public CborWriter key(int key) {
        return write(() -> generator.writeFieldId(key));
    }

    /** An integer. */
    public CborWriter integer(long value) {
        return write(() -> generator.writeNumber(value));
    }

    /** A byte string. */
    public CborWriter bytes(byte[] value) {
        return write(() -> generator.writeBinary(value));
    }

    /** A text string; half a surrogate pair in it is an {@link IllegalArgumentException}. */
    public CborWriter text(String value) {
        try {
            // writeString would write a long text in chunks, which is not deterministic CBOR.
            ByteBuffer utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(value));
            return write(() -> generator.writeUTF8String(utf8.array(), utf8.arrayOffset(), utf8.remaining()));
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("not text: it holds half a surrogate pair", e);
        }
    }

    /** True or false. */
    public CborWriter bool(boolean value) {
        return write(() -> generator.writeBoolean(value));
    }

    /** Null. */
    public CborWriter nothing() {
        return write(generator::writeNull);
    }

    /** Everything written. */
    public byte[] toBytes() {
        write(generator::close);
        return output.toByteArray();
    }
}
