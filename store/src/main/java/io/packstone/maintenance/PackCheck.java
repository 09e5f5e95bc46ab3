package io.packstone.maintenance;

import io.packstone.backend.ObjectNames;
import io.packstone.crypto.ChunkHasher;
import io.packstone.crypto.Hmac;
import io.packstone.crypto.KeyRing;
import io.packstone.error.CorruptionException;
import io.packstone.error.LimitExceededException;
import io.packstone.error.MissingObjectException;
import io.packstone.error.StoreException;
import io.packstone.id.ChunkId;
import io.packstone.id.PackId;
import io.packstone.pack.PackTable;
import io.packstone.pipeline.BlockDraft;
import io.packstone.repository.Repository;
import io.packstone.repository.objects.ParityStore;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** Checks packs one by one. Thread-safe. */
final class PackCheck {
    private static final int PACK_LENGTH_MAX = 1 << 30;

    /** A few blocks, or one that is longer. */
    private static final int PIECE_LENGTH = 2 << 20;

    private static final long UNREAD = -1;

    private final Repository repository;
    private final DamageList damage;
    private final AtomicLong bytesRead = new AtomicLong();
    private final ConcurrentLinkedQueue<Scratch> scratches = new ConcurrentLinkedQueue<>();
    private final Map<PackId, Set<ChunkId>> lost = new ConcurrentHashMap<>();

    PackCheck(Repository repository, DamageList damage) {
        this.repository = repository;
        this.damage = damage;
    }

    long bytesRead() {
        return bytesRead.get();
    }

    /** True once any chunk was seen not to be readable somewhere. */
    boolean anyLost() {
        return !lost.isEmpty();
    }

    /** Takes in packs that no index segment speaks of; damage is told. */
    void loadRest() throws IOException {
        repository.loader().loadPacks(damage::add);
    }

    /** Packs that no index segment speaks of, when that is not for damaged segments, which are told of anyway. */
    Set<PackId> unspoken() throws IOException {
        return repository.damage().isEmpty() ? repository.index().lonePacks() : Set.of();
    }

    /** True when a chunk in that pack was seen not to be readable there. */
    boolean isLost(PackId pack, ChunkId id) {
        Set<ChunkId> chunks = lost.get(pack);
        return chunks != null && chunks.contains(id);
    }

    /** The table a pack carries is the one the index knows. */
    void structure(PackId id, long length) throws IOException {
        String name = ObjectNames.pack(id);
        try {
            if (length != repository.index().packLength(id)) {
                throw new CorruptionException(
                        name, length, repository.index().packLength(id) + " bytes, as the index says", length + "");
            }
            PackTable own = repository.loader().table(id, length);
            if (!Arrays.equals(own.plainBytes(), repository.index().table(id).plainBytes())) {
                throw new CorruptionException(name, "its table is not the one its index segment speaks of");
            }
        } catch (StoreException e) {
            damage.add(name, e);
        }
    }

    /** A pack the index knows is gone. */
    void missing(PackId id) throws IOException {
        damage.add(ObjectNames.pack(id), new MissingObjectException(ObjectNames.pack(id), "an index segment"));
        PackTable table = repository.index().table(id);
        lose(id, table, 0, table.rowCount());
    }

    private void lose(PackId pack, PackTable table, int firstRow, int endRow) {
        Set<ChunkId> chunks = lost.computeIfAbsent(pack, id -> ConcurrentHashMap.newKeySet());
        for (int row = firstRow; row < endRow; row++) {
            chunks.add(table.rowId(row));
        }
    }

    /** What a pack's index segment says of its length. */
    long length(PackId id) throws IOException {
        return repository.index().packLength(id);
    }

    /** Reads every byte: the name, every block, every chunk. True when all is right. */
    boolean data(PackId id) throws IOException {
        PackTable table = repository.index().table(id);
        Scratch scratch = scratches.poll();
        if (scratch == null) {
            scratch = new Scratch(repository.keys());
        }
        try {
            read(id, table, scratch);
        } finally {
            scratches.add(scratch);
        }
        parity(ObjectNames.pack(id), repository.index().packLength(id));
        return !damage.has(ObjectNames.pack(id));
    }

    /** What one thread needs to check a pack, kept for the next: fresh arrays would cost as much as hashing. */
    private static final class Scratch {
        private final ChunkHasher hasher;
        private byte[] stored = new byte[PIECE_LENGTH];
        private byte[] plain = new byte[BlockDraft.DATA_LENGTH];

        Scratch(KeyRing keys) {
            hasher = new ChunkHasher(keys.idKey());
        }
    }

    /** Reads a pack from end to end in pieces: what is hashed is opened while it is in the core's cache. */
    private void read(PackId id, PackTable table, Scratch scratch) throws IOException {
        String name = ObjectNames.pack(id);
        MessageDigest digest = Hmac.sha256();
        boolean isWhole = true;
        long at = 0;
        for (int block = 0, row = 0; block < table.blockCount(); ) {
            int next = block + 1;
            while (next < table.blockCount() && endOf(table, next) - at <= PIECE_LENGTH) {
                next++;
            }
            long end = endOf(table, next - 1);
            boolean isRead = readPiece(name, at, (int) (end - at), scratch, digest);
            for (; block < next; block++) {
                row = block(id, table, block, row, scratch, isRead ? at : UNREAD);
            }
            isWhole &= isRead;
            at = end;
        }
        if (isWhole
                && readRest(name, at, scratch, digest)
                && !PackId.of(digest.digest()).equals(id)) {
            damage.add(name, new CorruptionException(name, "its SHA-256 is not its name"));
        }
    }

    private static long endOf(PackTable table, int block) {
        return table.blockOffset(block) + table.blockStoredLength(block);
    }

    /** What follows the blocks, or whatever the object is too long by. */
    private boolean readRest(String name, long from, Scratch scratch, MessageDigest digest) throws IOException {
        long length = repository.backend().length(name);
        if (length < 0) {
            damage.add(name, new MissingObjectException(name, "a reader"));
            return false;
        }
        if (length > PACK_LENGTH_MAX) {
            damage.add(name, new LimitExceededException(name, "its length", length, PACK_LENGTH_MAX));
            return false;
        }
        boolean isRead = true;
        for (long at = from; isRead && at < length; at += PIECE_LENGTH) {
            isRead = readPiece(name, at, (int) Math.min(PIECE_LENGTH, length - at), scratch, digest);
        }
        return isRead;
    }

    /** False when a piece can't be read, which is told; but a block of it may still be read alone. */
    private boolean readPiece(String name, long offset, int length, Scratch scratch, MessageDigest digest)
            throws IOException {
        if (scratch.stored.length < length) {
            scratch.stored = new byte[length];
        }
        try {
            repository.backend().read(name, offset, scratch.stored, 0, length);
        } catch (StoreException e) {
            damage.add(name, e);
            return false;
        }
        bytesRead.addAndGet(length);
        digest.update(scratch.stored, 0, length);
        return true;
    }

    /** What parity a pack or index segment has is as it was written. */
    void parity(String name, long length) throws IOException {
        try {
            repository.parity().verify(name, length);
        } catch (StoreException e) {
            damage.add(ParityStore.nameFor(name), e);
        }
    }

    /** Checks a block, of the piece that was read from offset {@code piece} of the pack. */
    private int block(PackId id, PackTable table, int block, int firstRow, Scratch scratch, long piece)
            throws IOException {
        int end = firstRow;
        while (end < table.rowCount() && table.rowBlock(end) == block) {
            end++;
        }
        String name = ObjectNames.pack(id);
        try {
            byte[] plain = piece == UNREAD
                    ? repository.blocks().plain(id, table, block)
                    : plain(id, table, block, scratch, piece);
            for (int row = firstRow; row < end; row++) {
                if (!table.proves(row, plain, scratch.hasher)) {
                    throw new CorruptionException(name, "chunk " + table.rowId(row) + " in it has other bytes");
                }
            }
        } catch (StoreException e) {
            damage.add(name, e);
            lose(id, table, firstRow, end);
        }
        return end;
    }

    private byte[] plain(PackId id, PackTable table, int block, Scratch scratch, long piece) throws IOException {
        int length = table.blockPlainLength(block);
        if (scratch.plain.length < length) {
            scratch.plain = new byte[length];
        }
        int offset = (int) (table.blockOffset(block) - piece);
        repository.blocks().open(id, table, block, scratch.stored, offset, scratch.plain);
        return scratch.plain;
    }
}
