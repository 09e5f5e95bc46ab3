package io.packstone.manifest;

import io.packstone.id.ChunkId;
import io.packstone.metadata.TreePath;
import java.util.List;

/** A decoded and checked node: at level 0 it holds entries, above that the nodes one level below. */
final class ManifestNode {
    /** The longest payload of a node. */
    static final int MAX_PAYLOAD = 4 << 20;
    /** The most chunks that one node refers to. */
    static final int MAX_REFS = 131_072;
    /** The highest level; leaves are level 0. */
    static final int MAX_LEVEL = 16;
    /** What the encoded entries of one node may weigh when it holds more than the fewest. */
    static final int MAX_WEIGHT = 256 << 10;
    /** The longest target of a symbolic link. */
    static final int MAX_LINK_TARGET = 1 << 16;
    /** The longest name of a user or group, in UTF-8. */
    static final int MAX_OWNER_NAME = 256;
    /** The least mode that is out of range. */
    static final int MODE_END = 1 << 12;

    /** What an interior node says of a node below it: its id, the last key in it and its totals. */
    record Child(ChunkId id, TreePath last, Totals totals) {}

    private final int level;
    private final List<ManifestEntry> entries;
    private final List<Child> children;
    private final Totals totals;

    private ManifestNode(int level, List<ManifestEntry> entries, List<Child> children, Totals totals) {
        this.level = level;
        this.entries = entries;
        this.children = children;
        this.totals = totals;
    }

    static ManifestNode leaf(List<ManifestEntry> entries, Totals totals) {
        return new ManifestNode(0, entries, List.of(), totals);
    }

    static ManifestNode interior(int level, List<Child> children, Totals totals) {
        return new ManifestNode(level, List.of(), children, totals);
    }

    int level() {
        return level;
    }

    boolean isLeaf() {
        return level == 0;
    }

    int size() {
        return isLeaf() ? entries.size() : children.size();
    }

    ManifestEntry entry(int index) {
        return entries.get(index);
    }

    Child child(int index) {
        return children.get(index);
    }

    /** The key of an entry, or the last key below a child. */
    TreePath key(int index) {
        return isLeaf() ? entries.get(index).path() : children.get(index).last();
    }

    Totals totals() {
        return totals;
    }
}
