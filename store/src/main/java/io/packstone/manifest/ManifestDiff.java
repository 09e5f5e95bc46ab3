package io.packstone.manifest;

import io.packstone.id.ChunkId;
import io.packstone.manifest.ManifestNode.Child;
import io.packstone.metadata.TreePath;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Compares two manifests at the cost of what differs: nodes with one id are never read. As safe for threads as its
 * source.
 */
public final class ManifestDiff {
    /** Is told of each difference, in order of the paths. */
    @FunctionalInterface
    public interface Visitor {
        /**
         * What stands at one path differs.
         *
         * @param before the entry of the first manifest; null when it was added
         * @param after the entry of the second manifest; null when it was removed
         */
        void differs(@Nullable ManifestEntry before, @Nullable ManifestEntry after) throws IOException;
    }

    private final ChunkSource source;

    /** Reads nodes from {@code source}. */
    public ManifestDiff(ChunkSource source) {
        this.source = source;
    }

    /** Tells {@code visitor} what differs between the manifests of two roots. */
    public void diff(ChunkId before, ChunkId after, Visitor visitor) throws IOException {
        if (before.equals(after)) {
            return;
        }
        Side old = new Side(source, before);
        Side young = new Side(source, after);
        while (!old.isAtEnd() || !young.isAtEnd()) {
            if (young.isAtEnd() || !old.isAtEnd() && old.endsBefore(young)) {
                advanceAlone(old, visitor, true);
            } else if (old.isAtEnd() || young.endsBefore(old)) {
                advanceAlone(young, visitor, false);
            } else if (old.isEntry() && young.isEntry()) {
                compare(old, young, visitor);
            } else if (old.isSameNode(young)) {
                old.skip();
                young.skip();
            } else {
                int oldLevel = old.level();
                int youngLevel = young.level();
                if (oldLevel >= youngLevel) {
                    old.descend();
                }
                if (youngLevel >= oldLevel) {
                    young.descend();
                }
            }
        }
    }

    /** What stands first on this side has no match on the other. */
    private static void advanceAlone(Side side, Visitor visitor, boolean isOld) throws IOException {
        if (!side.isEntry()) {
            side.descend();
            return;
        }
        ManifestEntry entry = side.entry();
        visitor.differs(isOld ? entry : null, isOld ? null : entry);
        side.skip();
    }

    /** Both stand at entries, of which neither comes before the other: they have one path. */
    private static void compare(Side old, Side young, Visitor visitor) throws IOException {
        ManifestEntry before = old.entry();
        ManifestEntry after = young.entry();
        if (!before.equals(after)) {
            visitor.differs(before, after);
        }
        old.skip();
        young.skip();
    }

    /** Where the comparison stands in one manifest: at an entry, or at a node that was not read yet. */
    private static final class Side {
        private static final class Position {
            private final ManifestNode node;
            private int index;

            Position(ManifestNode node) {
                this.node = node;
            }

            TreePath key() {
                return node.key(index);
            }

            Child child() {
                return node.child(index);
            }
        }

        private final ChunkSource source;
        private final Deque<Position> positions = new ArrayDeque<>();
        /** The last key passed: all that follows comes after it. */
        private @Nullable TreePath passed;

        Side(ChunkSource source, ChunkId root) throws IOException {
            this.source = source;
            ManifestNode node = NodeReader.root(source, root);
            if (node.size() > 0) {
                positions.addLast(new Position(node));
            }
        }

        boolean isAtEnd() {
            return positions.isEmpty();
        }

        int level() {
            return positions.getLast().node.level();
        }

        boolean isEntry() {
            return level() == 0;
        }

        ManifestEntry entry() {
            Position top = positions.getLast();
            return top.node.entry(top.index);
        }

        boolean isSameNode(Side other) {
            return !isEntry()
                    && !other.isEntry()
                    && positions
                            .getLast()
                            .child()
                            .id()
                            .equals(other.positions.getLast().child().id());
        }

        /** True when all of what stands first here comes before all that is left on the other side. */
        boolean endsBefore(Side other) {
            TreePath end = positions.getLast().key();
            if (other.isEntry()) {
                return end.compareTo(other.positions.getLast().key()) < 0;
            }
            return other.passed != null && end.compareTo(other.passed) <= 0;
        }

        void descend() throws IOException {
            Position top = positions.getLast();
            positions.addLast(new Position(NodeReader.child(source, top.node, top.index, passed)));
        }

        void skip() {
            passed = positions.getLast().key();
            while (!positions.isEmpty()) {
                Position top = positions.getLast();
                top.index++;
                if (top.index < top.node.size()) {
                    return;
                }
                positions.removeLast();
            }
        }
    }
}
