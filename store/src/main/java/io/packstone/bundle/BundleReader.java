package io.packstone.bundle;

import io.packstone.crypto.Hmac;
import io.packstone.crypto.KeyRing;
import io.packstone.crypto.Randomness;
import io.packstone.error.CorruptionException;
import io.packstone.error.StoreException;
import io.packstone.id.RepositoryId;
import io.packstone.pack.PackTable;
import io.packstone.pack.PackTableFormat;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

/**
 * Reads a bundle once, from start to end. Takes no more memory than its longest part, and none for a length that lies. For
 * one thread.
 */
final class BundleReader {
    /** Parts that may be as long as a block are read straight into an array; longer ones as they come. */
    private static final int READ_WHOLE_MAX = 17 << 20;

    private static final int SKIPPED_AT_ONCE = 1 << 20;

    private final InputStream input;
    private final String name;
    private final MessageDigest digest = Hmac.sha256();
    private final BundleFormat.Opening opening;
    private long offset;
    private long sections;
    private long blocks;
    private long chunks;
    private boolean damaged;

    /** Reads the first bytes. {@code name} is what a person calls the bundle, for errors. */
    BundleReader(InputStream input, String name) throws IOException {
        this.input = input;
        this.name = name;
        opening = BundleFormat.decodeOpening(take(BundleFormat.OPENING_LENGTH, "a bundle's first bytes"), name);
    }

    /** Told of what is in a bundle. */
    interface Sink {
        /**
         * One block, in order; {@code stored} is the sink's.
         *
         * @param at the offset of the block in the bundle
         * @throws CorruptionException when it is damaged, which costs its chunks
         */
        void block(PackTable table, int block, byte[] stored, long at) throws IOException;

        /** Something is damaged, and what comes after it can be read. */
        void damaged(CorruptionException cause);
    }

    /** Whose snapshot it brings. */
    RepositoryId repository() {
        return opening.repository();
    }

    /** How many bytes were read. */
    long offset() {
        return offset;
    }

    /** Reads what the bundle says of itself: before all else. */
    BundleFront front(KeyRing keys) throws IOException {
        long at = offset;
        byte[] sealed = take(opening.frontLength(), "what the bundle is of");
        String part = name + ", front at offset " + at;
        return BundleFormat.decodeFront(seal(keys).open(BundleSeal.Part.FRONT, 0, sealed, part), part, keys);
    }

    private BundleSeal seal(KeyRing keys) {
        return new BundleSeal(keys, opening.id(), Randomness.secure());
    }

    /**
     * Reads the rest.
     *
     * @throws CorruptionException when damage leaves no way to go on, or the whole is not what its end says
     */
    void read(KeyRing keys, Sink sink) throws IOException {
        BundleSeal seal = seal(keys);
        BundleFormat.Head head = head();
        while (!head.isEnd()) {
            section(seal, head, sink);
            head = head();
        }
        end(seal, head);
    }

    private BundleFormat.Head head() throws IOException {
        long at = offset;
        return BundleFormat.decodeHead(take(BundleFormat.HEAD_LENGTH, "the head of a section"), at, name);
    }

    private void section(BundleSeal seal, BundleFormat.Head head, Sink sink) throws IOException {
        long at = offset;
        byte[] sealed = take(head.sealedLength(), "the table of a section");
        PackTable table;
        try {
            String part = name + ", table at offset " + at + " of " + head.blocksLength() + " bytes of blocks";
            byte[] plain = seal.open(BundleSeal.Part.TABLE, sections, sealed, part);
            table = PackTableFormat.decode(plain, part, PackTableFormat.BLOCKS_OFFSET + (long) head.blocksLength());
        } catch (CorruptionException e) {
            damaged = true;
            sink.damaged(e);
            skip(head.blocksLength());
            sections++;
            return;
        }
        sections++;
        for (int block = 0; block < table.blockCount(); block++) {
            blocks++;
            long blockAt = offset;
            byte[] stored = take(table.blockStoredLength(block), "a block");
            try {
                sink.block(table, block, stored, blockAt);
            } catch (CorruptionException e) {
                damaged = true;
                sink.damaged(e);
            }
            chunks += liveRows(table, block);
        }
    }

    /** How many rows of a block are not dead. */
    static int liveRows(PackTable table, int block) {
        int live = 0;
        for (int row = table.blockFirstRow(block); row < table.blockFirstRow(block + 1); row++) {
            live += table.rowDead(row) ? 0 : 1;
        }
        return live;
    }

    private void end(BundleSeal seal, BundleFormat.Head head) throws IOException {
        long at = offset;
        byte[] sealed = take(head.sealedLength(), "the end of the bundle");
        String part = name + ", end at offset " + at;
        BundleTotals said = BundleFormat.decodeEnd(seal.open(BundleSeal.Part.END, 0, sealed, part), part);
        byte[] whole = digest.digest();
        byte[] hash = take(BundleFormat.HASH_LENGTH, "the hash of the bundle");
        if (damaged) {
            return; // It has been told of, and nothing that is counted or hashed can be right.
        }
        if (!Hmac.equal(whole, hash)) {
            throw new CorruptionException(name, offset - hash.length, "the SHA-256 of everything before it", "another");
        }
        BundleTotals found = new BundleTotals(sections, blocks, chunks, at - BundleFormat.HEAD_LENGTH);
        if (!said.equals(found)) {
            throw new CorruptionException(name, at, "the totals " + found, "" + said);
        }
        if (input.read() >= 0) {
            throw new CorruptionException(name, offset, "the end", "more bytes");
        }
    }

    private byte[] take(int count, String what) throws IOException {
        byte[] bytes;
        int read = count;
        if (count <= READ_WHOLE_MAX) {
            bytes = new byte[count];
            read = input.readNBytes(bytes, 0, count);
        } else {
            bytes = input.readNBytes(count);
            read = bytes.length;
        }
        offset += read;
        if (read < count) {
            throw new CorruptionException(name, offset, what, "the end; it was cut off");
        }
        digest.update(bytes);
        return bytes;
    }

    private void skip(long count) throws IOException {
        for (long left = count; left > 0; left -= SKIPPED_AT_ONCE) {
            take((int) Math.min(left, SKIPPED_AT_ONCE), "blocks");
        }
    }

    /** Whose snapshot the bundle that begins with {@code bytes} brings. */
    static RepositoryId repositoryOf(byte[] bytes, String name) throws StoreException {
        if (bytes.length < BundleFormat.OPENING_LENGTH) {
            throw new CorruptionException(name, bytes.length, "a bundle's first bytes", "the end; it was cut off");
        }
        return BundleFormat.decodeOpening(bytes, name).repository();
    }
}
