package io.packstone.maintenance.healing;

import io.packstone.backend.ObjectNames;
import io.packstone.crypto.ChunkHasher;
import io.packstone.error.StoreException;
import io.packstone.id.PackId;
import io.packstone.pack.PackTable;
import io.packstone.repository.Repository;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Stores anew what can still be read of a damaged pack, by the table that the index has of it. For one thread. */
final class PackRescue {
    private final Repository repository;
    private final RepairOutput output;
    private final ChunkHasher hasher;

    PackRescue(Repository repository, RepairOutput output) {
        this.repository = repository;
        this.output = output;
        this.hasher = new ChunkHasher(repository.keys().idKey());
    }

    /** Rescues a pack that is out of use already, so that nothing of it counts as stored. */
    RepairReport.Rewritten rescue(PackId pack) throws IOException {
        long kept = 0;
        long unreadable = 0;
        if (repository.index().hasPack(pack)) {
            PackTable table = repository.index().table(pack);
            int row = 0;
            for (int block = 0; block < table.blockCount(); block++) {
                byte[] plain = plain(pack, table, block);
                for (; row < table.rowCount() && table.rowBlock(row) == block; row++) {
                    if (table.rowDead(row)) {
                        continue;
                    }
                    if (plain != null && keep(table, row, plain)) {
                        kept++;
                    } else {
                        unreadable++;
                    }
                }
            }
        }
        return new RepairReport.Rewritten(ObjectNames.pack(pack), kept, unreadable);
    }

    private byte @Nullable [] plain(PackId pack, PackTable table, int block) throws IOException {
        try {
            return repository.blocks().plain(pack, table, block);
        } catch (StoreException e) {
            return null; // Its chunks count as unreadable, and are looked for elsewhere.
        }
    }

    private boolean keep(PackTable table, int row, byte[] plain) throws IOException {
        boolean whole = table.proves(row, plain, hasher);
        if (whole) {
            int from = table.rowPlainOffset(row);
            byte[] payload = Arrays.copyOfRange(plain, from, from + table.rowPayloadLength(row));
            output.store(table.rowId(row), table.rowType(row), table.rowRefs(row), payload);
        }
        return whole;
    }
}
