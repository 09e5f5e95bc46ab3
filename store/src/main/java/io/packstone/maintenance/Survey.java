package io.packstone.maintenance;

import io.packstone.id.ChunkId;
import io.packstone.id.PackId;
import java.util.List;

/** What is damaged in a repository, down to the chunk. Thread-safe. */
public final class Survey {
    private final List<CheckReport.Damage> damage;
    private final PackCheck packs;
    private final Proofs proofs;

    Survey(List<CheckReport.Damage> damage, PackCheck packs, Proofs proofs) {
        this.damage = List.copyOf(damage);
        this.packs = packs;
        this.proofs = proofs;
    }

    /** Which packs were read and found right. */
    Proofs proofs() {
        return proofs;
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
