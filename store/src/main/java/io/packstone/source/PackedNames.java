package io.packstone.source;

import io.packstone.bytes.ByteSink;
import java.util.Arrays;

/** Names back to back in one array, sorted when asked: a few bytes more than the names themselves. */
final class PackedNames {
    private static final int FIRST_BYTES = 1024;
    private static final int FIRST_NAMES = 32;

    private byte[] bytes = new byte[FIRST_BYTES];
    private int[] starts = new int[FIRST_NAMES];
    private int count;
    private int used;
    private int[] order = new int[0];
    private long[] prefixes = new long[0];

    int count() {
        return count;
    }

    /** Copies a name. */
    void add(byte[] source, int offset, int length) {
        if (used + length > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, used + length));
        }
        if (count + 2 > starts.length) {
            starts = Arrays.copyOf(starts, starts.length * 2);
        }
        System.arraycopy(source, offset, bytes, used, length);
        used += length;
        starts[++count] = used;
    }

    void clear() {
        count = 0;
        used = 0;
    }

    /** Orders the names as unsigned bytes; nothing is added afterwards until {@link #clear}. */
    void sort() {
        order = new int[count];
        prefixes = new long[count];
        for (int i = 0; i < count; i++) {
            order[i] = i;
            prefixes[i] = prefix(starts[i], starts[i + 1]);
        }
        mergeSort(order, order.clone(), 0, count);
        prefixes = new long[0];
    }

    /** The first eight bytes as an unsigned big-endian number, zeros after a shorter name. */
    private long prefix(int start, int end) {
        long value = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            value = value << Byte.SIZE | (start + i < end ? bytes[start + i] & 0xff : 0);
        }
        return value;
    }

    private int compare(int a, int b) {
        int result = Long.compareUnsigned(prefixes[a], prefixes[b]);
        return result != 0
                ? result
                : Arrays.compareUnsigned(bytes, starts[a], starts[a + 1], bytes, starts[b], starts[b + 1]);
    }

    /** Sorts [from, to) of {@code target}; {@code source} holds the same numbers and is overwritten. */
    private void mergeSort(int[] target, int[] source, int from, int to) {
        if (to - from < 8) {
            insertionSort(target, from, to);
            return;
        }
        int middle = (from + to) >>> 1;
        mergeSort(source, target, from, middle);
        mergeSort(source, target, middle, to);
        if (compare(source[middle - 1], source[middle]) <= 0) {
            System.arraycopy(source, from, target, from, to - from);
            return;
        }
        int left = from;
        int right = middle;
        for (int i = from; i < to; i++) {
            boolean takeLeft = right >= to || left < middle && compare(source[left], source[right]) <= 0;
            target[i] = takeLeft ? source[left++] : source[right++];
        }
    }

    private void insertionSort(int[] target, int from, int to) {
        for (int i = from + 1; i < to; i++) {
            int value = target[i];
            int at = i;
            while (at > from && compare(target[at - 1], value) > 0) {
                target[at] = target[at - 1];
                at--;
            }
            target[at] = value;
        }
    }

    /** Appends all names in order, each as a u16 length and its bytes. */
    void writeTo(ByteSink sink) {
        for (int index : order) {
            int length = starts[index + 1] - starts[index];
            sink.putShort(length);
            sink.putBytes(bytes, starts[index], length);
        }
    }

    /** The names in order. */
    NameCursor cursor() {
        return new NameCursor() {
            private int at = -1;

            @Override
            public boolean next() {
                do {
                    at++;
                } while (at > 0 && at < count && same(order[at - 1], order[at]));
                return at < count;
            }

            @Override
            public byte[] bytes() {
                return bytes;
            }

            @Override
            public int offset() {
                return starts[order[at]];
            }

            @Override
            public int length() {
                return starts[order[at] + 1] - starts[order[at]];
            }

            @Override
            public void close() {}
        };
    }

    private boolean same(int a, int b) {
        return Arrays.equals(bytes, starts[a], starts[a + 1], bytes, starts[b], starts[b + 1]);
    }
}
