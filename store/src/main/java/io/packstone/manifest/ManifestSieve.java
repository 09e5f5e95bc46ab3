package io.packstone.manifest;

import io.packstone.crypto.BoundaryHash;
import io.packstone.id.ChunkId;
import io.packstone.manifest.ManifestNode.Child;
import io.packstone.metadata.TreePath;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Drops entries from manifests, at the cost of what is dropped: nodes without any of it are taken over unread where keys
 * tell so, or where an earlier look at the same node told. Remembers {@value #REMEMBERED_MAX} such nodes at most, across
 * all manifests it is given; those beyond are read again. For one thread.
 */
public final class ManifestSieve {
    private static final int REMEMBERED_MAX = 100_000;

    /** What becomes of entries. */
    public enum Fate {
        /** Of an entry or all in a range: it stays, in every manifest. */
        KEPT,
        /** Of an entry: it stays, but need not in another manifest. */
        SPARED,
        /** Of an entry or all in a range: it is dropped. */
        DROPPED,
        /** Of a range: each entry has to be looked at. */
        OPEN
    }

    /** Says what is dropped from one manifest. */
    public interface Choice {
        /** What becomes of all entries behind {@code after} (null: from the first on) and up to {@code last}. */
        Fate of(@Nullable TreePath after, TreePath last);

        /** What becomes of one entry; never {@link Fate#OPEN}. */
        Fate of(ManifestEntry entry);
    }

    private final ChunkSource source;
    private final Set<ChunkId> kept = new HashSet<>();

    /** Reads nodes from {@code source}. */
    public ManifestSieve(ChunkSource source) {
        this.source = source;
    }

    /** What is dropped below one node, and whether all the rest would stay in every manifest. */
    private record Found(Totals dropped, boolean allKept) {}

    /** What {@code choice} drops from the manifest under {@code root}, summed up. */
    public Totals dropped(ChunkId root, Choice choice) throws IOException {
        if (kept.contains(root)) {
            return Totals.NONE;
        }
        return look(root, NodeReader.root(source, root), null, choice).dropped();
    }

    /** {@code after} is the last key before the node. */
    private Found look(ChunkId id, ManifestNode node, @Nullable TreePath after, Choice choice) throws IOException {
        Totals dropped = Totals.NONE;
        boolean allKept = true;
        TreePath passed = after;
        for (int i = 0; i < node.size(); i++) {
            if (node.isLeaf()) {
                Fate fate = choice.of(node.entry(i));
                dropped = fate == Fate.DROPPED ? dropped.plus(Totals.of(node.entry(i))) : dropped;
                allKept &= fate == Fate.KEPT;
            } else {
                Child child = node.child(i);
                Fate fate = fate(child, passed, choice);
                if (fate == Fate.OPEN) {
                    Found below = look(child.id(), NodeReader.child(source, node, i, passed), passed, choice);
                    dropped = dropped.plus(below.dropped());
                    allKept &= below.allKept();
                } else {
                    dropped = fate == Fate.DROPPED ? dropped.plus(child.totals()) : dropped;
                    allKept &= fate == Fate.KEPT;
                }
            }
            passed = node.key(i);
        }
        if (allKept && kept.size() < REMEMBERED_MAX) {
            kept.add(id);
        }
        return new Found(dropped, allKept);
    }

    private Fate fate(Child child, @Nullable TreePath after, Choice choice) {
        return kept.contains(child.id()) ? Fate.KEPT : choice.of(after, child.last());
    }

    /**
     * Makes the manifest of what {@code choice} leaves of the one under {@code root}: the very nodes that a builder would
     * make of those entries. Only what is new among them goes to {@code sink}. {@link #dropped} with the same choice should
     * come first, since what it has seen need not be read again.
     */
    public ManifestRoot rest(ChunkId root, Choice choice, NodeSink sink, BoundaryHash boundaries) throws IOException {
        return rest(root, choice, new ManifestBuilder(sink, boundaries));
    }

    /** As {@link #rest}, into {@code builder}, which is empty yet. */
    ManifestRoot rest(ChunkId root, Choice choice, ManifestBuilder builder) throws IOException {
        return new ManifestEdit(source, root, choice, kept, builder).finish();
    }
}
