package io.packstone.bench;

import io.packstone.backend.Backend;
import io.packstone.backend.ObjectNames;
import io.packstone.backend.local.LocalBackend;
import io.packstone.id.PackId;
import io.packstone.keyslot.KeyText;
import io.packstone.pack.BlockType;
import io.packstone.pack.PackTable;
import io.packstone.repository.Repository;
import io.packstone.repository.RepositoryOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Prints, as JSON, what the stored bytes of a repository on this machine are for. Arguments: its folder, an empty folder
 * for an index, the key file.
 */
public final class StoredParts {
    private long chunks;
    private long dataPlain;
    private long dataBlocks;
    private long treePlain;
    private long treeBlocks;
    private long packs;

    private StoredParts() {}

    /** See the class. */
    public static void main(String[] arguments) throws IOException {
        Backend backend = new LocalBackend(Path.of(arguments[0]));
        RepositoryOptions options = RepositoryOptions.defaults().withCacheDirectory(Path.of(arguments[1]));
        try (Repository repository =
                Repository.open(backend, KeyText.parse(Files.readString(Path.of(arguments[2]))), options)) {
            StoredParts parts = new StoredParts();
            repository.loadIndex();
            repository.index().forEachPack((id, length) -> parts.add(repository, id, length));
            System.out.println(parts.toJson(stored(backend, ObjectNames.INDEX), others(backend)));
        }
    }

    private void add(Repository repository, PackId id, long length) throws IOException {
        PackTable table = repository.index().table(id);
        packs += length;
        chunks += table.rowCount();
        for (int block = 0; block < table.blockCount(); block++) {
            if (table.blockType(block) == BlockType.TREE) {
                treePlain += table.blockPlainLength(block);
                treeBlocks += table.blockStoredLength(block);
            } else {
                dataPlain += table.blockPlainLength(block);
                dataBlocks += table.blockStoredLength(block);
            }
        }
    }

    private static long others(Backend backend) throws IOException {
        long sum = 0;
        for (String folder : List.of(ObjectNames.CONFIG, ObjectNames.KEYS, ObjectNames.SNAPSHOTS, ObjectNames.JOBS)) {
            sum += stored(backend, folder);
        }
        return sum;
    }

    private static long stored(Backend backend, String folder) throws IOException {
        long[] sum = new long[1];
        backend.list(folder, (name, length) -> sum[0] += length);
        return sum[0];
    }

    /** Pack tables and frames hold the ids, and the index segments hold them again, sorted. */
    private String toJson(long index, long other) {
        return "{\"chunks\": " + chunks + ", \"dataPlain\": " + dataPlain + ", \"treePlain\": " + treePlain
                + ", \"data\": " + dataBlocks + ", \"manifests\": " + treeBlocks + ", \"packTables\": "
                + (packs - dataBlocks - treeBlocks) + ", \"index\": " + index + ", \"other\": " + other + "}";
    }
}
