package io.packstone.pack;

import io.packstone.compress.BlockCompressor;
import io.packstone.compress.BlockDecompressor;
import io.packstone.compress.Codec;
import io.packstone.compress.Compression;
import io.packstone.crypto.Envelope;
import io.packstone.crypto.KeyRing;
import io.packstone.crypto.Randomness;
import io.packstone.crypto.Sealer;
import io.packstone.crypto.SecretKey;
import io.packstone.error.CorruptionException;
import java.io.Closeable;
import java.util.Arrays;

/**
 * Compresses and seals blocks of one write session. Each sealed block is opened and decompressed again and compared with
 * the plain bytes before it is handed out: always. For one thread.
 */
public final class BlockSealer implements Closeable {
    private final KeyRing keys;
    private final Envelope envelope;
    private final SecretKey dataKey;
    private final Sealer sealer;
    private final BlockCompressor compressor;
    private final BlockDecompressor decompressor = new BlockDecompressor();
    private byte[] compressed = new byte[0];
    private byte[] reopened = new byte[0];
    private byte[] plainAgain = new byte[0];

    /** For blocks in {@code envelope}. */
    public BlockSealer(KeyRing keys, Envelope envelope, Compression compression, Randomness randomness)
            throws CorruptionException {
        this.keys = keys;
        this.envelope = envelope;
        this.dataKey = keys.dataKey(envelope, "a new write session");
        this.sealer = new Sealer(randomness);
        this.compressor = new BlockCompressor(compression);
    }

    /**
     * The sealed form of {@code length} bytes of {@code plain} (borrowed): a fresh array. {@link #codec} tells how it was
     * compressed.
     *
     * @throws CorruptionException when what was sealed does not open to the plain bytes: a fault of this machine
     */
    public byte[] seal(BlockType type, byte[] plain, int offset, int length) throws CorruptionException {
        if (length > PackTableFormat.BLOCK_LENGTH_MAX) {
            throw new IllegalArgumentException("a block of " + length + " bytes");
        }
        reserve(length);
        int compressedLength = compressor.compress(plain, offset, length, compressed);
        boolean asIs = codec() == Codec.NONE;
        byte[] associatedData = BlockAad.of(keys.repository(), type, codec(), length, envelope);
        byte[] sealed = new byte[Math.toIntExact(Sealer.sealedLength(compressedLength))];
        sealer.seal(dataKey, associatedData, asIs ? plain : compressed, asIs ? offset : 0, compressedLength, sealed, 0);
        verify(associatedData, sealed, plain, offset, length);
        return sealed;
    }

    private void verify(byte[] associatedData, byte[] sealed, byte[] plain, int offset, int length)
            throws CorruptionException {
        String name = "a block just sealed";
        int opened = sealer.open(dataKey, associatedData, sealed, 0, sealed.length, reopened, 0, name);
        byte[] again = reopened;
        if (codec() != Codec.NONE) {
            decompressor.decompress(codec(), reopened, 0, opened, plainAgain, 0, length, name);
            again = plainAgain;
        }
        if (opened > length || !Arrays.equals(again, 0, length, plain, offset, offset + length)) {
            throw new CorruptionException(name, "it opens to other bytes; check the memory of this machine");
        }
    }

    /** How the last block was compressed. */
    public Codec codec() {
        return compressor.codec();
    }

    private void reserve(int length) {
        int room = BlockCompressor.maxCompressedLength(length);
        if (compressed.length < room) {
            compressed = new byte[room];
            reopened = new byte[room];
            plainAgain = new byte[length];
        }
        if (plainAgain.length < length) {
            plainAgain = new byte[length];
        }
    }

    @Override
    public void close() {
        compressor.close();
        decompressor.close();
    }
}
