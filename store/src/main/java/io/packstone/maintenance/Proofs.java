package io.packstone.maintenance;

import io.packstone.id.PackId;
import io.packstone.repository.memory.ProvenPacks;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * When this client last read each pack whole and found it right, so that reading a part each time comes round to all.
 * Kept in the client's cache; without one it lasts as long as this object. Thread-safe.
 */
public final class Proofs {
    /** What a pack says that was never proved. */
    public static final long NEVER = -1;

    /** So many proofs at most are lost when the process is killed. */
    private static final int SAVED_AFTER = 256;

    private final @Nullable ProvenPacks memory;
    private final Clock clock;
    private final Map<PackId, Long> seconds = new HashMap<>();
    private final Set<PackId> fresh = new HashSet<>();
    private int unsaved;

    private Proofs(@Nullable ProvenPacks memory, Clock clock) {
        this.memory = memory;
        this.clock = clock;
    }

    /** What {@code memory} remembers, null for nothing; new proofs get the time of {@code clock}. */
    public static Proofs of(@Nullable ProvenPacks memory, Clock clock) throws IOException {
        Proofs proofs = new Proofs(memory, clock);
        if (memory != null) {
            proofs.seconds.putAll(memory.read());
        }
        return proofs;
    }

    /** A pack was read whole just now and is right. */
    public synchronized void proved(PackId pack) {
        seconds.put(pack, clock.instant().getEpochSecond());
        fresh.add(pack);
        unsaved++;
        if (unsaved == SAVED_AFTER) {
            save();
        }
    }

    /** A pack was seen to be damaged: what was proved before no longer counts. */
    public synchronized void refuted(PackId pack) {
        unsaved += seconds.remove(pack) == null ? 0 : 1;
    }

    /** True when a pack was proved since this was made. */
    synchronized boolean isFresh(PackId pack) {
        return fresh.contains(pack);
    }

    /** When a pack was last proved, in seconds since 1970; {@link #NEVER} when it never was. */
    public synchronized long at(PackId pack) {
        return seconds.getOrDefault(pack, NEVER);
    }

    /** Those never proved first, in random order, then those for which it is longest ago: a fresh list. */
    List<PackId> oldestFirst(Collection<PackId> packs) {
        List<PackId> ordered = new ArrayList<>(packs);
        Collections.shuffle(ordered);
        ordered.sort(Comparator.comparingLong(this::at));
        return ordered;
    }

    /** Forgets packs that are not among {@code present}, and keeps the rest for later. */
    synchronized void finish(Collection<PackId> present) {
        unsaved += seconds.keySet().retainAll(present) ? 1 : 0;
        finish();
    }

    /** Keeps what is known for later. */
    public synchronized void finish() {
        if (unsaved > 0) {
            save();
        }
    }

    private void save() {
        ProvenPacks kept = memory;
        unsaved = 0;
        if (kept != null) {
            try {
                kept.write(seconds);
            } catch (IOException e) {
                return; // A cache that can't be written costs the next check its memory, and this one nothing.
            }
        }
    }
}
