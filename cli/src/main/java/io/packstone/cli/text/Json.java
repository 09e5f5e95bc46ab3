package io.packstone.cli.text;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.packstone.id.Id256;
import io.packstone.metadata.RawName;
import io.packstone.metadata.Timestamp;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes one JSON document by the rules of the command line: sizes in bytes, times in RFC 3339 with nanoseconds, ids in
 * full, a path that is not UTF-8 with its bytes beside it. For one thread; what it writes to is in memory or held back,
 * so no method throws a checked exception.
 */
public final class Json implements AutoCloseable {
    private final JsonGenerator generator;

    private interface Step {
        void run() throws IOException;
    }

    /** Writes to {@code target} in UTF-8; closing the document does not close it. */
    public Json(OutputStream target) {
        try {
            generator = new JsonFactory().createGenerator(target, JsonEncoding.UTF8);
            generator.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Json step(Step step) {
        try {
            step.run();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Opens an object where a value may stand. */
    public Json beginObject() {
        return step(generator::writeStartObject);
    }

    /** Opens an object as the value of {@code key}. */
    public Json beginObject(String key) {
        return step(() -> generator.writeObjectFieldStart(key));
    }

    /** Closes the object. */
    public Json endObject() {
        return step(generator::writeEndObject);
    }

    /** Opens an array where a value may stand. */
    public Json beginArray() {
        return step(generator::writeStartArray);
    }

    /** Opens an array as the value of {@code key}. */
    public Json beginArray(String key) {
        return step(() -> generator.writeArrayFieldStart(key));
    }

    /** Closes the array. */
    public Json endArray() {
        return step(generator::writeEndArray);
    }

    /** A text, or null. */
    public Json field(String key, @Nullable String value) {
        return step(() -> {
            generator.writeFieldName(key);
            if (value == null) {
                generator.writeNull();
            } else {
                generator.writeString(wellFormed(value));
            }
        });
    }

    /** A whole number. */
    public Json field(String key, long value) {
        return step(() -> generator.writeNumberField(key, value));
    }

    /** A number of seconds, to the millisecond. */
    public Json seconds(String key, double value) {
        return step(() -> generator.writeNumberField(key, Math.round(value * 1000) / 1000.0));
    }

    /** Yes or no. */
    public Json field(String key, boolean value) {
        return step(() -> generator.writeBooleanField(key, value));
    }

    /** An id in full, or null. */
    public Json field(String key, @Nullable Id256 value) {
        return field(key, value == null ? null : value.toHex());
    }

    /** A time, in UTC. */
    public Json field(String key, Timestamp value) {
        return field(key, Wording.rfc3339(value));
    }

    /** Texts in an array. */
    public Json texts(String key, List<String> values) {
        return step(() -> {
            generator.writeArrayFieldStart(key);
            for (String value : values) {
                generator.writeString(wellFormed(value));
            }
            generator.writeEndArray();
        });
    }

    /** A path, and {@code keyBytes} beside it when it is not UTF-8. */
    public Json path(String key, RawName path) {
        field(key, path.toText());
        return path.isUtf8() ? this : step(() -> generator.writeBinaryField(key + "Bytes", path.array()));
    }

    /** Paths in an array; when any of them is not UTF-8, {@code keyBytes} beside it has them all in base64. */
    public Json paths(String key, List<RawName> paths) {
        texts(key, paths.stream().map(RawName::toText).toList());
        if (paths.stream().allMatch(RawName::isUtf8)) {
            return this;
        }
        return step(() -> {
            generator.writeArrayFieldStart(key + "Bytes");
            for (RawName path : paths) {
                generator.writeBinary(path.array());
            }
            generator.writeEndArray();
        });
    }

    /** Half a surrogate pair can't be written as UTF-8: it stands for a byte that was none (see RawText). */
    private static String wellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return text.codePoints()
                        .map(point -> point >= 0xd800 && point <= 0xdfff ? 0xfffd : point)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString();
            }
        }
        return text;
    }

    /** Ends the document with a line feed. */
    @Override
    public void close() {
        step(() -> {
            generator.writeRaw('\n');
            generator.close();
        });
    }
}
