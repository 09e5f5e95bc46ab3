package io.packstone.manifest;

import io.packstone.bytes.ByteSink;
import io.packstone.error.CorruptionException;
import io.packstone.format.CborReader;
import io.packstone.format.CborWriter;
import io.packstone.id.ChunkId;
import io.packstone.metadata.FileMetadata;
import io.packstone.metadata.FileType;
import io.packstone.metadata.Fingerprint;
import io.packstone.metadata.Owner;
import io.packstone.metadata.RawName;
import io.packstone.metadata.Timestamp;
import io.packstone.metadata.TreePath;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The stored form of manifest nodes (docs/format.md, Manifests). */
final class NodeFormat {
    static final int NODE_LENGTH_MAX = 4 << 20;
    static final int LEVELS_MAX = 16;
    private static final int LINK_TARGET = 1;
    private static final int LINK_COUNT = 2;
    private static final int DEVICE_NUMBERS = 3;
    private static final int FLAGS = 6;
    private static final int FLAG_CHANGED = 1;

    private NodeFormat() {}

    /** A node to be stored. */
    record Encoded(byte[] payload, byte[] refs) {
        int refCount() {
            return refs.length / ChunkId.LENGTH;
        }
    }

    static Encoded encodeLeaf(List<ManifestEntry> entries) {
        Map<Owner, Integer> owners = new LinkedHashMap<>();
        int runs = 0;
        RawName directory = null;
        for (ManifestEntry entry : entries) {
            owners.putIfAbsent(entry.metadata().owner(), owners.size());
            if (!entry.path().directory().equals(directory)) {
                directory = entry.path().directory();
                runs++;
            }
        }
        CborWriter cbor = new CborWriter().array(3).integer(0).array(owners.size());
        for (Owner owner : owners.keySet()) {
            cbor.array(4).integer(owner.uid() & 0xffffffffL).text(owner.user());
            cbor.integer(owner.gid() & 0xffffffffL).text(owner.group()).end();
        }
        cbor.end().array(runs);
        ByteSink refs = new ByteSink(entries.size() * ChunkId.LENGTH);
        for (int from = 0; from < entries.size(); ) {
            directory = entries.get(from).path().directory();
            int to = from;
            while (to < entries.size() && entries.get(to).path().directory().equals(directory)) {
                to++;
            }
            cbor.array(2).bytes(directory.array()).array(to - from);
            for (ManifestEntry entry : entries.subList(from, to)) {
                encode(entry, owners.get(entry.metadata().owner()), cbor);
                refs.putBytes(entry.body().ids());
            }
            cbor.end().end();
            from = to;
        }
        return new Encoded(cbor.end().end().toBytes(), refs.toBytes());
    }

    private static void encode(ManifestEntry entry, int owner, CborWriter cbor) {
        FileMetadata metadata = entry.metadata();
        boolean device = metadata.type() == FileType.CHARACTER_DEVICE || metadata.type() == FileType.BLOCK_DEVICE;
        boolean linked = metadata.linkCount() > 1 && metadata.type() != FileType.DIRECTORY;
        int extensions = (metadata.linkTarget().length() > 0 ? 1 : 0)
                + (linked ? 1 : 0)
                + (device ? 1 : 0)
                + (entry.changedWhileRead() ? 1 : 0);
        cbor.array(extensions > 0 ? 13 : 12).bytes(entry.path().name().array());
        cbor.integer(metadata.type().number()).integer(metadata.mode()).integer(owner);
        time(cbor, metadata.modified());
        cbor.integer(metadata.size());
        cbor.integer(metadata.fingerprint().inode()).integer(metadata.fingerprint().device());
        time(cbor, metadata.fingerprint().changed());
        if (metadata.type() == FileType.FILE) {
            body(cbor, entry.body());
        } else {
            cbor.nothing();
        }
        if (extensions > 0) {
            cbor.map(extensions);
            if (metadata.linkTarget().length() > 0) {
                cbor.key(LINK_TARGET).bytes(metadata.linkTarget().array());
            }
            if (linked) {
                cbor.key(LINK_COUNT).integer(metadata.linkCount());
            }
            if (device) {
                cbor.key(DEVICE_NUMBERS).array(2).integer(metadata.deviceMajor()).integer(metadata.deviceMinor()).end();
            }
            if (entry.changedWhileRead()) {
                cbor.key(FLAGS).integer(FLAG_CHANGED);
            }
            cbor.end();
        }
        cbor.end();
    }

    private static void time(CborWriter cbor, Timestamp time) {
        cbor.integer(time.seconds()).integer(time.nanos());
    }

    private static void body(CborWriter cbor, FileBody body) {
        cbor.array(3).integer(body.crc32c() & 0xffffffffL).integer(body.depth()).array(body.count());
        for (int i = 0; i < body.count(); i++) {
            cbor.integer(body.length(i));
        }
        cbor.end().end();
    }

    static Encoded encodeInterior(int level, List<NodeChild> children) {
        CborWriter cbor = new CborWriter().array(2).integer(level).array(children.size());
        ByteSink refs = new ByteSink(children.size() * ChunkId.LENGTH);
        for (NodeChild child : children) {
            Totals totals = child.totals();
            cbor.array(7).bytes(child.lastPath().directory().array()).bytes(child.lastPath().name().array());
            cbor.integer(totals.entries()).integer(totals.files()).integer(totals.directories());
            cbor.integer(totals.bytes()).integer(totals.newest()).end();
            refs.putBytes(child.id().toBytes());
        }
        return new Encoded(cbor.end().end().toBytes(), refs.toBytes());
    }

    /** A node as it was read: either entries or children. */
    record Node(int level, List<ManifestEntry> entries, List<NodeChild> children) {}

    static Node decode(StoredChunk chunk, ChunkId id) throws CorruptionException {
        String name = "manifest node " + id.toShortHex();
        if (chunk.payload().length > NODE_LENGTH_MAX) {
            throw new CorruptionException(name, "it is longer than any node");
        }
        CborReader cbor = new CborReader(chunk.payload(), 0, chunk.payload().length, name);
        int parts = cbor.array();
        int level = cbor.integer(0, LEVELS_MAX);
        Node node = level == 0 && parts == 3
                ? new Node(0, decodeEntries(cbor, chunk), List.of())
                : new Node(level, List.of(), decodeChildren(cbor, chunk));
        cbor.expectEnd();
        return node;
    }

    private static List<NodeChild> decodeChildren(CborReader cbor, StoredChunk chunk) throws CorruptionException {
        int count = cbor.array();
        if (count != chunk.refCount()) {
            throw cbor.corrupt(chunk.refCount() + " children", count + "");
        }
        List<NodeChild> children = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            cbor.array(7);
            TreePath last = new TreePath(RawName.takeOver(cbor.bytes()), RawName.takeOver(cbor.bytes()));
            Totals totals = new Totals(cbor.integer(), cbor.integer(), cbor.integer(), cbor.integer(), cbor.integer());
            if (i > 0 && children.get(i - 1).lastPath().compareTo(last) >= 0) {
                throw cbor.corrupt("ascending keys", last.toString());
            }
            children.add(new NodeChild(chunk.ref(i), last, totals));
        }
        return children;
    }

    private static List<ManifestEntry> decodeEntries(CborReader cbor, StoredChunk chunk) throws CorruptionException {
        Owner[] owners = new Owner[cbor.array()];
        for (int i = 0; i < owners.length; i++) {
            cbor.array(4);
            owners[i] = new Owner((int) cbor.integer(), cbor.text(), (int) cbor.integer(), cbor.text());
        }
        List<ManifestEntry> entries = new ArrayList<>();
        int[] nextRef = new int[1];
        TreePath before = null;
        for (int runs = cbor.array(); runs > 0; runs--) {
            cbor.array(2);
            RawName directory = RawName.takeOver(cbor.bytes());
            for (int count = cbor.array(); count > 0; count--) {
                ManifestEntry entry = decodeEntry(cbor, directory, owners, chunk, nextRef);
                if (before != null && before.compareTo(entry.path()) >= 0) {
                    throw cbor.corrupt("ascending keys", entry.path().toString());
                }
                before = entry.path();
                entries.add(entry);
            }
        }
        if (nextRef[0] != chunk.refCount()) {
            throw cbor.corrupt(chunk.refCount() + " references used", nextRef[0] + "");
        }
        return entries;
    }

    private static ManifestEntry decodeEntry(
            CborReader cbor, RawName directory, Owner[] owners, StoredChunk chunk, int[] nextRef)
            throws CorruptionException {
        int fields = cbor.array();
        TreePath path = new TreePath(directory, RawName.takeOver(cbor.bytes()));
        if (fields < 12 || !Names.valid(path)) {
            throw cbor.corrupt("an entry with a valid name", path.toString());
        }
        FileType type = FileType.of(cbor.integer(0, FileType.SOCKET.number()));
        int mode = cbor.integer(0, 07777);
        Owner owner = owners[cbor.integer(0, owners.length - 1)];
        Timestamp modified = new Timestamp(cbor.integer(), cbor.integer(0, 999_999_999));
        long size = cbor.integer();
        long inode = cbor.integer();
        long device = cbor.integer();
        Timestamp changed = new Timestamp(cbor.integer(), cbor.integer(0, 999_999_999));
        FileBody body = cbor.nothing() ? FileBody.EMPTY : decodeBody(cbor, chunk, nextRef);
        Extensions extensions = new Extensions();
        if (fields > 12) {
            extensions.decode(cbor);
        }
        for (int extra = 13; extra < fields; extra++) {
            cbor.raw();
        }
        if (type == FileType.FILE && body.plainLength() != size) {
            throw cbor.corrupt("chunks of " + size + " bytes", body.plainLength() + " bytes");
        }
        return new ManifestEntry(
                path,
                new FileMetadata(
                        type, mode, owner, modified, size, new Fingerprint(inode, device, changed), extensions.linkCount,
                        extensions.major, extensions.minor, extensions.linkTarget),
                body,
                extensions.changed);
    }

    private static FileBody decodeBody(CborReader cbor, StoredChunk chunk, int[] nextRef) throws CorruptionException {
        cbor.array(3);
        int crc = (int) cbor.integer();
        int depth = cbor.integer(0, LEVELS_MAX);
        int count = cbor.array();
        if (count > chunk.refCount() - nextRef[0]) {
            throw cbor.corrupt("at most " + (chunk.refCount() - nextRef[0]) + " parts", count + "");
        }
        long[] lengths = new long[count];
        byte[] ids = new byte[count * ChunkId.LENGTH];
        for (int i = 0; i < count; i++) {
            lengths[i] = cbor.integer();
            chunk.ref(nextRef[0]++).copyTo(ids, i * ChunkId.LENGTH);
            if (lengths[i] <= 0) {
                throw cbor.corrupt("a positive length", lengths[i] + "");
            }
        }
        return new FileBody(crc, depth, ids, lengths);
    }

    /** The optional part of an entry. */
    private static final class Extensions {
        private RawName linkTarget = RawName.EMPTY;
        private int linkCount = 1;
        private int major;
        private int minor;
        private boolean changed;

        void decode(CborReader cbor) throws CorruptionException {
            for (int count = cbor.map(); count > 0; count--) {
                switch (cbor.integer(0, Integer.MAX_VALUE)) {
                    case LINK_TARGET -> linkTarget = RawName.takeOver(cbor.bytes());
                    case LINK_COUNT -> linkCount = cbor.integer(1, Integer.MAX_VALUE);
                    case DEVICE_NUMBERS -> {
                        cbor.array(2);
                        major = cbor.integer(0, Integer.MAX_VALUE);
                        minor = cbor.integer(0, Integer.MAX_VALUE);
                    }
                    case FLAGS -> changed = (cbor.integer() & FLAG_CHANGED) != 0;
                    default -> cbor.raw();
                }
            }
        }
    }
}
