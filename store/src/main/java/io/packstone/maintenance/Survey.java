package io.packstone.maintenance;

import io.packstone.id.ChunkId;
import io.packstone.id.PackId;
import java.util.List;

/** What is damaged in a repository, down to the chunk. Immutable, thread-safe. */
public final class Survey {
    private final List<CheckReport.Damage> damage;
    private final PackCheck packs;

    Survey(List<CheckReport.Damage> damage, PackCheck packs) {
        this.damage = List.copyOf(damage);
        this.packs = packs;
    }

    /** Every object that is not as it was written, or missing. */
    public List<CheckReport.Damage> damage() {
        return damage;
    }

    /** True when that chunk could not be read from that pack. */
    public boolean isLost(PackId pack, ChunkId id) {
        return packs.isLost(pack, id);
    }
}
