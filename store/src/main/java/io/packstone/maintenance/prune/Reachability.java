package io.packstone.maintenance.prune;

import io.packstone.error.MissingObjectException;
import io.packstone.id.ChunkId;
import io.packstone.id.PackId;
import io.packstone.pack.PackTable;
import io.packstone.repository.Repository;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Follows references from the roots of snapshots, through the tables of packs: no manifest is read, and no key but the
 * structure key is used. References are followed in every copy of a chunk that is known, packs that are gone included.
 *
 * <p>Packs are swept from the newest known to the oldest, each table read once a sweep: children are stored before their
 * parents, so one or two sweeps do, and never more than a manifest is deep. For one thread.
 */
final class Reachability {
    private final Repository repository;
    private final PackCatalog catalog;
    private final TreeRows tree = new TreeRows();
    private final byte[] scratch = TreeRows.scratch();

    Reachability(Repository repository, PackCatalog catalog) {
        this.repository = repository;
        this.catalog = catalog;
    }

    /** Told of rows of packs that are new. */
    interface RowSink {
        /** {@code id} is borrowed; flagged is whether the row is dead. */
        void row(byte[] id, int pack, int row) throws IOException;
    }

    /** Told of the ids of chunks that are needed, each at least once. */
    interface LiveSink {
        /** {@code id} is borrowed and starts at {@code offset}. */
        void live(byte[] id, int offset) throws IOException;
    }

    /** Takes in the packs of the index that were not known yet; {@code sink} is told of their rows but for dead ones. */
    void addPacks(RowSink sink) throws IOException {
        List<PackId> fresh = new ArrayList<>();
        repository.index().forEachPack((id, length) -> {
            if (catalog.find(id) < 0) {
                fresh.add(id);
            }
        });
        for (PackId id : fresh) {
            PackTable table = repository.index().table(id);
            int pack = catalog.add(id, repository.index().packLength(id), table.rowCount());
            for (int row = 0; row < table.rowCount(); row++) {
                if (!table.rowDead(row)) {
                    table.rowId(row).copyTo(scratch, 0);
                    if (table.rowRefCount(row) > 0) {
                        tree.add(scratch, pack, row);
                    }
                    sink.row(scratch, pack, row);
                }
            }
        }
    }

    /** Tells of all that {@code roots} lead to and that was not told before, and of the roots. */
    void follow(Collection<ChunkId> roots, LiveSink sink) throws IOException {
        for (ChunkId root : roots) {
            root.copyTo(scratch, 0);
            reach(scratch, 0, sink);
        }
        int at = tree.lastPending(tree.count());
        while (at >= 0) {
            at = sweepPack(at, sink);
            if (at < 0) {
                at = tree.lastPending(tree.count());
            }
        }
    }

    /** A chunk that was reached and whose references nothing tells any more; null when there is none. */
    @Nullable
    ChunkId unfollowed() {
        int at = tree.unfollowed();
        return at < 0 ? null : tree.id(at);
    }

    private void reach(byte[] id, int offset, LiveSink sink) throws IOException {
        if (!tree.isReached(id, offset)) {
            tree.request(id, offset);
            sink.live(id, offset);
        }
    }

    /** Expands what is pending in the pack of {@code from}, downwards; the next place to go on at. */
    private int sweepPack(int from, LiveSink sink) throws IOException {
        int pack = tree.pack(from);
        PackTable table = table(catalog.id(pack));
        int at = from;
        while (at >= 0 && tree.pack(at) == pack) {
            if (table == null) {
                tree.setUnread(at);
            } else {
                tree.setExpanded(at);
                byte[] refs = table.rowRefs(tree.row(at));
                for (int ref = 0; ref < refs.length; ref += ChunkId.LENGTH) {
                    reach(refs, ref, sink);
                }
            }
            at = tree.lastPending(at);
        }
        return at;
    }

    /** Null when the pack is no longer indexed: another prune has deleted it since. */
    private @Nullable PackTable table(PackId pack) throws IOException {
        try {
            return repository.index().table(pack);
        } catch (MissingObjectException e) {
            return null;
        }
    }
}
