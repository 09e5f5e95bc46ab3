package io.packstone.repository;

import io.packstone.chunker.ChunkerParameters;
import io.packstone.compress.Compression;

/**
 * What is fixed when a repository is made.
 *
 * @param chunkAverage average chunk length in bytes, a power of two from 16 KiB to 1 MiB
 * @param compression what snapshots use unless they say otherwise
 * @param keyCost what deriving a key from a password costs
 * @param parity whether packs and index segments get parity as they are written
 */
public record InitOptions(
        int chunkAverage, Compression compression, io.packstone.keyslot.KeyCost keyCost, boolean parity) {
    /** 64 KiB chunks, automatic compression, the second recommendation of RFC 9106. */
    public static InitOptions defaults() {
        return new InitOptions(
                ChunkerParameters.DEFAULT_AVERAGE, Compression.AUTO, io.packstone.keyslot.KeyCost.STANDARD, false);
    }

    /** The same with another average. */
    public InitOptions withChunkAverage(int bytes) {
        return new InitOptions(bytes, compression, keyCost, parity);
    }

    /** The same with another compression. */
    public InitOptions withCompression(Compression other) {
        return new InitOptions(chunkAverage, other, keyCost, parity);
    }

    /** The same with another cost. */
    public InitOptions withKeyCost(io.packstone.keyslot.KeyCost other) {
        return new InitOptions(chunkAverage, compression, other, parity);
    }

    /** The same with or without parity. */
    public InitOptions withParity(boolean wanted) {
        return new InitOptions(chunkAverage, compression, keyCost, wanted);
    }
}
