package io.packstone.pack;

import io.packstone.compress.BlockDecompressor;
import io.packstone.compress.Codec;
import io.packstone.crypto.Envelope;
import io.packstone.crypto.KeyRing;
import io.packstone.crypto.Sealer;
import io.packstone.crypto.SecretKey;
import io.packstone.error.CorruptionException;
import java.io.Closeable;
import org.jspecify.annotations.Nullable;

/** Opens and decompresses blocks of any write session. For one thread. */
public final class BlockOpener implements Closeable {
    private final KeyRing keys;
    private final Sealer sealer = new Sealer();
    private final BlockDecompressor decompressor = new BlockDecompressor();
    private byte[] compressed = new byte[0];
    private @Nullable Envelope lastEnvelope;
    private @Nullable SecretKey lastKey;

    /** With a repository's keys. */
    public BlockOpener(KeyRing keys) {
        this.keys = keys;
    }

    /** As the other, into a fresh array. */
    public byte[] open(PackTable table, int block, byte[] stored, int offset, String name) throws CorruptionException {
        byte[] plain = new byte[table.blockPlainLength(block)];
        open(table, block, stored, offset, plain, name);
        return plain;
    }

    /**
     * Opens one block, whose sealed bytes start at {@code offset} of {@code stored}, into the start of {@code plain}, which
     * has room for its plain bytes. Chunks are to be believed only after their ids were computed again.
     */
    public void open(PackTable table, int block, byte[] stored, int offset, byte[] plain, String name)
            throws CorruptionException {
        Envelope envelope = table.envelope(block);
        int plainLength = table.blockPlainLength(block);
        Codec codec = table.codec(block);
        byte[] associatedData = BlockAad.of(keys.repository(), table.blockType(block), codec, plainLength, envelope);
        int storedLength = table.blockStoredLength(block);
        int length = Math.toIntExact(Sealer.plainLength(storedLength));
        if (codec == Codec.NONE) {
            sealer.open(key(envelope, name), associatedData, stored, offset, storedLength, plain, 0, name);
            return;
        }
        if (compressed.length < length) {
            compressed = new byte[length];
        }
        int opened =
                sealer.open(key(envelope, name), associatedData, stored, offset, storedLength, compressed, 0, name);
        decompressor.decompress(codec, compressed, 0, opened, plain, 0, plainLength, name);
    }

    private SecretKey key(Envelope envelope, String name) throws CorruptionException {
        SecretKey key = lastKey;
        if (key == null || !envelope.equals(lastEnvelope)) {
            key = keys.dataKey(envelope, name);
            lastKey = key;
            lastEnvelope = envelope;
        }
        return key;
    }

    @Override
    public void close() {
        decompressor.close();
    }
}
