package io.packstone.restore.disk;

import io.packstone.bytes.ByteSink;
import io.packstone.metadata.ExtendedAttributes;
import io.packstone.metadata.RawName;
import io.packstone.metadata.Timestamp;
import io.packstone.metadata.TreePath;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The folders whose attributes are set in the end, each noted after the one it is in: some 40 bytes each, whatever the
 * depth; those that have attributes or flags some more, equal ones once. For one thread.
 */
public final class FolderLog {
    /** The number of the target itself. */
    public static final int TARGET = -1;

    private static final int NUMBERS = 6;

    private final ByteSink names = new ByteSink(1024);
    private int[] numbers = new int[64 * NUMBERS];
    private long[] seconds = new long[64];
    private final Map<Integer, Attributes.Wanted> more = new HashMap<>();
    private final Map<ExtendedAttributes, ExtendedAttributes> shared = new HashMap<>();
    private int count;

    /** Told of folders. */
    public interface Visitor {
        /** {@code place} is below the target. */
        void folder(RawName place, Attributes.Wanted wanted);
    }

    /** Notes a folder by its path below the one with the number {@code parent}; gives its own. */
    public int add(int parent, RawName path, Attributes.Wanted wanted) {
        if (count == seconds.length) {
            seconds = Arrays.copyOf(seconds, count * 2);
            numbers = Arrays.copyOf(numbers, count * 2 * NUMBERS);
        }
        int at = count * NUMBERS;
        numbers[at] = parent;
        numbers[at + 1] = names.length();
        numbers[at + 2] = wanted.mode();
        numbers[at + 3] = wanted.uid();
        numbers[at + 4] = wanted.gid();
        numbers[at + 5] = wanted.modified().nanos();
        seconds[count] = wanted.modified().seconds();
        if (!wanted.attributes().isEmpty() || wanted.flags() != 0) {
            ExtendedAttributes first = shared.putIfAbsent(wanted.attributes(), wanted.attributes());
            more.put(count, wanted.withAttributes(first == null ? wanted.attributes() : first));
        }
        names.putBytes(path.array());
        return count++;
    }

    /** Tells of all, the last noted first, so that what is in a folder comes before it. */
    public void visitBackwards(Visitor visitor) {
        for (int i = count - 1; i >= 0; i--) {
            int at = i * NUMBERS;
            Attributes.Wanted wanted = more.get(i);
            if (wanted == null) {
                wanted = new Attributes.Wanted(
                        numbers[at + 2],
                        numbers[at + 3],
                        numbers[at + 4],
                        new Timestamp(seconds[i], numbers[at + 5]),
                        ExtendedAttributes.NONE,
                        0);
            }
            visitor.folder(place(i), wanted);
        }
    }

    private RawName place(int index) {
        RawName tail = path(index);
        for (int i = numbers[index * NUMBERS]; i != TARGET; i = numbers[i * NUMBERS]) {
            tail = new TreePath(path(i), tail).asDirectory();
        }
        return tail;
    }

    private RawName path(int index) {
        int start = numbers[index * NUMBERS + 1];
        int end = index + 1 == count ? names.length() : numbers[(index + 1) * NUMBERS + 1];
        return RawName.of(names.array(), start, end - start);
    }
}
