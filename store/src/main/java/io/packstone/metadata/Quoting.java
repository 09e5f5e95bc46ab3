package io.packstone.metadata;

/** Makes names safe to print: control characters, bidirectional overrides and what is not UTF-8 become escapes. */
public final class Quoting {
    private Quoting() {}

    /** {@code name} as it may reach a terminal; unchanged when it is plain text. */
    public static String quote(RawName name) {
        String text = name.toText();
        boolean utf8 = text.indexOf('\uFFFD') < 0 || name.isUtf8();
        return utf8 ? quote(text) : quoteBytes(name);
    }

    /** {@code text} with what could steer a terminal escaped. */
    public static String quote(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 8);
        text.codePoints().forEach(point -> append(quoted, point));
        return quoted.toString();
    }

    private static void append(StringBuilder quoted, int point) {
        switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE -> escape(quoted, point);
            default -> quoted.appendCodePoint(point);
        }
    }

    private static void escape(StringBuilder quoted, int point) {
        if (point == '\n') {
            quoted.append("\\n");
        } else if (point == '\t') {
            quoted.append("\\t");
        } else if (point < 0x80) {
            quoted.append(String.format(java.util.Locale.ROOT, "\\x%02x", point));
        } else {
            quoted.append(String.format(java.util.Locale.ROOT, "\\u{%x}", point));
        }
    }

    private static String quoteBytes(RawName name) {
        StringBuilder quoted = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            int value = name.at(i);
            if (value >= 0x20 && value < 0x7f) {
                quoted.append((char) value);
            } else {
                quoted.append(String.format(java.util.Locale.ROOT, "\\x%02x", value));
            }
        }
        return quoted.toString();
    }
}
