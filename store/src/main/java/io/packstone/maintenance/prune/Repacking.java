package io.packstone.maintenance.prune;

import io.packstone.backend.ObjectNames;
import io.packstone.crypto.Hmac;
import io.packstone.error.CorruptionException;
import io.packstone.error.ErrorKind;
import io.packstone.error.StoreException;
import io.packstone.id.PackId;
import io.packstone.pack.PackTable;
import io.packstone.repository.RepackOutput;
import io.packstone.repository.Repository;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;

/**
 * Reads packs that are to go and keeps what is used of them. A pack is read whole and must have the SHA-256 that is its
 * name before anything of it is kept elsewhere: damage is never copied under a good name. For one thread.
 */
final class Repacking {
    private static final int READ_WHOLE_MAX = 64 << 20;
    private static final int PIECE = 1 << 20;
    private static final byte[] NOTHING = new byte[0];

    private final Repository repository;
    private final Liveness liveness;
    private final PackUse.Rewriting rewriting;
    private byte[] held = NOTHING;
    private byte[] plain = NOTHING;

    Repacking(Repository repository, Liveness liveness, PackUse.Rewriting rewriting) {
        this.repository = repository;
        this.liveness = liveness;
        this.rewriting = rewriting;
    }

    /** A pack that was seen to be as written. */
    private interface Proven {
        /** Where the bytes at {@code offset} begin in {@link #held}; until the next call. */
        int find(long offset, int length) throws IOException;
    }

    /**
     * Reads a pack and compares its SHA-256 with its name.
     *
     * @throws StoreException when it is damaged or gone
     */
    void verify(PackId id) throws IOException {
        proven(id, liveness.catalog().length(liveness.catalog().find(id)));
    }

    private Proven proven(PackId id, long length) throws IOException {
        String name = ObjectNames.pack(id);
        Digest digest = new Digest();
        if (length <= READ_WHOLE_MAX) {
            byte[] bytes = roomFor(Math.toIntExact(length));
            repository.backend().read(name, 0, bytes, 0, Math.toIntExact(length));
            digest.update(bytes, Math.toIntExact(length));
            digest.expect(id, name);
            return (offset, count) -> Math.toIntExact(offset);
        }
        byte[] piece = roomFor(PIECE);
        for (long at = 0; at < length; at += PIECE) {
            int count = (int) Math.min(PIECE, length - at);
            repository.backend().read(name, at, piece, 0, count);
            digest.update(piece, count);
        }
        digest.expect(id, name);
        return (offset, count) -> {
            repository.backend().read(name, offset, roomFor(count), 0, count);
            return 0;
        };
    }

    private byte[] roomFor(int length) {
        if (held.length < length) {
            held = NOTHING; // So that there are not two at once.
            held = new byte[length];
        }
        return held;
    }

    /** Keeps what is used of a pack; its copies are durable once the worker has finished and the output was flushed. */
    void keep(PackId id, RepackOutput.Worker worker) throws IOException {
        int pack = liveness.catalog().find(id);
        PackTable table = repository.index().table(id);
        Proven proven = proven(id, liveness.catalog().length(pack));
        for (int block = 0; block < table.blockCount(); block++) {
            PackUse.Fate fate = PackUse.fate(pack, table, block, liveness, rewriting);
            if (fate == PackUse.Fate.DROPPED) {
                continue;
            }
            int storedLength = table.blockStoredLength(block);
            int from = proven.find(table.blockOffset(block), storedLength);
            BitSet dead = PackUse.dead(pack, table, block, liveness);
            if (fate == PackUse.Fate.MOVED) {
                worker.move(table, block, Arrays.copyOfRange(held, from, from + storedLength), dead);
            } else {
                int length = table.blockPlainLength(block);
                plain = plain.length < length ? new byte[length] : plain;
                repository.blocks().open(id, table, block, held, from, plain);
                worker.rewrite(table, block, plain, dead, ObjectNames.pack(id));
            }
        }
    }

    /**
     * Adds to {@code problems} what failed with a pack, unless another prune was faster and it is gone; throws what
     * concerns more than one pack.
     */
    void note(PackId id, StoreException failure, Collection<String> problems) throws IOException {
        if (!isOfOnePack(failure)) {
            throw failure;
        }
        if (repository.backend().length(ObjectNames.pack(id)) >= 0) {
            problems.add(String.valueOf(failure.getMessage()));
        }
    }

    /** True when a failure concerns one pack only. */
    static boolean isOfOnePack(StoreException failure) {
        return failure.kind() == ErrorKind.CORRUPTION || failure.kind() == ErrorKind.MISSING;
    }

    /** SHA-256 of a pack. */
    private static final class Digest {
        private final MessageDigest digest = Hmac.sha256();

        void update(byte[] bytes, int length) {
            digest.update(bytes, 0, length);
        }

        void expect(PackId id, String name) throws CorruptionException {
            if (!PackId.of(digest.digest()).equals(id)) {
                throw new CorruptionException(name, "its SHA-256 is not its name; it is left as it is, run check");
            }
        }
    }
}
