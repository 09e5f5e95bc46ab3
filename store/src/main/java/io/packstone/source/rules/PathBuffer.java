package io.packstone.source.rules;

import io.packstone.metadata.RawName;
import java.util.Arrays;

/** The path of one name after the other in the same directory, in one array. For one thread. */
final class PathBuffer {
    private static final int NAME_LENGTH = 256;

    private final int nameStart;
    private byte[] bytes;

    /** In {@code directory}: components joined by '/', without one in front. */
    PathBuffer(RawName directory) {
        nameStart = directory.length() == 0 ? 0 : directory.length() + 1;
        bytes = Arrays.copyOf(directory.array(), nameStart + NAME_LENGTH);
        if (nameStart > 0) {
            bytes[nameStart - 1] = '/';
        }
    }

    /** Where names begin. */
    int nameStart() {
        return nameStart;
    }

    /** The path of a name of {@code length} bytes at {@code offset} of {@code from}; the array is the buffer's. */
    byte[] with(byte[] from, int offset, int length) {
        if (nameStart + length > bytes.length) {
            bytes = Arrays.copyOf(bytes, nameStart + length);
        }
        System.arraycopy(from, offset, bytes, nameStart, length);
        return bytes;
    }
}
