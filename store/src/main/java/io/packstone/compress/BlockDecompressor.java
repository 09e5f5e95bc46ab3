package io.packstone.compress;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.packstone.error.CorruptionException;
import java.io.Closeable;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4SafeDecompressor;
import org.jspecify.annotations.Nullable;

/** Decompresses blocks of any codec into exactly as many bytes as they must have. For one thread. */
public final class BlockDecompressor implements Closeable {
    private @Nullable ZstdDecompressCtx zstd;
    private @Nullable LZ4SafeDecompressor lz4;

    /**
     * Decompresses {@code length} bytes of {@code stored} into {@code plainLength} bytes of {@code target}.
     *
     * @param name what is decompressed, for errors
     * @throws CorruptionException when it does not decompress to exactly {@code plainLength} bytes
     */
    public void decompress(
            Codec codec,
            byte[] stored,
            int offset,
            int length,
            byte[] target,
            int targetOffset,
            int plainLength,
            String name)
            throws CorruptionException {
        int produced;
        try {
            produced = switch (codec) {
                case NONE -> copy(stored, offset, length, target, targetOffset, plainLength);
                case LZ4 -> lz4().decompress(stored, offset, length, target, targetOffset, plainLength);
                case ZSTD -> zstd().decompressByteArray(target, targetOffset, plainLength, stored, offset, length);
            };
        } catch (LZ4Exception | ZstdException e) {
            throw new CorruptionException(name, "it does not decompress (" + codec + ")");
        }
        if (produced != plainLength) {
            throw new CorruptionException(name, "it decompresses to " + produced + " bytes instead of " + plainLength);
        }
    }

    private static int copy(byte[] stored, int offset, int length, byte[] target, int targetOffset, int plainLength) {
        if (length == plainLength) {
            System.arraycopy(stored, offset, target, targetOffset, length);
        }
        return length;
    }

    private LZ4SafeDecompressor lz4() {
        if (lz4 == null) {
            lz4 = Lz4.factory().safeDecompressor();
        }
        return lz4;
    }

    private ZstdDecompressCtx zstd() {
        if (zstd == null) {
            zstd = new ZstdDecompressCtx();
        }
        return zstd;
    }

    @Override
    public void close() {
        if (zstd != null) {
            zstd.close();
        }
    }
}
