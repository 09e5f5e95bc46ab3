package io.packstone.bundle;

import io.packstone.error.CorruptionException;
import io.packstone.error.ErrorKind;
import io.packstone.error.LimitExceededException;
import io.packstone.error.MissingObjectException;
import io.packstone.error.RepositoryException;
import io.packstone.id.ChunkId;
import io.packstone.id.RepositoryId;
import io.packstone.id.SnapshotId;
import io.packstone.maintenance.prune.Liveness;
import io.packstone.metadata.Quoting;
import io.packstone.pack.BlockType;
import io.packstone.pack.PackTable;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.CommitOutcome;
import io.packstone.repository.Repository;
import io.packstone.repository.StoredSnapshot;
import io.packstone.repository.WriteSession;
import io.packstone.snapshot.SnapshotRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Takes the snapshot of a bundle into a copy of the repository that it was exported from. Blocks are stored as they come,
 * and the snapshot is confirmed by the protocol of every snapshot once all of the bundle was verified. For one thread.
 */
public final class Import {
    private static final int ATTEMPTS = 3;
    private static final int DAMAGES_TOLD = 20;

    private final Repository repository;

    /** Into {@code repository}. */
    public Import(Repository repository) {
        this.repository = repository;
    }

    /**
     * Whose snapshot a bundle brings, by its first bytes; the stream is left behind them.
     *
     * @throws CorruptionException when they are not those of a bundle
     */
    public static RepositoryId repositoryOf(InputStream input, String name) throws IOException {
        return BundleReader.repositoryOf(input.readNBytes(BundleFormat.OPENING_LENGTH), name);
    }

    /** So many bytes {@link #repositoryOf} reads at most. */
    public static int openingLength() {
        return BundleFormat.OPENING_LENGTH;
    }

    /**
     * Imports.
     *
     * @throws CorruptionException when the bundle is damaged; what is whole of it may have been stored, and is not stored
     *     again by the next import of the same snapshot
     * @throws RepositoryException when the bundle's base is not here, or the bundle is of another repository
     *     ({@link ErrorKind#NOT_FOUND})
     */
    public ImportReport run(BundleSource source, ProgressListener progress) throws IOException {
        try (InputStream input = source.open()) {
            BundleReader reader = new BundleReader(input, source.name());
            if (!reader.repository().equals(repository.id())) {
                throw new RepositoryException(
                        ErrorKind.NOT_FOUND,
                        null,
                        source.name() + " is of repository " + reader.repository() + ", and this one is "
                                + repository.id() + "; it can be imported into a copy of its own repository only");
            }
            BundleFront front = reader.front(repository.keys());
            List<StoredSnapshot> here = repository.snapshots().list().snapshots();
            StoredSnapshot same = find(here, front.snapshot());
            if (same != null) {
                return new ImportReport(same.id(), front, null, false, 0, 0, 0, 0, null);
            }
            StoredSnapshot base = base(here, front, source.name());
            repository.loadIndex(); // After the list: whoever commits a snapshot puts its segments first.
            return new Run(source, front, base, progress).store(reader);
        }
    }

    /** The same snapshot, or what was brought here of it. */
    private static @Nullable StoredSnapshot find(List<StoredSnapshot> here, StoredSnapshot wanted) {
        for (StoredSnapshot each : here) {
            SnapshotRecord.Origin origin = each.record().origin();
            boolean isCopy = origin != null
                    && origin.snapshot().equals(wanted.id())
                    && each.record().root().equals(wanted.record().root());
            if (isCopy || each.id().equals(wanted.id())) {
                return each;
            }
        }
        return null;
    }

    /** A snapshot with the base's root has all that the base has, whatever it is called here. */
    private static @Nullable StoredSnapshot base(List<StoredSnapshot> here, BundleFront front, String name)
            throws RepositoryException {
        StoredSnapshot base = front.base();
        if (base == null) {
            return null;
        }
        for (StoredSnapshot each : here) {
            if (each.record().root().equals(base.record().root())) {
                return each;
            }
        }
        throw baseMissing(base, name);
    }

    private static RepositoryException baseMissing(StoredSnapshot base, String name) {
        return new RepositoryException(
                ErrorKind.NOT_FOUND,
                null,
                name + " holds only what is new since snapshot " + base.id() + " of "
                        + Quoting.quote(base.record().host()) + ", taken at "
                        + Instant.ofEpochSecond(base.record().time().seconds())
                        + ", which is not in this repository; import that one first, or a full bundle");
    }

    /** One import, with what it needs at every step. */
    private final class Run implements BundleReader.Sink {
        private final BundleSource source;
        private final BundleFront front;
        private final @Nullable StoredSnapshot base;
        private final ProgressListener progress;
        private final List<CorruptionException> damages = new ArrayList<>();
        private long damageCount;
        private long chunksLost;
        private long chunks;
        private long chunksStored;
        private long bytes;
        private List<ChunkId> missing = List.of();
        private @Nullable WriteSession session;
        private @Nullable BlockProof proof;

        private Run(BundleSource source, BundleFront front, @Nullable StoredSnapshot base, ProgressListener progress) {
            this.source = source;
            this.front = front;
            this.base = base;
            this.progress = progress;
        }

        private ImportReport store(BundleReader first) throws IOException {
            progress.stage("import", 0, 0);
            try (WriteSession begun = repository.begin(repository.compression());
                    BlockProof opened = new BlockProof(repository.keys())) {
                session = begun;
                proof = opened;
                try {
                    return commit(begun, first);
                } catch (InterruptedIOException | ClosedByInterruptException e) {
                    Thread.interrupted();
                    begun.abandon();
                    throw e;
                } catch (RepositoryException
                        | CorruptionException
                        | MissingObjectException
                        | LimitExceededException e) {
                    begun.abandon();
                    throw e;
                }
            }
        }

        private ImportReport commit(WriteSession begun, BundleReader first) throws IOException {
            read(first);
            boolean onceMore = true;
            for (int attempt = 1; ; attempt++) {
                SnapshotId baseHere = base == null ? null : base.id();
                SnapshotRecord record =
                        front.snapshot().record().broughtFrom(front.snapshot().id(), baseHere);
                CommitOutcome outcome = begun.commit(record, this::isWhole);
                SnapshotId snapshot = outcome.snapshot();
                if (snapshot != null) {
                    return new ImportReport(
                            snapshot,
                            front,
                            baseHere,
                            true,
                            chunks,
                            chunksStored,
                            bytes,
                            begun.bytesStored(),
                            outcome.unfinished());
                }
                if (onceMore && outcome.lost().isEmpty() && !outcome.parentGone()) {
                    onceMore = false; // What was condemned at that moment may have been spared.
                    continue;
                }
                refuse(outcome, attempt);
                progress.warn(outcome.lost().size() + " packs that were to be shared are gone; reading "
                        + Quoting.quote(source.name()) + " again");
                try (InputStream again = source.open()) {
                    BundleReader reader = new BundleReader(again, source.name());
                    if (!reader.front(repository.keys()).equals(front)) {
                        throw new RepositoryException(
                                ErrorKind.NOT_FOUND, null, source.name() + " was changed while it was read");
                    }
                    read(reader);
                }
            }
        }

        private boolean isWhole() throws IOException {
            missing = Liveness.missing(repository, front.snapshot().record().root());
            return missing.isEmpty();
        }

        /** Throws why there is no second attempt, unless there is one. */
        private void refuse(CommitOutcome outcome, int attempt) throws RepositoryException {
            StoredSnapshot wanted = front.base();
            if (outcome.parentGone() && wanted != null) {
                throw baseMissing(wanted, source.name());
            }
            String snapshot = "snapshot " + front.snapshot().id().toShortHex();
            if (outcome.lost().isEmpty()) {
                throw new RepositoryException(
                        ErrorKind.MISSING,
                        null,
                        snapshot + " was not imported: chunk " + missing.get(0).toShortHex()
                                + " that it needs is neither in " + source.name()
                                + " nor in this repository; run packstone check, or import a full bundle");
            }
            if (!source.opensAgain() || attempt == ATTEMPTS) {
                throw new RepositoryException(
                        ErrorKind.NOT_FOUND,
                        null,
                        snapshot + " was not imported: a prune has deleted packs that it was to share; import "
                                + source.name() + " again");
            }
        }

        private void read(BundleReader reader) throws IOException {
            chunks = 0;
            try {
                reader.read(repository.keys(), this);
            } catch (CorruptionException e) {
                if (damageCount == 0) {
                    throw notImported(e.getMessage() + "; it costs all that comes after");
                }
                damaged(e);
            }
            if (damageCount > 0) {
                throw notImported(
                        damageCount == 1
                                ? String.valueOf(damages.get(0).getMessage())
                                : damages.get(0).getMessage() + ", and in "
                                        + (damageCount == 2 ? "another place" : (damageCount - 1) + " other places"));
            }
            bytes = reader.offset();
        }

        private CorruptionException notImported(String message) {
            String prefix = source.name() + " is damaged";
            String what = message.startsWith(prefix)
                    ? message.substring(prefix.length()).strip()
                    : message;
            return new CorruptionException(
                    source.name(),
                    what + ". Snapshot " + front.snapshot().id().toShortHex()
                            + " was not imported; what is whole was kept: bring the bundle once more, or export it"
                            + " again, and import that");
        }

        @Override
        public void block(PackTable table, int block, byte[] stored, long at) throws IOException {
            if (Thread.interrupted()) {
                throw new InterruptedIOException(
                        "interrupted; what was stored so far is kept for the next import of the same bundle");
            }
            BitSet dead = BlockProof.dead(table, block);
            int live = BundleReader.liveRows(table, block);
            chunks += live;
            String name = source.name() + ", block at offset " + at + " (" + stored.length + " bytes, " + live
                    + " chunks" + (table.blockType(block) == BlockType.TREE ? " of the manifest)" : ")");
            try {
                Objects.requireNonNull(proof).open(table, block, stored, dead, name);
            } catch (CorruptionException e) {
                chunksLost += live;
                throw e;
            }
            if (live > 0 && !isStored(table, block)) {
                chunksStored += live;
                Objects.requireNonNull(session).move(table, block, stored, dead);
            }
            progress.advance(0, stored.length);
        }

        /** True when every chunk of the block is in packs that this session may rely on, which it then does. */
        private boolean isStored(PackTable table, int block) throws IOException {
            int first = table.blockFirstRow(block);
            int end = table.blockFirstRow(block + 1);
            for (int row = first; row < end; row++) {
                if (!table.rowDead(row) && repository.index().find(table.rowId(row), table.rowType(row)) == null) {
                    return false;
                }
            }
            for (int row = first; row < end; row++) {
                if (!table.rowDead(row)
                        && !Objects.requireNonNull(session).isStored(table.rowId(row), table.rowType(row))) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public void damaged(CorruptionException cause) {
            damageCount++;
            if (damages.size() < DAMAGES_TOLD) {
                damages.add(cause);
                progress.warn(Quoting.quote(String.valueOf(cause.getMessage())));
            }
        }
    }
}
