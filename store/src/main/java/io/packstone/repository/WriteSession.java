package io.packstone.repository;

import io.packstone.backend.ObjectNames;
import io.packstone.compress.Compression;
import io.packstone.crypto.ChunkHasher;
import io.packstone.crypto.Envelope;
import io.packstone.crypto.Randomness;
import io.packstone.error.UnsupportedFormatException;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.id.JobId;
import io.packstone.id.PackId;
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
import io.packstone.pipeline.FailureLatch;
import io.packstone.pipeline.PackContext;
import io.packstone.pipeline.PackStream;
import io.packstone.pipeline.StoredBlock;
import io.packstone.snapshot.JobRecord;
import io.packstone.snapshot.SnapshotRecord;
import io.packstone.snapshot.SnapshotState;
import java.io.Closeable;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One run that writes: it announces itself, stores new chunks in packs, and commits a snapshot by the protocol of
 * docs/format.md, Invariants (claim, list what prunes condemned, check, confirm). No step rests on a clock or a lock.
 *
 * <p>Threads: {@link #claim}, {@link #seal} and the byte counters may be used from any thread; the rest from one.
 */
public final class WriteSession implements Closeable {
    /** A pack ends with the block that reaches this many bytes. */
    static final long PACK_LENGTH_TARGET = 32L << 20;

    /** Plain bytes of a tree block at most. */
    private static final int TREE_BLOCK_LENGTH = 128 << 10;

    /** So many new chunks take the next open longer to read from the index's log than to write out now. */
    private static final int CHUNKS_WORTH_SETTLING = 10_000;

    private final Repository repository;
    private final ChunkIndex index;
    private final FailureLatch failures = new FailureLatch();
    private final PendingChunks pending = new PendingChunks();
    private final Set<PackId> reliedOn = ConcurrentHashMap.newKeySet();
    private final Map<PackId, Long> ownPacks = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<BlockSealer> sealers = new ConcurrentLinkedQueue<>();
    private final AtomicLong bytesStored = new AtomicLong();
    private final Compression compression;
    private final Randomness randomness;
    private final JobId job;
    private final Envelope envelope;
    private final SegmentOutput segments;
    private final PackStream dataPacks;
    private final PackStream treePacks;
    private final BlockDraft treeDraft = new BlockDraft(TREE_BLOCK_LENGTH);
    private final ChunkHasher treeHasher;
    private final AtomicLong chunksAdded = new AtomicLong();

    WriteSession(Repository repository, Compression compression, Randomness randomness) throws IOException {
        this.repository = repository;
        this.index = repository.index();
        this.compression = compression;
        this.randomness = randomness;
        this.treeHasher = new ChunkHasher(repository.keys().idKey());
        byte[] announcement = JobRecord.announce(repository.keys(), randomness);
        job = JobId.of(SnapshotLog.sha256(announcement));
        boolean interrupted = anyJobOpen();
        repository.vital().put(ObjectNames.job(job), announcement);
        envelope = repository.keys().newEnvelope(randomness);
        segments = new SegmentOutput(repository);
        if (interrupted) {
            repository.loader().loadPacks(damage -> {});
            repository.snapshots().completeCopies();
        }
        repository.completeConfig();
        adopt();
        PackContext context = new PackContext(
                repository.backend(), repository.keys(), envelope, job, PACK_LENGTH_TARGET, this::packStored);
        dataPacks = new PackStream(context, PackClass.DATA, failures);
        treePacks = new PackStream(context, PackClass.TREE, failures);
    }

    private boolean anyJobOpen() throws IOException {
        boolean[] open = new boolean[1];
        repository.backend().list(ObjectNames.JOBS, (name, length) -> open[0] = true);
        return open[0];
    }

    /**
     * A job that never ended, or a segment that was lost, left packs that no segment speaks of: they are found, so that
     * nothing is stored twice, and go into this session's segments, because whoever opens the repository next knows only
     * what segments speak of.
     */
    private void adopt() throws IOException {
        for (PackId pack : repository.loader().withoutSegment()) {
            segments.add(pack, index.packLength(pack), index.table(pack));
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
        return seal(draft, BlockType.DATA, dataPacks);
    }

    private int seal(BlockDraft draft, BlockType type, PackStream packs) throws IOException {
        if (draft.rowCount() == 0) {
            return 0;
        }
        failures.check();
        BlockSealer sealer = sealers.poll();
        if (sealer == null) {
            sealer = new BlockSealer(repository.keys(), envelope, compression, randomness);
        }
        byte[] stored;
        StoredBlock block;
        try {
            stored = sealer.seal(type, draft.plain(), 0, draft.length());
            block = new StoredBlock(type, sealer.codec(), stored, draft);
        } finally {
            sealers.add(sealer);
        }
        draft.clear();
        packs.add(block);
        return stored.length;
    }

    /** Stores manifest nodes and recipes; to be used by one thread. */
    public NodeSink nodes() {
        return (type, refs, refCount, payload, length) -> {
            ChunkId id = treeHasher.id(type, refs, refCount, payload, 0, length);
            if (claim(id, type)) {
                if (treeDraft.length() + length > TREE_BLOCK_LENGTH) {
                    seal(treeDraft, BlockType.TREE, treePacks);
                }
                treeDraft.add(id, type, refs, refCount, payload, 0, length);
            }
            return id;
        };
    }

    private void packStored(PackId id, long length, PackTable table) throws IOException {
        ownPacks.put(id, length);
        chunksAdded.addAndGet(table.rowCount());
        bytesStored.addAndGet(length);
        if (repository.config().parity()) {
            bytesStored.addAndGet(repository.parity().protect(ObjectNames.pack(id), length));
        }
        repository.loader().addPack(id, length, table);
        for (int row = 0; row < table.rowCount(); row++) {
            pending.remove(table.rowId(row));
        }
        segments.add(id, length, table);
    }

    /** The bytes of all packs and index segments put so far. */
    public long bytesStored() {
        return bytesStored.get() + segments.bytesStored();
    }

    /** Rethrows what failed on another thread. */
    public void check() throws IOException {
        failures.check();
    }

    /** Ends the open packs and puts the index segment that speaks of them; everything stored so far is durable then. */
    public void flush() throws IOException {
        seal(treeDraft, BlockType.TREE, treePacks);
        dataPacks.flush();
        treePacks.flush();
        if (chunksAdded.get() > CHUNKS_WORTH_SETTLING) {
            index.settle(); // While segment, claim and state are put.
            chunksAdded.set(0);
        }
        adopt();
        segments.flush();
    }

    /**
     * Commits: everything is flushed, the record is claimed and checked, and its state decided.
     *
     * @param record complete but for its links, order and job
     */
    public CommitOutcome commit(SnapshotRecord record) throws IOException {
        flush();
        if (pending.count() > 0) {
            throw new IllegalStateException(pending.count() + " chunks were taken on and never handed over");
        }
        UnaryOperator<SnapshotRecord> link = linked(repository.snapshots().list());
        while (true) {
            SnapshotId claim = repository.snapshots().claim(link.apply(record), randomness);
            refuseForeignPrune();
            CommitOutcome problem = whatIsGone(record);
            if (problem != null) {
                repository.snapshots().decide(claim, SnapshotState.VOID);
                repository.snapshots().copyState(claim, SnapshotState.VOID);
                return problem;
            }
            if (repository.snapshots().decide(claim, SnapshotState.CONFIRMED)) {
                return new CommitOutcome(claim, Set.of(), false, tidied(claim));
            }
        }
    }

    private UnaryOperator<SnapshotRecord> linked(SnapshotLog.View view) {
        return record -> record.linked(view.heads(), view.nextOrder(), job);
    }

    /** B4: the markers of prunes. This program writes none, so one that is there was made by a newer one. */
    private void refuseForeignPrune() throws IOException {
        repository.backend().list(ObjectNames.GC, (name, length) -> {
            throw new UnsupportedFormatException(
                    name, "a prune by a newer program is under way; use that version for this snapshot too");
        });
    }

    /**
     * B5: every pack relied on is there, in full, and so is the parent whose unchanged files were taken over: a
     * confirmed snapshot that is listed after the own claim keeps its closure.
     */
    private @Nullable CommitOutcome whatIsGone(SnapshotRecord record) throws IOException {
        Map<PackId, Long> present = new HashMap<>();
        Set<PackId> needed = new HashSet<>(reliedOn);
        needed.addAll(ownPacks.keySet());
        repository.backend().list(ObjectNames.PACKS, (name, length) -> {
            PackId id = ObjectNames.packId(name);
            if (id != null && needed.contains(id)) {
                present.put(id, length);
            }
        });
        Set<PackId> lost = new HashSet<>();
        for (PackId id : needed) {
            Long length = present.get(id);
            if (length == null || length != index.packLength(id)) {
                lost.add(id);
            }
        }
        SnapshotId parent = record.parent();
        boolean parentGone = parent != null
                && repository.snapshots().list().snapshots().stream().noneMatch(s -> s.id().equals(parent));
        if (lost.isEmpty() && !parentGone) {
            return null;
        }
        lost.forEach(index::exclude);
        reliedOn.clear();
        return new CommitOutcome(null, lost, parentGone, null);
    }

    /**
     * After the commit: what fails now does not make the snapshot one that was not taken. While the job stays announced,
     * the next session looks for what this one left.
     */
    private @Nullable IOException tidied(SnapshotId snapshot) {
        try {
            repository.snapshots().copyState(snapshot, SnapshotState.CONFIRMED);
            endJob();
            return null;
        } catch (IOException e) {
            return e;
        }
    }

    private void endJob() throws IOException {
        repository.vital().delete(ObjectNames.job(job));
    }

    /**
     * Keeps what was stored so far for the next run: sealed blocks are put in packs and indexed. Does nothing after a
     * failure; the job then stays announced, and the next run looks for its packs.
     */
    public void abandon() throws IOException {
        if (!failures.failed()) {
            flush();
            endJob();
        }
    }

    @Override
    public void close() {
        dataPacks.close();
        treePacks.close();
        sealers.forEach(BlockSealer::close);
    }
}
