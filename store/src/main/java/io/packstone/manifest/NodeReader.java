package io.packstone.manifest;

import io.packstone.error.CorruptionException;
import io.packstone.error.LimitExceededException;
import io.packstone.error.StoreException;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.manifest.ChunkSource.StoredChunk;
import io.packstone.manifest.ManifestEntry.ExtensionKey;
import io.packstone.manifest.ManifestEntry.Extensions;
import io.packstone.manifest.ManifestNode.Child;
import io.packstone.metadata.ExtendedAttributes;
import io.packstone.metadata.FileFlags;
import io.packstone.metadata.FileMetadata;
import io.packstone.metadata.FileType;
import io.packstone.metadata.Fingerprint;
import io.packstone.metadata.Holes;
import io.packstone.metadata.Owner;
import io.packstone.metadata.RawName;
import io.packstone.metadata.Timestamp;
import io.packstone.metadata.TreePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decodes nodes and recipes and believes nothing: order and form of keys, counts, levels, references and totals are
 * checked against each other and against what the parent says. The mirror of {@link NodeWriter}. One per chunk.
 */
final class NodeReader {
    private static final long MAX_UNSIGNED_INT = 0xffff_ffffL;
    private static final long NEXT_IS_ANY = Integer.MAX_VALUE;
    private static final int MAX_NANOS = 999_999_999;

    private final Cbor.Cursor cbor;
    private final byte[] refs;
    private int refsUsed;
    private Owner[] owners = new Owner[0];
    private int ownersUsed;
    private Totals totals = Totals.NONE;

    private NodeReader(StoredChunk chunk, String what) throws StoreException {
        if (chunk.payload().length > ManifestNode.MAX_PAYLOAD) {
            throw new LimitExceededException(what, "its length", chunk.payload().length, ManifestNode.MAX_PAYLOAD);
        }
        int refCount = chunk.refs().length / ChunkId.LENGTH;
        if (refCount > ManifestNode.MAX_REFS) {
            throw new LimitExceededException(what, "the count of its references", refCount, ManifestNode.MAX_REFS);
        }
        this.cbor = new Cbor.Cursor(chunk.payload(), what);
        this.refs = chunk.refs();
    }

    /** Gets and checks the root node of a manifest, which may be of any level. */
    static ManifestNode root(ChunkSource source, ChunkId id) throws IOException {
        StoredChunk chunk = source.get(id, ChunkType.NODE);
        return new NodeReader(chunk, "manifest node " + id.toShortHex()).node(ManifestNode.MAX_LEVEL, true, null);
    }

    /**
     * Gets a child of {@code parent} and checks it against what the parent says of it; all its keys come after
     * {@code after}, the last key of the child before, or any when that is null.
     */
    static ManifestNode child(ChunkSource source, ManifestNode parent, int index, @Nullable TreePath after)
            throws IOException {
        Child child = parent.child(index);
        String what = "manifest node " + child.id().toShortHex();
        NodeReader reader = new NodeReader(source.get(child.id(), ChunkType.NODE), what);
        ManifestNode node = reader.node(parent.level() - 1, false, after);
        if (!node.key(node.size() - 1).equals(child.last())) {
            throw new CorruptionException(what, "it ends with another key than its parent says");
        }
        if (!node.totals().equals(child.totals())) {
            throw new CorruptionException(what, "it holds " + node.totals() + ", its parent says " + child.totals());
        }
        return node;
    }

    /** Gets one recipe and checks it against what the list that names it says: its depth and length. */
    static FileBody recipe(ChunkSource source, ChunkId id, int depth, long length) throws IOException {
        String what = "recipe " + id.toShortHex();
        NodeReader reader = new NodeReader(source.get(id, ChunkType.RECIPE), what);
        reader.cbor.expectArray("a recipe", 2);
        reader.cbor.range("the depth of a recipe", depth, depth);
        FileBody pieces = reader.pieces(0, depth - 1, 1, FileBody.MAX_RECIPE);
        reader.expectEnd();
        if (pieces.plainLength() != length) {
            throw reader.cbor.corrupt("lengths that sum to " + length, Long.toString(pieces.plainLength()));
        }
        return pieces;
    }

    private ManifestNode node(int maxLevel, boolean isRoot, @Nullable TreePath after) throws StoreException {
        int parts = cbor.array("a node", 3);
        int level = (int) cbor.range("the level of a node", isRoot ? 0 : maxLevel, maxLevel);
        if (parts != (level == 0 ? 3 : 2)) {
            throw cbor.corrupt("a node of level " + level, parts + " parts");
        }
        ManifestNode node;
        if (level == 0) {
            readOwners();
            node = ManifestNode.leaf(readRuns(isRoot, after), totals);
        } else {
            node = ManifestNode.interior(level, readChildren(after), totals);
        }
        expectEnd();
        return node;
    }

    private void expectEnd() throws CorruptionException {
        cbor.expectEnd();
        if (refsUsed != refs.length) {
            throw cbor.corrupt(refsUsed + " bytes of references", Integer.toString(refs.length));
        }
    }

    private List<Child> readChildren(@Nullable TreePath after) throws StoreException {
        int count = cbor.array("the children of a node", ManifestNode.MAX_REFS);
        if (count == 0) {
            throw cbor.corrupt("a child", "none");
        }
        List<Child> children = new ArrayList<>(count);
        TreePath previous = after;
        for (int i = 0; i < count; i++) {
            cbor.expectArray("a child", 7);
            RawName directory = readDirectory();
            TreePath last = new TreePath(directory, readName(directory));
            if (previous != null && previous.compareTo(last) >= 0) {
                throw cbor.corrupt("a key after " + previous, last.toString());
            }
            Totals each = new Totals(
                    cbor.range("a count of entries", 1, Long.MAX_VALUE),
                    cbor.range("a count of files", 0, Long.MAX_VALUE),
                    cbor.range("a count of directories", 0, Long.MAX_VALUE),
                    cbor.range("a count of bytes", 0, Long.MAX_VALUE),
                    cbor.integer("a time"));
            totals = totals.plus(each);
            children.add(new Child(nextRef(), last, each));
            previous = last;
        }
        return children;
    }

    private ChunkId nextRef() throws CorruptionException {
        if (refs.length - refsUsed < ChunkId.LENGTH) {
            throw cbor.corrupt("one more reference", "none");
        }
        refsUsed += ChunkId.LENGTH;
        return ChunkId.of(refs, refsUsed - ChunkId.LENGTH);
    }

    private void readOwners() throws StoreException {
        owners = new Owner[cbor.array("the owners", ManifestNode.MAX_REFS)];
        for (int i = 0; i < owners.length; i++) {
            cbor.expectArray("an owner", 4);
            int uid = (int) cbor.range("a user's number", 0, MAX_UNSIGNED_INT);
            String user = cbor.text("a user's name", ManifestNode.MAX_OWNER_NAME);
            int gid = (int) cbor.range("a group's number", 0, MAX_UNSIGNED_INT);
            owners[i] = new Owner(uid, user, gid, cbor.text("a group's name", ManifestNode.MAX_OWNER_NAME));
        }
        if (owners.length > 1 && new HashSet<>(Arrays.asList(owners)).size() < owners.length) {
            throw cbor.corrupt("owners that differ", "one twice");
        }
    }

    private List<ManifestEntry> readRuns(boolean isRoot, @Nullable TreePath after) throws StoreException {
        int runs = cbor.array("the directories of a leaf", ManifestNode.MAX_REFS);
        if (runs == 0 && !isRoot) {
            throw cbor.corrupt("an entry", "an empty node below another");
        }
        List<ManifestEntry> entries = new ArrayList<>();
        RawName previousDirectory = after == null ? null : after.directory();
        RawName previousName = after == null ? null : after.name();
        for (int run = 0; run < runs; run++) {
            cbor.expectArray("a run", 2);
            RawName directory = readDirectory();
            if (previousDirectory != null) {
                int order = TreePath.compareDirectories(previousDirectory, directory);
                if (order > 0 || order == 0 && run > 0) {
                    throw cbor.corrupt("a directory after " + previousDirectory, directory.toString());
                }
                previousName = order == 0 ? previousName : null;
            }
            readRun(directory, previousName, entries);
            previousDirectory = directory;
        }
        if (ownersUsed != owners.length) {
            throw cbor.corrupt(ownersUsed + " owners", Integer.toString(owners.length));
        }
        return entries;
    }

    /** Reads the entries of one directory, whose names come after {@code previous}. */
    private void readRun(RawName directory, @Nullable RawName previous, List<ManifestEntry> entries)
            throws StoreException {
        int count = cbor.array("the entries of a directory", ManifestNode.MAX_PAYLOAD);
        if (count == 0) {
            throw cbor.corrupt("an entry", "none");
        }
        RawName last = previous;
        for (int i = 0; i < count; i++) {
            int parts = cbor.array("an entry", 13);
            if (parts < 12) {
                throw cbor.corrupt("an entry of 12 or 13 parts", Integer.toString(parts));
            }
            RawName name = readName(directory);
            if (last != null && last.compareTo(name) >= 0) {
                throw cbor.corrupt("a name after " + last, name.toString());
            }
            ManifestEntry entry = readEntry(new TreePath(directory, name), parts == 13);
            totals = totals.plus(Totals.of(entry));
            entries.add(entry);
            last = name;
        }
    }

    private RawName readDirectory() throws StoreException {
        RawName directory = name(cbor.bytes("a directory", EntryKey.MAX_LENGTH));
        if (!EntryKey.isDirectory(directory)) {
            throw cbor.corrupt("a directory", directory.toString());
        }
        return directory;
    }

    private RawName readName(RawName directory) throws StoreException {
        RawName name = name(cbor.bytes("a name", EntryKey.MAX_NAME));
        if (!EntryKey.isNameIn(directory, name)) {
            throw cbor.corrupt("a name", name.toString());
        }
        return name;
    }

    private static RawName name(byte[] bytes) {
        return bytes.length == 0 ? RawName.EMPTY : RawName.takeOver(bytes);
    }

    private ManifestEntry readEntry(TreePath path, boolean hasExtensions) throws StoreException {
        FileType type = FileType.of((int) cbor.range("a file type", 0, FileType.SOCKET.number()));
        if (path.isRoot() && type != FileType.DIRECTORY) {
            throw cbor.corrupt("a directory as the root", type.toString());
        }
        int mode = (int) cbor.range("a mode", 0, ManifestNode.MODE_END - 1);
        int owner = (int) cbor.range("the number of an owner", 0, Math.min(ownersUsed, owners.length - 1));
        ownersUsed = Math.max(ownersUsed, owner + 1);
        Timestamp modified = readTime();
        long size = cbor.range("a size", 0, Long.MAX_VALUE);
        long inode = cbor.unsigned("an inode");
        Fingerprint fingerprint = new Fingerprint(inode, cbor.unsigned("a device"), readTime());
        FileBody body = readBody(type);
        Optional optional = new Optional(body, fingerprint.changed());
        if (hasExtensions) {
            optional.read(type);
        } else {
            optional.expectComplete(type);
        }
        FileMetadata metadata = new FileMetadata(
                type,
                mode,
                owners[owner],
                modified,
                size,
                fingerprint,
                optional.linkCount,
                optional.deviceMajor,
                optional.deviceMinor,
                optional.linkTarget,
                optional.attributes,
                optional.flags,
                optional.born);
        return new ManifestEntry(path, metadata, body, optional.changedWhileRead, optional.holes, optional.unknown);
    }

    private Timestamp readTime() throws CorruptionException {
        long seconds = cbor.integer("a time");
        return new Timestamp(seconds, (int) cbor.range("nanoseconds", 0, MAX_NANOS));
    }

    private FileBody readBody(FileType type) throws StoreException {
        if (type != FileType.FILE) {
            if (!cbor.none()) {
                throw cbor.corrupt("no body of a " + type, "one");
            }
            return FileBody.EMPTY;
        }
        cbor.expectArray("a body", 3);
        int crc32c = (int) cbor.range("a CRC-32C", 0, MAX_UNSIGNED_INT);
        int depth = (int) cbor.range("the depth of a body", 0, FileBody.MAX_DEPTH);
        return pieces(crc32c, depth, 0, FileBody.MAX_INLINE);
    }

    private FileBody pieces(int crc32c, int depth, int min, int max) throws StoreException {
        int count = cbor.array("the pieces of a body", max);
        int refsLength = count * ChunkId.LENGTH;
        if (count < min || refs.length - refsUsed < refsLength) {
            throw cbor.corrupt("pieces with a reference each", count + " pieces");
        }
        long[] lengths = new long[count];
        long rest = Long.MAX_VALUE;
        for (int i = 0; i < count; i++) {
            lengths[i] = cbor.range("the length of a piece", 1, depth == 0 ? FileBody.MAX_CHUNK : rest);
            rest -= lengths[i];
        }
        refsUsed += refsLength;
        return FileBody.of(crc32c, depth, lengths, Arrays.copyOfRange(refs, refsUsed - refsLength, refsUsed));
    }

    /** The optional fields of one entry. */
    private final class Optional {
        private RawName linkTarget = RawName.EMPTY;
        private int linkCount = 1;
        private int deviceMajor;
        private int deviceMinor;
        private boolean changedWhileRead;
        private Holes holes = Holes.NONE;
        private Extensions unknown = Extensions.NONE;
        private ExtendedAttributes attributes = ExtendedAttributes.NONE;
        private int flags;
        private @Nullable Timestamp born;
        private final FileBody body;
        private final Timestamp changed;

        Optional(FileBody body, Timestamp changed) {
            this.body = body;
            this.changed = changed;
        }

        void read(FileType type) throws StoreException {
            int count = cbor.map("the optional fields of an entry", Extensions.MAX_LENGTH);
            if (count == 0) {
                throw cbor.corrupt("an optional field", "none");
            }
            int[] keys = new int[count];
            byte[][] values = new byte[count][];
            int kept = 0;
            long previous = -1;
            boolean hasDevice = false;
            for (int i = 0; i < count; i++) {
                int key = (int) cbor.range("the number of a field", previous + 1, NEXT_IS_ANY);
                previous = key;
                hasDevice |= key == ExtensionKey.DEVICE;
                if (ExtensionKey.isKnown(key)) {
                    readKnown(key, type);
                } else {
                    keys[kept] = key;
                    values[kept++] = cbor.encoded();
                }
            }
            if (!hasDevice) {
                expectComplete(type);
            }
            if (kept > 0) {
                unknown = Extensions.takeOver(Arrays.copyOf(keys, kept), Arrays.copyOf(values, kept));
            }
        }

        void expectComplete(FileType type) throws CorruptionException {
            if (isDevice(type)) {
                throw cbor.corrupt("the numbers of a device", "none");
            }
        }

        private void readKnown(int key, FileType type) throws StoreException {
            boolean fits = switch (key) {
                case ExtensionKey.LINK_TARGET -> type == FileType.SYMLINK;
                case ExtensionKey.LINK_COUNT -> type != FileType.DIRECTORY;
                case ExtensionKey.DEVICE -> isDevice(type);
                case ExtensionKey.HOLES -> type == FileType.FILE;
                case ExtensionKey.FLAGS -> type == FileType.FILE || type == FileType.DIRECTORY;
                default -> true;
            };
            if (!fits) {
                throw cbor.corrupt("a field of a " + type, "field " + key);
            }
            switch (key) {
                case ExtensionKey.LINK_TARGET -> {
                    linkTarget = name(cbor.bytes("a link target", ManifestNode.MAX_LINK_TARGET));
                    if (linkTarget.length() == 0) {
                        throw cbor.corrupt("a link target", "an empty one");
                    }
                }
                case ExtensionKey.LINK_COUNT -> linkCount = (int) cbor.range("a link count", 2, Integer.MAX_VALUE);
                case ExtensionKey.DEVICE -> {
                    cbor.expectArray("the numbers of a device", 2);
                    deviceMajor = (int) cbor.range("a device number", 0, MAX_UNSIGNED_INT);
                    deviceMinor = (int) cbor.range("a device number", 0, MAX_UNSIGNED_INT);
                }
                case ExtensionKey.ATTRIBUTES -> attributes = readAttributes();
                case ExtensionKey.HOLES -> holes = readHoles();
                case ExtensionKey.FLAGS -> {
                    flags = (int) cbor.range("flags", 1, FileFlags.ALL);
                    if ((flags & ~FileFlags.ALL) != 0) {
                        throw cbor.corrupt("known flags", Integer.toString(flags));
                    }
                }
                case ExtensionKey.AGE -> born = readBirth();
                default -> {
                    cbor.range("marks", ExtensionKey.MARK_CHANGED, ExtensionKey.MARK_CHANGED);
                    changedWhileRead = true;
                }
            }
        }

        private Timestamp readBirth() throws CorruptionException {
            long age = cbor.range("an age", -ExtensionKey.AGE_MAX, ExtensionKey.AGE_MAX);
            try {
                return changed.minusNanos(age);
            } catch (ArithmeticException e) {
                throw cbor.corrupt("an age at " + changed, Long.toString(age));
            }
        }

        private ExtendedAttributes readAttributes() throws StoreException {
            int count = cbor.array("attributes", ExtendedAttributes.TOTAL_MAX);
            if (count == 0 || count % 2 != 0) {
                throw cbor.corrupt("pairs of names and values", count + " values");
            }
            Map<RawName, byte[]> byName = new HashMap<>();
            RawName previous = RawName.EMPTY;
            long total = 0;
            for (int i = 0; i < count; i += 2) {
                RawName name = name(cbor.bytes("the name of an attribute", ExtendedAttributes.NAME_MAX));
                byte[] value = cbor.bytes("an attribute", ExtendedAttributes.VALUE_MAX);
                total += name.length() + value.length;
                if (!ExtendedAttributes.isName(name)
                        || previous.compareTo(name) >= 0
                        || total > ExtendedAttributes.TOTAL_MAX) {
                    throw cbor.corrupt("an attribute after " + previous, name + ", " + total + " bytes by then");
                }
                byName.put(name, value);
                previous = name;
            }
            return ExtendedAttributes.of(byName);
        }

        private Holes readHoles() throws StoreException {
            int count = cbor.array("the bounds of holes", 2 * Holes.COUNT_MAX);
            if (count == 0 || count % 2 != 0) {
                throw cbor.corrupt("pairs of bounds of holes", count + " values");
            }
            long[] bounds = new long[count];
            long end = 0;
            for (int i = 0; i < count; i++) {
                end += cbor.range("a bound of a hole", i == 0 ? 0 : 1, body.plainLength() - end);
                bounds[i] = end;
            }
            return Holes.of(bounds);
        }

        private boolean isDevice(FileType type) {
            return type == FileType.CHARACTER_DEVICE || type == FileType.BLOCK_DEVICE;
        }
    }
}
