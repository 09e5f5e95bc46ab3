package io.packstone.format;

import io.packstone.id.RepositoryId;
import java.util.List;

/**
 * What was fixed when a repository was made, or at its last upgrade.
 *
 * @param number counts configs from 1; the highest authentic one holds
 * @param read features a program must know to read
 * @param write features it must know to write
 * @param delete features it must know to delete
 * @param chunkAverage average chunk length in bytes
 * @param compression what snapshots use unless told otherwise
 * @param epoch of the keys
 * @param parity whether packs and index segments get parity as they are written
 */
public record RepositoryConfig(
        int number,
        RepositoryId repository,
        List<String> read,
        List<String> write,
        List<String> delete,
        int chunkAverage,
        String compression,
        int epoch,
        boolean parity) {
    /** Copies the lists. */
    public RepositoryConfig {
        read = List.copyOf(read);
        write = List.copyOf(write);
        delete = List.copyOf(delete);
    }

    /** The config that {@code init} writes. */
    public static RepositoryConfig first(
            RepositoryId repository, int chunkAverage, String compression, boolean parity) {
        return new RepositoryConfig(
                1, repository, List.of(), List.of(), List.of(), chunkAverage, compression, 0, parity);
    }

    /** The next config, which differs in this. */
    public RepositoryConfig withParity(boolean wanted) {
        return new RepositoryConfig(
                number + 1, repository, read, write, delete, chunkAverage, compression, epoch, wanted);
    }
}
