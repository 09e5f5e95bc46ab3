package io.packstone.manifest;

import io.packstone.bytes.ByteSink;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.manifest.ManifestEntry.ExtensionKey;
import io.packstone.manifest.ManifestEntry.Extensions;
import io.packstone.manifest.ManifestNode.Child;
import io.packstone.metadata.ExtendedAttributes;
import io.packstone.metadata.FileFlags;
import io.packstone.metadata.FileMetadata;
import io.packstone.metadata.FileType;
import io.packstone.metadata.Holes;
import io.packstone.metadata.Owner;
import io.packstone.metadata.RawName;
import io.packstone.metadata.Timestamp;
import io.packstone.metadata.TreePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Encodes nodes (docs/format.md, Manifest nodes) and puts them; the mirror of {@link NodeReader}. For one thread. */
final class NodeWriter {
    private final NodeSink sink;
    private final ByteSink payload = new ByteSink(64 << 10);
    private final Cbor.Sink cbor = new Cbor.Sink(payload);
    private final ByteSink refs = new ByteSink(16 << 10);
    private final Map<Owner, Integer> owners = new LinkedHashMap<>();
    private @Nullable Owner lastOwner;
    private int lastOwnerIndex;

    NodeWriter(NodeSink sink) {
        this.sink = sink;
    }

    /** Puts a leaf of {@code entries}, in order; of none when the manifest is empty. */
    Child leaf(List<ManifestEntry> entries) throws IOException {
        begin();
        Totals totals = Totals.NONE;
        int runs = 0;
        for (int i = 0; i < entries.size(); i++) {
            ManifestEntry entry = entries.get(i);
            totals = totals.plus(Totals.of(entry));
            ownerIndex(entry.metadata().owner());
            if (i == 0 || !sameDirectory(entries.get(i - 1), entry)) {
                runs++;
            }
        }
        cbor.array(3).integer(0);
        writeOwners();
        cbor.array(runs);
        int start = 0;
        while (start < entries.size()) {
            int end = start + 1;
            while (end < entries.size() && sameDirectory(entries.get(start), entries.get(end))) {
                end++;
            }
            cbor.array(2).bytes(entries.get(start).path().directory().array()).array(end - start);
            for (ManifestEntry entry : entries.subList(start, end)) {
                writeEntry(entry);
            }
            start = end;
        }
        TreePath last = entries.isEmpty()
                ? TreePath.ROOT
                : entries.get(entries.size() - 1).path();
        return new Child(put(), last, totals);
    }

    /** Puts an interior node of {@code level} above {@code children}, which are at least one. */
    Child interior(int level, List<Child> children) throws IOException {
        begin();
        Totals totals = Totals.NONE;
        cbor.array(2).integer(level).array(children.size());
        for (Child child : children) {
            Totals each = child.totals();
            totals = totals.plus(each);
            cbor.array(7)
                    .bytes(child.last().directory().array())
                    .bytes(child.last().name().array())
                    .integer(each.entries())
                    .integer(each.files())
                    .integer(each.directories())
                    .integer(each.bytes())
                    .integer(each.newest());
            int at = refs.skip(ChunkId.LENGTH);
            child.id().copyTo(refs.array(), at);
        }
        return new Child(put(), children.get(children.size() - 1).last(), totals);
    }

    /** How long the optional fields of {@code entry} are when encoded: 0 without any. */
    int extensionsLength(ManifestEntry entry) {
        payload.clear();
        writeExtensions(entry, extensionCount(entry));
        return payload.length();
    }

    private void begin() {
        payload.clear();
        refs.clear();
        owners.clear();
        lastOwner = null;
    }

    private ChunkId put() throws IOException {
        int refCount = refs.length() / ChunkId.LENGTH;
        if (payload.length() > ManifestNode.MAX_PAYLOAD || refCount > ManifestNode.MAX_REFS) {
            throw new IllegalStateException("a node of " + payload.length() + " bytes and " + refCount + " refs");
        }
        return sink.put(ChunkType.NODE, refs.array(), refCount, payload.array(), payload.length());
    }

    private static boolean sameDirectory(ManifestEntry a, ManifestEntry b) {
        RawName directory = a.path().directory();
        return directory == b.path().directory() || directory.equals(b.path().directory());
    }

    private int ownerIndex(Owner owner) {
        if (!owner.equals(lastOwner)) {
            Integer known = owners.putIfAbsent(owner, owners.size());
            lastOwnerIndex = known == null ? owners.size() - 1 : known;
            lastOwner = owner;
        }
        return lastOwnerIndex;
    }

    private void writeOwners() {
        cbor.array(owners.size());
        for (Owner owner : owners.keySet()) {
            cbor.array(4)
                    .integer(Integer.toUnsignedLong(owner.uid()))
                    .text(owner.user())
                    .integer(Integer.toUnsignedLong(owner.gid()))
                    .text(owner.group());
        }
    }

    private void writeEntry(ManifestEntry entry) {
        FileMetadata metadata = entry.metadata();
        int extensions = extensionCount(entry);
        cbor.array(extensions == 0 ? 12 : 13)
                .bytes(entry.path().name().array())
                .integer(metadata.type().number())
                .integer(metadata.mode())
                .integer(ownerIndex(metadata.owner()))
                .integer(metadata.modified().seconds())
                .integer(metadata.modified().nanos())
                .integer(metadata.size())
                .unsigned(metadata.fingerprint().inode())
                .unsigned(metadata.fingerprint().device())
                .integer(metadata.fingerprint().changed().seconds())
                .integer(metadata.fingerprint().changed().nanos());
        FileBody body = entry.body();
        if (metadata.type() != FileType.FILE) {
            cbor.none();
        } else {
            cbor.array(3).integer(Integer.toUnsignedLong(body.crc32c())).integer(body.depth());
            writeLengths(cbor, body);
            refs.putBytes(body.refs());
        }
        writeExtensions(entry, extensions);
    }

    /** Writes the array of the lengths of a body's pieces. */
    static void writeLengths(Cbor.Sink cbor, FileBody body) {
        cbor.array(body.count());
        for (int i = 0; i < body.count(); i++) {
            cbor.integer(body.length(i));
        }
    }

    private static boolean hasDevice(FileType type) {
        return type == FileType.CHARACTER_DEVICE || type == FileType.BLOCK_DEVICE;
    }

    private static boolean hasLinkCount(FileMetadata metadata) {
        return metadata.linkCount() > 1 && metadata.type() != FileType.DIRECTORY;
    }

    private static int extensionCount(ManifestEntry entry) {
        FileMetadata metadata = entry.metadata();
        return entry.extensions().size()
                + (metadata.linkTarget().length() > 0 ? 1 : 0)
                + (hasLinkCount(metadata) ? 1 : 0)
                + (hasDevice(metadata.type()) ? 1 : 0)
                + (entry.changedWhileRead() ? 1 : 0)
                + (entry.holes().isEmpty() ? 0 : 1)
                + (metadata.attributes().isEmpty() ? 0 : 1)
                + (metadata.flags() == 0 ? 0 : 1)
                + (age(metadata) == Long.MIN_VALUE ? 0 : 1);
    }

    private void writeExtensions(ManifestEntry entry, int count) {
        if (count == 0) {
            return;
        }
        cbor.map(count);
        FileMetadata metadata = entry.metadata();
        Extensions unknown = entry.extensions();
        int written = writeUnknown(unknown, 0, ExtensionKey.LINK_TARGET);
        if (metadata.linkTarget().length() > 0) {
            cbor.integer(ExtensionKey.LINK_TARGET).bytes(metadata.linkTarget().array());
        }
        if (hasLinkCount(metadata)) {
            cbor.integer(ExtensionKey.LINK_COUNT).integer(metadata.linkCount());
        }
        if (hasDevice(metadata.type())) {
            cbor.integer(ExtensionKey.DEVICE)
                    .array(2)
                    .integer(Integer.toUnsignedLong(metadata.deviceMajor()))
                    .integer(Integer.toUnsignedLong(metadata.deviceMinor()));
        }
        if (!metadata.attributes().isEmpty()) {
            writeAttributes(metadata.attributes());
        }
        written = writeUnknown(unknown, written, ExtensionKey.MARKS);
        if (entry.changedWhileRead()) {
            cbor.integer(ExtensionKey.MARKS).integer(ExtensionKey.MARK_CHANGED);
        }
        if (!entry.holes().isEmpty()) {
            writeHoles(entry.holes());
        }
        if (metadata.flags() != 0) {
            cbor.integer(ExtensionKey.FLAGS).integer(metadata.flags());
        }
        long age = age(metadata);
        if (age != Long.MIN_VALUE) {
            cbor.integer(ExtensionKey.AGE).integer(age);
        }
        writeUnknown(unknown, written, Integer.MAX_VALUE);
    }

    /** Told from the change time, which most files have had from birth or nearly so. */
    private static long age(FileMetadata metadata) {
        Timestamp born = metadata.born();
        return born == null ? Long.MIN_VALUE : metadata.fingerprint().changed().nanosSince(born);
    }

    private void writeAttributes(ExtendedAttributes attributes) {
        cbor.integer(ExtensionKey.ATTRIBUTES).array(2 * attributes.count());
        for (int i = 0; i < attributes.count(); i++) {
            cbor.bytes(attributes.name(i).array()).bytes(attributes.value(i));
        }
    }

    private void writeHoles(Holes holes) {
        cbor.integer(ExtensionKey.HOLES).array(2 * holes.count());
        long end = 0;
        for (int i = 0; i < holes.count(); i++) {
            cbor.integer(holes.start(i) - end).integer(holes.end(i) - holes.start(i));
            end = holes.end(i);
        }
    }

    /** Writes the unknown fields from {@code from} whose keys are at most {@code max}; returns where it stopped. */
    private int writeUnknown(Extensions unknown, int from, int max) {
        int next = from;
        while (next < unknown.size() && unknown.key(next) <= max) {
            cbor.integer(unknown.key(next)).encoded(unknown.borrowValue(next));
            next++;
        }
        return next;
    }

    /** Why {@code entry} can't be stored; null when it can. */
    static @Nullable String fault(ManifestEntry entry) {
        FileMetadata metadata = entry.metadata();
        FileBody body = entry.body();
        if (!EntryKey.isStorable(entry.path())) {
            return "its path has an empty, relative or too long name";
        }
        if (entry.path().isRoot() && metadata.type() != FileType.DIRECTORY) {
            return "the root is no directory";
        }
        if (body.count() > (metadata.type() == FileType.FILE ? FileBody.MAX_INLINE : 0)) {
            return "a body of " + body.count() + " pieces";
        }
        if (entry.holes().end() > body.plainLength()) {
            return "holes behind its " + body.plainLength() + " bytes";
        }
        boolean mayHaveFlags = metadata.type() == FileType.FILE || metadata.type() == FileType.DIRECTORY;
        if ((metadata.flags() & ~FileFlags.ALL) != 0 || metadata.flags() != 0 && !mayHaveFlags) {
            return "flags out of range: " + metadata.flags();
        }
        if (metadata.mode() < 0 || metadata.mode() >= ManifestNode.MODE_END || metadata.size() < 0) {
            return "mode or size out of range: " + metadata.mode() + ", " + metadata.size();
        }
        int target = metadata.linkTarget().length();
        if (target > ManifestNode.MAX_LINK_TARGET || target > 0 && metadata.type() != FileType.SYMLINK) {
            return "a link target of " + target + " bytes";
        }
        if (isTooLong(metadata.owner().user()) || isTooLong(metadata.owner().group())) {
            return "a name of a user or group of more than " + ManifestNode.MAX_OWNER_NAME + " bytes";
        }
        return null;
    }

    private static boolean isTooLong(String name) {
        return name.length() > ManifestNode.MAX_OWNER_NAME / 3
                && name.getBytes(StandardCharsets.UTF_8).length > ManifestNode.MAX_OWNER_NAME;
    }

    /** Puts one recipe of the given pieces and returns its id. */
    static ChunkId putRecipe(NodeSink sink, ByteSink scratch, FileBody pieces) throws IOException {
        scratch.clear();
        Cbor.Sink cbor = new Cbor.Sink(scratch);
        cbor.array(2).integer(pieces.depth() + 1L);
        writeLengths(cbor, pieces);
        return sink.put(ChunkType.RECIPE, pieces.refs(), pieces.count(), scratch.array(), scratch.length());
    }
}
