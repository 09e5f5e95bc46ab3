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
        byte[] opened = compressed;
        // What is compared must come out of the seal, not be left there from before.
        Arrays.fill(opened, 0, Math.toIntExact(Sealer.plainLength(sealed.length)), (byte) 0);
        int openedLength = sealer.open(dataKey, associatedData, sealed, 0, sealed.length, opened, 0, name);
        byte[] again = opened;
        if (codec() != Codec.NONE) {
            decompressor.decompress(codec(), opened, 0, openedLength, plainAgain, 0, length, name);
            again = plainAgain;
        }
        if (openedLength > length || !Arrays.equals(again, 0, length, plain, offset, offset + length)) {
            throw new CorruptionException(name, "it opens to other bytes; check the memory of this machine");
        }
    }

    /** How the last block was compressed. */
    public Codec codec() {
        return compressor.codec();
    }

    /** Makes room for blocks of up to the next power of two, so that it is made a few times and not with each longer block. */
    private void reserve(int length) {
        if (plainAgain.length < length) {
            int room = Math.max(length, Integer.highestOneBit(length - 1) << 1);
            plainAgain = new byte[room];
            compressed = new byte[BlockCompressor.maxCompressedLength(room)];
        }
    }

    @Override
    public void close() {
        compressor.close();
        decompressor.close();
    }
}
