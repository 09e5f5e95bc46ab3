package io.packstone.bundle;

import io.packstone.backup.Backup;
import io.packstone.error.CorruptionException;
import io.packstone.error.ErrorKind;
import io.packstone.error.MissingObjectException;
import io.packstone.error.RepositoryException;
import io.packstone.id.ChunkId;
import io.packstone.id.PackId;
import io.packstone.maintenance.prune.Liveness;
import io.packstone.maintenance.prune.WorkFolder;
import io.packstone.pack.BlockType;
import io.packstone.pack.PackTable;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.Repository;
import io.packstone.repository.StoredSnapshot;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes a snapshot, or what it has and another one has not, as one stream. What it needs is found through tables, as a
 * prune does it; sealed blocks are read, seen to be right, and written as they are. For one thread.
 */
public final class Export {
    private final Repository repository;

    /** Of {@code repository}. */
    public Export(Repository repository) {
        this.repository = repository;
    }

    /**
     * Writes a bundle to {@code output}, which stays the caller's to close.
     *
     * @param base what this one needs is left out; null for nothing
     * @throws RepositoryException when something that the snapshot needs is gone
     */
    public ExportReport run(
            StoredSnapshot snapshot, @Nullable StoredSnapshot base, OutputStream output, ProgressListener progress)
            throws IOException {
        repository.loadIndex().loader().loadRest();
        Map<PackId, Long> present = new HashMap<>();
        repository.protocol().packs(present::put);
        BundleKind kind = BundleKind.of(snapshot, base);
        List<ChunkId> others = base == null ? List.of() : List.of(base.record().root());
        try (WorkFolder folder = new WorkFolder();
                Liveness needed = Liveness.difference(
                        repository, folder, List.of(snapshot.record().root()), others, present)) {
            requireWhole(snapshot, needed);
            BundleWriter writer = new BundleWriter(output, repository.keys(), repository.randomness());
            writer.front(BundleFormat.encodeFront(
                    kind,
                    repository.snapshots().stored(snapshot.id()),
                    base == null ? new byte[0] : repository.snapshots().stored(base.id()),
                    snapshot.record().tags(),
                    Backup.PROGRAM));
            SectionDraft section = new SectionDraft(writer);
            try (FreshBlocks fresh = new FreshBlocks(repository, section);
                    BlockProof proof = new BlockProof(repository.keys())) {
                new Blocks(needed, section, fresh, proof, progress).write();
            }
            section.write();
            writer.end();
            return new ExportReport(snapshot, base, kind, writer.chunks(), writer.offset());
        }
    }

    private static void requireWhole(StoredSnapshot snapshot, Liveness needed) throws RepositoryException {
        List<ChunkId> missing = new ArrayList<>(needed.gone());
        missing.addAll(needed.unknown());
        if (!missing.isEmpty()) {
            throw new RepositoryException(
                    ErrorKind.MISSING,
                    null,
                    "snapshot " + snapshot.id().toShortHex() + " can't be exported whole: chunk "
                            + missing.get(0).toShortHex() + " is gone; run packstone check");
        }
    }

    /** One way through the packs that have what is needed. */
    private final class Blocks {
        /** A block is made anew when at least this share of it is of no use: what is carried should be small. */
        private static final int SHARE_MADE_ANEW = 8;

        private final Liveness needed;
        private final SectionDraft section;
        private final FreshBlocks fresh;
        private final BlockProof proof;
        private final ProgressListener progress;

        private Blocks(
                Liveness needed, SectionDraft section, FreshBlocks fresh, BlockProof proof, ProgressListener progress) {
            this.needed = needed;
            this.section = section;
            this.fresh = fresh;
            this.proof = proof;
            this.progress = progress;
        }

        private void write() throws IOException {
            progress.stage("export", 0, 0);
            for (PackId pack : needed.usedPacks()) {
                PackTable table = repository.index().table(pack);
                for (int block = 0; block < table.blockCount(); block++) {
                    BitSet dead = needed.unused(pack, table, block);
                    int rows = table.blockFirstRow(block + 1) - table.blockFirstRow(block);
                    if (table.blockType(block) != BlockType.PAD && dead.cardinality() < rows) {
                        checkInterrupt();
                        write(pack, table, block, dead);
                        progress.advance(0, table.blockStoredLength(block));
                    }
                }
            }
            fresh.finish();
        }

        private void write(PackId pack, PackTable table, int block, BitSet dead) throws IOException {
            byte[] stored = new byte[table.blockStoredLength(block)];
            byte[] plain;
            try {
                repository.blocks().read(pack, table.blockOffset(block), stored, stored.length);
                plain = proof.open(table, block, stored, dead, "block " + block + " of packs/" + pack);
            } catch (CorruptionException | MissingObjectException e) {
                fresh.addOneByOne(table, block, dead); // Damaged, or moved by a prune: there may be other copies.
                return;
            }
            if (isWorthMakingAnew(table, block, dead)) {
                fresh.add(table, block, dead, plain);
            } else {
                section.move(table, block, stored, dead);
            }
        }

        private static boolean isWorthMakingAnew(PackTable table, int block, BitSet dead) {
            long useless = 0;
            int first = table.blockFirstRow(block);
            for (int row = dead.nextSetBit(0); row >= 0; row = dead.nextSetBit(row + 1)) {
                useless += table.rowPayloadLength(first + row);
            }
            return useless * SHARE_MADE_ANEW >= table.blockPlainLength(block) && useless > 0;
        }

        private static void checkInterrupt() throws InterruptedIOException {
            if (Thread.interrupted()) {
                throw new InterruptedIOException("interrupted; there is no bundle");
            }
        }
    }
}
