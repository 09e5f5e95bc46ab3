package io.packstone.manifest;

import io.packstone.error.StoreException;
import io.packstone.metadata.FileMetadata;
import io.packstone.metadata.Holes;
import io.packstone.metadata.TreePath;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One path in a snapshot and what was found there.
 *
 * @param path where; {@link TreePath#ROOT} for the root directory itself
 * @param metadata what the file system said; a directory's link count is not kept and comes back as 1
 * @param body of a regular file; {@link FileBody#EMPTY} of anything else
 * @param changedWhileRead true when the file changed while its bytes were read, so that they may be of several moments
 * @param holes of a regular file; all within its body, which has zeros there
 * @param extensions fields that this version does not know, kept as they are
 */
public record ManifestEntry(
        TreePath path,
        FileMetadata metadata,
        FileBody body,
        boolean changedWhileRead,
        Holes holes,
        Extensions extensions) {

    /** An entry without holes or unknown fields. */
    public ManifestEntry(TreePath path, FileMetadata metadata, FileBody body, boolean changedWhileRead) {
        this(path, metadata, body, changedWhileRead, Holes.NONE, Extensions.NONE);
    }

    /** An entry of anything but a regular file. */
    public static ManifestEntry plain(TreePath path, FileMetadata metadata) {
        return new ManifestEntry(path, metadata, FileBody.EMPTY, false);
    }

    /** The same bytes with other metadata. */
    public ManifestEntry withMetadata(FileMetadata other) {
        return new ManifestEntry(path, other, body, changedWhileRead, holes, extensions);
    }

    /** True when a person would call both the same: bytes, type, mode, owner, time, attributes; not inode and change time. */
    public boolean looksLike(ManifestEntry other) {
        return metadata.type() == other.metadata.type()
                && metadata.mode() == other.metadata.mode()
                && metadata.owner().equals(other.metadata.owner())
                && metadata.modified().equals(other.metadata.modified())
                && metadata.linkTarget().equals(other.metadata.linkTarget())
                && metadata.deviceMajor() == other.metadata.deviceMajor()
                && metadata.deviceMinor() == other.metadata.deviceMinor()
                && metadata.flags() == other.metadata.flags()
                && metadata.attributes().equals(other.metadata.attributes())
                && body.equals(other.body);
    }

    /** Fields by number that this version does not know, each as its CBOR encoding. Immutable. */
    public static final class Extensions {
        /** No such fields. */
        public static final Extensions NONE = new Extensions(new int[0], new byte[0][]);

        /** The most bytes that the values of an entry's unknown fields may have. */
        public static final int MAX_LENGTH = 1 << 20;

        private final int[] keys;
        private final byte[][] values;

        private Extensions(int[] keys, byte[][] values) {
            this.keys = keys;
            this.values = values;
        }

        /**
         * The fields of {@code byKey}; each value one encoded CBOR value, copied.
         *
         * @throws IllegalArgumentException when a key is negative or one that has a meaning, or a value is no CBOR
         */
        public static Extensions of(Map<Integer, byte[]> byKey) {
            SortedMap<Integer, byte[]> sorted = new TreeMap<>(byKey);
            int[] keys = new int[sorted.size()];
            byte[][] values = new byte[keys.length][];
            int count = 0;
            long length = 0;
            for (Map.Entry<Integer, byte[]> each : sorted.entrySet()) {
                if (each.getKey() < 0 || ExtensionKey.isKnown(each.getKey()) || !isOneValue(each.getValue())) {
                    throw new IllegalArgumentException("no extension " + each.getKey());
                }
                keys[count] = each.getKey();
                values[count++] = each.getValue().clone();
                length += each.getValue().length;
            }
            if (length > MAX_LENGTH) {
                throw new IllegalArgumentException("extensions of " + length + " bytes");
            }
            return takeOver(keys, values);
        }

        private static boolean isOneValue(byte[] encoded) {
            try {
                Cbor.Cursor cursor = new Cbor.Cursor(encoded, "extension");
                byte[] whole = cursor.encoded();
                return whole.length == encoded.length;
            } catch (StoreException e) {
                return false;
            }
        }

        /** Takes over ascending keys and their encoded values. */
        static Extensions takeOver(int[] keys, byte[][] values) {
            return keys.length == 0 ? NONE : new Extensions(keys, values);
        }

        /** How many fields there are. */
        public int size() {
            return keys.length;
        }

        /** The number of a field; they ascend. */
        public int key(int index) {
            return keys[index];
        }

        /** A copy of the encoding of a field's value. */
        public byte[] value(int index) {
            return values[index].clone();
        }

        /** The encoding of a field's value, borrowed. */
        byte[] borrowValue(int index) {
            return values[index];
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Extensions that
                    && Arrays.equals(keys, that.keys)
                    && Arrays.deepEquals(values, that.values);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(keys);
        }

        @Override
        public String toString() {
            return Arrays.toString(keys);
        }
    }

    /** The numbers of the optional fields of an entry. */
    static final class ExtensionKey {
        static final int LINK_TARGET = 1;
        static final int LINK_COUNT = 2;
        static final int DEVICE = 3;
        static final int ATTRIBUTES = 4;
        static final int MARKS = 6;
        static final int HOLES = 7;
        static final int FLAGS = 8;
        static final int AGE = 9;
        /** The mark of a file that changed while it was read. */
        static final int MARK_CHANGED = 1;

        /** The most nanoseconds, of either sign, from a birth to the change time. */
        static final long AGE_MAX = 1L << 62;

        private ExtensionKey() {}

        static boolean isKnown(int key) {
            return key >= LINK_TARGET && key <= ATTRIBUTES || key >= MARKS && key <= AGE;
        }
    }
}
