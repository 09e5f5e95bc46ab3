package io.packstone.cli.setup;

import io.packstone.metadata.RawName;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * Bytes as text and back without loss: what is UTF-8 stands as itself, any other byte B as the lone surrogate
 * U+DC00+B. So an argument parser that knows only text carries every file name.
 */
public final class RawText {
    private static final int ESCAPE = 0xdc00;

    private RawText() {}

    /** The text of {@code bytes}, borrowed. */
    public static String decode(byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer from = ByteBuffer.wrap(bytes);
        CharBuffer to = CharBuffer.allocate(bytes.length);
        while (true) {
            CoderResult result = decoder.decode(from, to, true);
            if (!result.isError()) {
                return to.flip().toString();
            }
            for (int i = 0; i < result.length(); i++) {
                to.put((char) (ESCAPE + (from.get() & 0xff)));
            }
            decoder.reset();
        }
    }

    /** The bytes of {@code text}: the inverse of {@link #decode}. */
    public static RawName encode(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length() + 8);
        for (int i = 0; i < text.length(); ) {
            int point = text.codePointAt(i);
            i += Character.charCount(point);
            if (point >= ESCAPE + 0x80 && point <= ESCAPE + 0xff) {
                bytes.write(point - ESCAPE);
            } else {
                bytes.writeBytes(Character.toString(point).getBytes(StandardCharsets.UTF_8));
            }
        }
        return RawName.takeOver(bytes.toByteArray());
    }

    /** The file-system path of an absolute {@code name}, byte for byte in every locale. */
    public static Path path(RawName name) {
        StringBuilder uri = new StringBuilder("file://");
        for (int i = 0; i < name.length(); i++) {
            int value = name.at(i);
            boolean plain = value == '/' || value < 0x80 && Character.isLetterOrDigit(value);
            if (plain) {
                uri.append((char) value);
            } else {
                uri.append('%').append(HexFormat.of().toHexDigits((byte) value));
            }
        }
        return Path.of(URI.create(uri.toString()));
    }

    /** The bytes of {@code path}, made absolute: the inverse of {@link #path}. */
    public static RawName name(Path path) {
        String uri = path.toAbsolutePath().toUri().getRawPath();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(uri.length());
        for (int i = 0; i < uri.length(); i++) {
            if (uri.charAt(i) == '%') {
                bytes.write(HexFormat.fromHexDigits(uri, i + 1, i + 3));
                i += 2;
            } else {
                bytes.write(uri.charAt(i));
            }
        }
        byte[] raw = bytes.toByteArray();
        int length = raw.length > 1 && raw[raw.length - 1] == '/' ? raw.length - 1 : raw.length;
        return RawName.of(raw, 0, length);
    }
}
