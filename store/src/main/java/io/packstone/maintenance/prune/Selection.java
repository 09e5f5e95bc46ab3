package io.packstone.maintenance.prune;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;

/** Chooses which packs are deleted unread and which are repacked, the most wasteful first, until enough is freed. */
final class Selection {
    private final PruneOptions options;
    private final Liveness liveness;
    private final PackCatalog catalog;
    private final List<PackUse> partly = new ArrayList<>();
    private final BitSet dead = new BitSet();
    private final List<PackUse> repacked = new ArrayList<>();
    private long bytesThere;
    private long bytesDead;
    private long bytesUnused;
    private int untouched;

    Selection(PruneOptions options, Liveness liveness) {
        this.options = options;
        this.liveness = liveness;
        this.catalog = liveness.catalog();
    }

    /** Which packs nobody may choose: those of jobs under way, or condemned by somebody else. */
    interface Untouchable {
        /** True when it is left alone. Asked only of packs that are not used whole. */
        boolean contains(int pack) throws IOException;
    }

    /** What is known of the blocks of a pack. */
    interface Uses {
        /** Reads the pack's table. */
        PackUse of(int pack) throws IOException;
    }

    /** Looks at every pack that is there. */
    Selection run(Uses uses, Untouchable untouchable) throws IOException {
        for (int pack = 0; pack < catalog.count(); pack++) {
            if (!catalog.isPresent(pack)) {
                continue;
            }
            bytesThere += catalog.length(pack);
            if (liveness.usedRows(pack) == catalog.rows(pack) && catalog.rows(pack) > 0) {
                continue;
            }
            if (untouchable.contains(pack)) {
                untouched++;
                continue;
            }
            if (liveness.usedRows(pack) == 0) {
                dead.set(pack);
                bytesThere -= catalog.length(pack);
                bytesDead += catalog.length(pack);
            } else {
                PackUse use = uses.of(pack);
                partly.add(use);
                bytesUnused += use.unused();
            }
        }
        chooseRepacked();
        return this;
    }

    private void chooseRepacked() {
        partly.sort(Comparator.comparingDouble((PackUse use) -> -use.freed() / (double) (use.kept() + 1))
                .thenComparingInt(PackUse::pack));
        long unused = bytesUnused;
        long there = bytesThere;
        long rewritten = 0;
        for (PackUse use : partly) {
            if (use.freed() == 0 || unused <= options.maxUnused() * there) {
                return;
            }
            if (rewritten + use.kept() <= options.maxRepack()) {
                repacked.add(use);
                rewritten += use.kept();
                unused -= use.freed();
                there -= use.freed();
            }
        }
    }

    BitSet dead() {
        return dead;
    }

    List<PackUse> repacked() {
        return repacked;
    }

    List<PackUse> partly() {
        return partly;
    }

    /** The lengths of all dead packs. */
    long bytesDead() {
        return bytesDead;
    }

    /** What is of no use in packs used in part. */
    long bytesUnused() {
        return bytesUnused;
    }

    /** How many packs were left alone. */
    int untouched() {
        return untouched;
    }
}
