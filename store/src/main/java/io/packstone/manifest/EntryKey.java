package io.packstone.manifest;

import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The key of an entry as bytes, which sort like {@link TreePath}, and what its digest says about where nodes end. For
 * one thread; holds the key it was last told.
 */
final class EntryKey {
    /** The longest key, encoded. */
    static final int MAX_LENGTH = 1 << 20;
    /** The longest name. */
    static final int MAX_NAME = 1 << 16;

    /** Computes the keyed digest of a key; {@link io.packstone.crypto.BoundaryHash} but in tests. */
    @FunctionalInterface
    interface Digest {
        /** Writes 32 bytes to {@code target}. */
        void digest(byte[] key, int offset, int length, byte[] target);
    }

    private final Digest function;
    private final byte[] digest = new byte[32];
    private final ByteBuffer words = ByteBuffer.wrap(digest);
    private byte[] key = new byte[256];
    private RawName directory = RawName.EMPTY;
    /** The length of the directory's part of {@link #key}, with the zero that ends it. */
    private int prefix = 1;

    EntryKey(Digest function) {
        this.function = function;
    }

    /** Computes the digest of {@code path}'s key. */
    void digest(TreePath path) {
        RawName name = path.name();
        if (!path.directory().equals(directory)) {
            encodeDirectory(path.directory());
        }
        if (key.length - prefix < name.length()) {
            key = Arrays.copyOf(key, prefix + 2 * name.length());
        }
        System.arraycopy(name.array(), 0, key, prefix, name.length());
        function.digest(key, 0, prefix + name.length(), digest);
    }

    /** The first 64 bits of the digest, unsigned: decide about leaf nodes. */
    long hash() {
        return words.getLong(0);
    }

    /** How many zero bits follow the first 64: decide about interior nodes. */
    int zeroBits() {
        int zeros = 0;
        for (int offset = 8; offset < digest.length; offset += 8) {
            int more = Long.numberOfLeadingZeros(words.getLong(offset));
            zeros += more;
            if (more < 64) {
                break;
            }
        }
        return zeros;
    }

    private void encodeDirectory(RawName newDirectory) {
        int length = newDirectory.length();
        if (key.length < length + 2) {
            key = new byte[2 * length + 256];
        }
        for (int i = 0; i < length; i++) {
            int value = newDirectory.at(i);
            key[i] = (byte) (value == '/' ? 0 : value);
        }
        int end = length;
        if (length > 0) {
            key[end++] = 0;
        }
        key[end++] = 0;
        prefix = end;
        directory = newDirectory;
    }

    /** The length of a path's encoded key. */
    static int length(TreePath path) {
        int directoryLength = path.directory().length();
        return directoryLength + (directoryLength > 0 ? 2 : 1) + path.name().length();
    }

    /** True when a manifest can hold an entry at {@code path}; the directory is checked too. */
    static boolean isStorable(TreePath path) {
        return isDirectory(path.directory()) && isNameIn(path.directory(), path.name());
    }

    /** True when the name can stand in the directory, which is valid: only the root itself has none. */
    static boolean isNameIn(RawName directory, RawName name) {
        if (name.length() == 0) {
            return directory.length() == 0;
        }
        return name.length() + directory.length() + 2 <= MAX_LENGTH && isName(name.array(), 0, name.length());
    }

    /** True when every component is a valid name. */
    static boolean isDirectory(RawName directory) {
        int start = 0;
        if (directory.length() > MAX_LENGTH) {
            return false;
        }
        byte[] bytes = directory.array();
        for (int i = 0; i <= bytes.length && bytes.length > 0; i++) {
            if (i == bytes.length || bytes[i] == '/') {
                if (!isName(bytes, start, i)) {
                    return false;
                }
                start = i + 1;
            }
        }
        return true;
    }

    private static boolean isName(byte[] bytes, int from, int to) {
        int length = to - from;
        if (length < 1 || length > MAX_NAME || bytes[from] == '.' && length == 1) {
            return false;
        }
        if (length == 2 && bytes[from] == '.' && bytes[from + 1] == '.') {
            return false;
        }
        for (int i = from; i < to; i++) {
            if (bytes[i] == 0 || bytes[i] == '/') {
                return false;
            }
        }
        return true;
    }
}
