package io.packstone.repository;

import io.packstone.compress.Compression;
import io.packstone.crypto.ChunkHasher;
import io.packstone.crypto.Envelope;
import io.packstone.crypto.Randomness;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.id.PackId;
import io.packstone.id.SegmentId;
import io.packstone.id.SnapshotId;
import io.packstone.index.ChunkIndex;
import io.packstone.index.ChunkLocation;
import io.packstone.index.PendingChunks;
import io.packstone.manifest.NodeSink;
import io.packstone.pack.BlockSealer;
import io.packstone.pack.BlockType;
import io.packstone.pack.PackClass;
import io.packstone.pack.PackTable;
import io.packstone.pipeline.BlockDraft;
import io.packstone.pipeline.StoredBlock;
import io.packstone.snapshot.SnapshotRecord;
import io.packstone.snapshot.SnapshotState;
import java.io.Closeable;
import java.io.IOException;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * One run that writes: it announces itself, stores new chunks in packs, and commits a snapshot by the protocol of
 * docs/format.md, Invariants (claim, list what prunes condemned, check, confirm). No step rests on a clock or a lock.
 *
 * <p>Threads: {@link #claim}, {@link #seal} and the byte counters may be used from any thread; the rest from one.
 */
public final class WriteSession implements Closeable {
    /** Plain bytes of a tree block at most. */
    private static final String KIND = "snapshot";

    private final Repository repository;
    private final ChunkIndex index;
    private final PendingChunks pending = new PendingChunks();
    private final Set<PackId> reliedOn = ConcurrentHashMap.newKeySet();
    private final ConcurrentLinkedQueue<BlockSealer> sealers = new ConcurrentLinkedQueue<>();
    private final Compression compression;
    private final Randomness randomness;
    private final Protocol protocol;
    private final Envelope envelope;
    private final PackOutput output;
    private final BlockDraft treeDraft = new BlockDraft(BlockDraft.TREE_LENGTH);
    private final ChunkHasher treeHasher;
    private boolean mayLackCopies;

    WriteSession(Repository repository, Compression compression) throws IOException {
        this.repository = repository;
        this.index = repository.index();
        this.compression = compression;
        this.randomness = repository.workings().randomness();
        this.protocol = repository.workings().protocol();
        this.treeHasher = new ChunkHasher(repository.keys().idKey());
        repository.expectConfig();
        boolean interrupted = repository.jobs().anyOpen();
        output = new PackOutput(repository, KIND, this::stored);
        protocol.avoided().forEach(index::exclude);
        if (interrupted) {
            // A job that never ended left packs that no segment speaks of: found, nothing is stored twice.
            repository.loader().loadPacks(damage -> {});
            repository.backend().settle();
            repository.snapshots().completeCopies();
        }
        repository.completeConfig();
        output.adopt();
        envelope = repository.keys().newEnvelope(randomness);
    }

    private void stored(PackTable table) {
        for (int row = 0; row < table.rowCount(); row++) {
            pending.remove(table.rowId(row));
        }
    }

    /**
     * True when the caller must store this chunk; false when it is stored already or somebody in this session has taken
     * it on. A pack that is relied on is checked before the commit.
     */
    public boolean claim(ChunkId id, ChunkType type) throws IOException {
        ChunkLocation known = index.find(id, type);
        if (known != null) {
            reliedOn.add(known.pack());
            return false;
        }
        return pending.claim(id);
    }

    /** True when the chunk is stored in a pack that this session may rely on, which is then checked at the commit. */
    public boolean isStored(ChunkId id, ChunkType type) throws IOException {
        ChunkLocation known = index.find(id, type);
        if (known != null) {
            reliedOn.add(known.pack());
        }
        return known != null;
    }

    /**
     * Compresses, seals and verifies {@code draft} on the calling thread, hands it to a pack and clears it.
     *
     * @return how many bytes it takes in the pack
     */
    public int seal(BlockDraft draft) throws IOException {
        return seal(draft, BlockType.DATA, PackClass.DATA);
    }

    private int seal(BlockDraft draft, BlockType type, PackClass packClass) throws IOException {
        if (draft.rowCount() == 0) {
            return 0;
        }
        output.check();
        BlockSealer sealer = sealers.poll();
        if (sealer == null) {
            sealer = new BlockSealer(repository.keys(), envelope, compression, randomness);
        }
        byte[] stored;
        StoredBlock block;
        try {
            stored = sealer.seal(type, draft.plain(), 0, draft.length());
            block = new StoredBlock(type, sealer.codec(), stored, draft, envelope);
        } finally {
            sealers.add(sealer);
        }
        draft.clear();
        output.add(block, packClass);
        return stored.length;
    }

    /**
     * Takes over a block that was sealed in this repository, or a copy of it, as it is. Its chunks are the caller's to have
     * proved; they need not have been claimed.
     *
     * @param dead rows of it, counted within the block, that are flagged so
     */
    public void move(PackTable table, int block, byte[] stored, BitSet dead) throws IOException {
        output.check();
        PackClass packClass = table.blockType(block) == BlockType.TREE ? PackClass.TREE : PackClass.DATA;
        output.add(new StoredBlock(table, block, stored, dead), packClass);
    }

    /** Stores manifest nodes and recipes; to be used by one thread. */
    public NodeSink nodes() {
        return (type, refs, refCount, payload, length) -> {
            ChunkId id = treeHasher.id(type, refs, refCount, payload, 0, length);
            if (claim(id, type)) {
                if (!treeDraft.fits(length, 1, BlockDraft.TREE_LENGTH)) {
                    seal(treeDraft, BlockType.TREE, PackClass.TREE);
                }
                treeDraft.add(id, type, refs, refCount, payload, 0, length);
            }
            return id;
        };
    }

    /**
     * Says, with the next {@link #flush}, that these index segments have nothing which others don't have: packs that only
     * a damaged segment spoke of are in this session's own.
     */
    public void supersede(Collection<SegmentId> damaged) {
        output.supersede(damaged);
    }

    /** The bytes of all packs and index segments put so far. */
    public long bytesStored() {
        return output.bytesStored();
    }

    /** Rethrows what failed on another thread. */
    public void check() throws IOException {
        output.check();
    }

    /** Ends the open packs and puts the index segment that speaks of them; everything stored so far is durable then. */
    public void flush() throws IOException {
        seal(treeDraft, BlockType.TREE, PackClass.TREE);
        output.flush();
    }

    /** Asked between the claim and its decision whether the snapshot has all it needs, as far as only the caller knows. */
    public interface Proof {
        /** False when it has not, and so must not be confirmed. */
        boolean holds() throws IOException;
    }

    /**
     * Commits: everything is flushed, the record is claimed and checked, and its state decided.
     *
     * @param record complete but for its links, order and job; an order it has is one that its writer knew
     */
    public CommitOutcome commit(SnapshotRecord record) throws IOException {
        return commit(record, Set.of());
    }

    /** As above, if {@code proof} holds too; if only that does not, the outcome is a failure without a reason. */
    public CommitOutcome commit(SnapshotRecord record, Proof proof) throws IOException {
        return commit(record, Set.of(), proof, true);
    }

    /** As above, of a snapshot that took over from {@code partials} too: they are looked at as the parent is. */
    public CommitOutcome commit(SnapshotRecord record, Set<SnapshotId> partials) throws IOException {
        return commit(record, partials, () -> true, true);
    }

    /**
     * Commits what there is so far, and the session goes on; everything taken on must have been handed over. When that fails
     * with an exception, nothing is lost; an outcome without a snapshot is as that of a commit.
     */
    public CommitOutcome checkpoint(SnapshotRecord record, Set<SnapshotId> partials) throws IOException {
        boolean before = mayLackCopies;
        mayLackCopies = true;
        CommitOutcome outcome = commit(record, partials, () -> true, false);
        mayLackCopies = before || outcome.unfinished() != null;
        return outcome;
    }

    private CommitOutcome commit(SnapshotRecord record, Set<SnapshotId> partials, Proof proof, boolean isLast)
            throws IOException {
        flush();
        if (pending.count() > 0) {
            throw new IllegalStateException(pending.count() + " chunks were taken on and never handed over");
        }
        Set<SnapshotId> parents = new HashSet<>(partials);
        if (record.parent() != null) {
            parents.add(record.parent());
        }
        while (true) {
            SnapshotLog.View view = repository.snapshots().list();
            long order = Math.max(view.nextOrder(), record.order() + 1);
            SnapshotId claim = protocol.claim(record.linked(view.heads(), order, output.job()), randomness);
            CommitOutcome problem = whatIsGone(parents);
            if (problem == null && !proof.holds()) {
                CommitOutcome meanwhile = whatIsGone(parents); // Whoever took this job for dead was quick.
                problem = meanwhile == null ? new CommitOutcome(null, Set.of(), false, null) : meanwhile;
            }
            if (problem != null) {
                protocol.refuse(claim);
                beginAgain(problem.lost());
                return problem;
            }
            if (protocol.decide(claim, SnapshotState.CONFIRMED)) {
                return new CommitOutcome(claim, Set.of(), false, tidied(claim, isLast));
            }
            output.renewIfVoid();
        }
    }

    /**
     * What the snapshot can't rest on: packs that a prune has condemned (asked first), that are not there or not whole
     * (asked then), and parents that no longer stand. A parent that stands after the own claim was put keeps its
     * closure, so what was taken over from it needs no look: whatever prune lists snapshots finds one or the other.
     */
    private @Nullable CommitOutcome whatIsGone(Set<SnapshotId> parents) throws IOException {
        Set<PackId> needed = new HashSet<>(reliedOn);
        needed.addAll(output.packs().keySet());
        Set<PackId> condemned = protocol.condemned(null);
        Map<PackId, Long> present = new HashMap<>();
        protocol.packs((id, length) -> {
            if (needed.contains(id)) {
                present.put(id, length);
            }
        });
        Set<PackId> lost = new HashSet<>();
        for (PackId id : needed) {
            Long length = present.get(id);
            if (length == null || length != index.packLength(id) || condemned.contains(id)) {
                lost.add(id);
            }
        }
        boolean parentGone = false;
        for (SnapshotId parent : parents) {
            parentGone |= !protocol.stands(parent);
        }
        return lost.isEmpty() && !parentGone ? null : new CommitOutcome(null, lost, parentGone, null);
    }

    /**
     * After the commit: what fails now does not make the snapshot one that was not taken. While the job stays announced,
     * the next session looks for what this one left.
     */
    private @Nullable IOException tidied(SnapshotId snapshot, boolean isLast) {
        try {
            protocol.copyState(snapshot, SnapshotState.CONFIRMED);
            if (isLast) {
                completeCopies();
                output.end();
            }
            return null;
        } catch (IOException e) {
            return e;
        }
    }

    /** As the next session does after one that never ended: this one will have, and a checkpoint of it failed. */
    private void completeCopies() throws IOException {
        if (mayLackCopies) {
            repository.snapshots().completeCopies();
            mayLackCopies = false;
        }
    }

    /** Nothing rests on what was lost; what prunes have put elsewhere is found, so that it is not stored again. */
    private void beginAgain(Set<PackId> lost) throws IOException {
        lost.forEach(index::exclude);
        reliedOn.clear();
        output.clearPacks();
        output.renewIfVoid();
        repository.loader().loadSegments(damage -> {});
    }

    /**
     * Keeps what was stored so far for the next run: sealed blocks are put in packs and indexed. Does nothing after a
     * failure; the job then stays announced, and the next run looks for its packs.
     */
    public void abandon() throws IOException {
        completeCopies();
        output.abandon();
    }

    @Override
    public void close() {
        output.close();
        sealers.forEach(BlockSealer::close);
    }
}
