package io.packstone.source.rules;

import io.packstone.metadata.RawName;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Patterns of snapshots whose rules say {@code exclude=}: like those of gitignore, but that one with a '/' in its midst fitted at
 * any depth, and that a character was one of UTF-8 and not a byte.
 */
final class FormerPattern {
    private FormerPattern() {}

    /**
     * The pattern in today's syntax that fits the same paths.
     *
     * @throws IllegalArgumentException when there may be none
     */
    static RawName translate(RawName former) {
        for (int i = 0; i < former.length(); i++) {
            if (former.at(i) == '\\') {
                i++; // What follows stands for itself.
            } else if (former.at(i) == '?' || former.at(i) == '[') {
                throw new IllegalArgumentException(
                        "the pattern " + former + " of a former syntax, which today's can't say");
            }
        }
        int start = former.length() > 0 && former.at(0) == '!' ? 1 : 0;
        List<RawName> parts = parts(former, start);
        boolean relative = former.length() == start || former.at(start) != '/';
        ByteArrayOutputStream pattern = new ByteArrayOutputStream();
        pattern.writeBytes(start == 1 ? new byte[] {'!'} : new byte[0]);
        if (relative && parts.size() > 1) {
            pattern.writeBytes(new byte[] {'*', '*'});
        }
        for (int i = 0; i < parts.size(); i++) {
            if (!relative || parts.size() > 1) {
                pattern.write('/');
            }
            pattern.writeBytes(parts.get(i).array());
        }
        if (former.length() > start && former.at(former.length() - 1) == '/') {
            pattern.write('/');
        }
        return RawName.takeOver(pattern.toByteArray());
    }

    private static boolean isEscaped(RawName pattern, int at) {
        int slashes = 0;
        while (slashes < at && pattern.at(at - 1 - slashes) == '\\') {
            slashes++;
        }
        return slashes % 2 == 1;
    }

    /** The components, without empty ones and dots; of several stars in one that is not all stars a single one. */
    private static List<RawName> parts(RawName pattern, int start) {
        List<RawName> parts = new ArrayList<>();
        int from = start;
        for (int i = start; i <= pattern.length(); i++) {
            if (i == pattern.length() || pattern.at(i) == '/') {
                RawName part = RawName.of(pattern.array(), from, i - from);
                if (part.length() > 0 && !part.equals(RawName.of("."))) {
                    parts.add(part.equals(RawName.of("**")) ? part : plain(part));
                }
                from = i + 1;
            }
        }
        return parts;
    }

    private static RawName plain(RawName part) {
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        for (int i = 0; i < part.length(); i++) {
            boolean again = i > 0 && part.at(i) == '*' && part.at(i - 1) == '*' && !isEscaped(part, i - 1);
            if (!again) {
                plain.write(part.at(i));
            }
        }
        boolean dangling = part.at(part.length() - 1) == '\\' && !isEscaped(part, part.length() - 1);
        if (dangling) {
            plain.write('\\');
        }
        return RawName.takeOver(plain.toByteArray());
    }
}
