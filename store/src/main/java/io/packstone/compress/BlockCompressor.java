package io.packstone.compress;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.Closeable;
import net.jpountz.lz4.LZ4Compressor;
import org.jspecify.annotations.Nullable;

/** Compresses blocks one after another with one setting. For one thread. */
public final class BlockCompressor implements Closeable {
    /** A block must shrink by this part of its length, or it is stored as it is: 1/32. */
    private static final int SAVING_SHIFT = 5;

    /**
     * Tables of a quarter of what the level has by default stay in a core's cache: a tenth faster for 0.8 % more bytes
     * (kernel sources; docs/bench.md).
     */
    private static final int HASH_LOG = 16;

    private static final int CHAIN_LOG = 15;

    /** A whole block; the level has half of that. */
    private static final int WINDOW_LOG = 22;

    private final Compression compression;
    private final @Nullable ZstdCompressCtx zstd;
    private final @Nullable LZ4Compressor lz4;
    private Codec codec = Codec.NONE;

    /** With {@code compression} for every block. */
    public BlockCompressor(Compression compression) {
        this.compression = compression;
        zstd = compression.codec() == Codec.ZSTD ? new ZstdCompressCtx() : null;
        lz4 = compression.codec() == Codec.LZ4 ? Lz4.factory().fastCompressor() : null;
        if (zstd != null) {
            zstd.setLevel(compression.level());
            zstd.setChecksum(false);
            zstd.setContentSize(true);
            if (compression.equals(Compression.AUTO)) {
                zstd.setHashLog(HASH_LOG).setChainLog(CHAIN_LOG).setWindowLog(WINDOW_LOG);
            }
        }
    }

    /** The longest a compressed block of {@code plainLength} bytes can be. */
    public static int maxCompressedLength(int plainLength) {
        return Math.toIntExact(Math.max(Zstd.compressBound(plainLength), plainLength + plainLength / 255L + 16));
    }

    /**
     * Compresses {@code length} bytes of {@code plain} into {@code target}, which has room for
     * {@link #maxCompressedLength}; returns the stored length. {@link #codec} tells how: when the block does not shrink,
     * {@code target} is not to be used, the plain bytes are the stored ones, and {@code length} is returned.
     */
    public int compress(byte[] plain, int offset, int length, byte[] target) {
        int stored = length;
        codec = Codec.NONE;
        if (length > 0 && compression.codec() != Codec.NONE) {
            stored = zstd != null
                    ? zstd.compressByteArray(target, 0, target.length, plain, offset, length)
                    : java.util.Objects.requireNonNull(lz4).compress(plain, offset, length, target, 0, target.length);
            if (stored < length - (length >>> SAVING_SHIFT)) {
                codec = compression.codec();
            } else {
                stored = length;
            }
        }
        return stored;
    }

    /** How the last block was stored. */
    public Codec codec() {
        return codec;
    }

    @Override
    public void close() {
        if (zstd != null) {
            zstd.close();
        }
    }
}
