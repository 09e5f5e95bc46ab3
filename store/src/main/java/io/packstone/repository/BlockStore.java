package io.packstone.repository;

import io.packstone.backend.Backend;
import io.packstone.backend.ObjectNames;
import io.packstone.crypto.KeyRing;
import io.packstone.error.CorruptionException;
import io.packstone.id.PackId;
import io.packstone.pack.BlockOpener;
import io.packstone.pack.PackTable;
import java.io.Closeable;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** Reads blocks of packs and keeps the plain bytes of the last ones, up to a bound in bytes. Thread-safe. */
public final class BlockStore implements Closeable {
    private final Backend backend;
    private final KeyRing keys;
    private final long bytesMax;
    private final ConcurrentLinkedQueue<BlockOpener> openers = new ConcurrentLinkedQueue<>();
    private final Map<Key, byte[]> cache = new LinkedHashMap<>(64, 0.75f, true);
    private long bytesCached;

    BlockStore(Backend backend, KeyRing keys, long bytesMax) {
        this.backend = backend;
        this.keys = keys;
        this.bytesMax = bytesMax;
    }

    private record Key(PackId pack, int block) {}

    /**
     * The plain bytes of one block: shared, not to be changed.
     *
     * @throws io.packstone.error.CorruptionException when the block does not open
     * @throws io.packstone.error.MissingObjectException when the pack is gone
     */
    public byte[] plain(PackId pack, PackTable table, int block) throws IOException {
        Key key = new Key(pack, block);
        byte[] plain = cached(key);
        if (plain != null) {
            return plain;
        }
        byte[] stored = new byte[table.blockStoredLength(block)];
        backend.read(ObjectNames.pack(pack), table.blockOffset(block), stored, 0, stored.length);
        plain = new byte[table.blockPlainLength(block)];
        open(pack, table, block, stored, 0, plain);
        keep(key, plain);
        return plain;
    }

    /** Reads {@code length} bytes of a pack into {@code target}: sealed blocks that lie together, to be opened one by one. */
    public void read(PackId pack, long offset, byte[] target, int length) throws IOException {
        backend.read(ObjectNames.pack(pack), offset, target, 0, length);
    }

    /**
     * Opens a block whose sealed bytes start at {@code offset} of {@code stored} (borrowed) into the start of {@code plain},
     * which has room for the block's plain bytes.
     */
    public void open(PackId pack, PackTable table, int block, byte[] stored, int offset, byte[] plain)
            throws CorruptionException {
        BlockOpener opener = openers.poll();
        if (opener == null) {
            opener = new BlockOpener(keys);
        }
        try {
            opener.open(table, block, stored, offset, plain, "block " + block + " of " + ObjectNames.pack(pack));
        } finally {
            openers.add(opener);
        }
    }

    /** Gives back the native memory of decompression; to be called when nothing reads any more. */
    @Override
    public void close() {
        for (BlockOpener opener = openers.poll(); opener != null; opener = openers.poll()) {
            opener.close();
        }
    }

    private synchronized byte @Nullable [] cached(Key key) {
        return cache.get(key);
    }

    private synchronized void keep(Key key, byte[] plain) {
        if (plain.length <= bytesMax / 4 && cache.put(key, plain) == null) {
            bytesCached += plain.length;
            var eldest = cache.entrySet().iterator();
            while (bytesCached > bytesMax && eldest.hasNext()) {
                bytesCached -= eldest.next().getValue().length;
                eldest.remove();
            }
        }
    }
}
