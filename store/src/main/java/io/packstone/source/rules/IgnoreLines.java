package io.packstone.source.rules;

import io.packstone.metadata.RawName;
import java.util.ArrayList;
import java.util.List;

/** Patterns in the lines of a file, as git reads a .gitignore. */
public final class IgnoreLines {
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private IgnoreLines() {}

    /**
     * A pattern and where it stands.
     *
     * @param number of its line, from 1
     */
    public record Line(int number, RawName pattern) {}

    /**
     * The patterns in {@code content} (borrowed): blank lines and those that begin with '#' are none; spaces at the end of a line
     * do not count unless a backslash stands before them, nor does a carriage return; nor does a byte order mark.
     */
    public static List<Line> parse(byte[] content) {
        List<Line> lines = new ArrayList<>();
        int start = beginsWithMark(content) ? BYTE_ORDER_MARK.length : 0;
        for (int number = 1; start < content.length; number++) {
            int end = start;
            while (end < content.length && content[end] != '\n') {
                end++;
            }
            RawName pattern = pattern(content, start, end);
            if (pattern.length() > 0 && pattern.at(0) != '#') {
                lines.add(new Line(number, pattern));
            }
            start = end + 1;
        }
        return lines;
    }

    private static boolean beginsWithMark(byte[] content) {
        for (int i = 0; i < BYTE_ORDER_MARK.length; i++) {
            if (i >= content.length || content[i] != BYTE_ORDER_MARK[i]) {
                return false;
            }
        }
        return true;
    }

    /** Git's line is a C string: it ends at a NUL. Then trim_trailing_spaces. */
    private static RawName pattern(byte[] content, int start, int lineEnd) {
        int end = start;
        int stop = lineEnd > start && content[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
        int spaces = -1;
        while (end < stop && content[end] != 0) {
            if (content[end] == ' ') {
                spaces = spaces < 0 ? end : spaces;
            } else {
                spaces = -1;
                boolean escapes = content[end] == '\\' && end + 1 < stop && content[end + 1] != 0;
                end += escapes ? 1 : 0;
            }
            end++;
        }
        return RawName.of(content, start, (spaces < 0 ? end : spaces) - start);
    }
}
