package io.packstone.index;

import io.packstone.bytes.LittleEndian;
import io.packstone.id.ChunkId;
import java.util.Arrays;

/**
 * The chunks that a session has taken on and not stored yet: some tens of megabytes of them at a time, at most. Whoever
 * claims a chunk first stores it; others with the same chunk leave it alone.
 *
 * <p>Thread-safe: the ids are spread over stripes that are locked by themselves. Open addressing with linear probing
 * over words, 32 bytes a slot, no object per chunk; a removal moves what follows back (Knuth, volume 3, section 6.4,
 * algorithm R), so no tombstones stay.
 */
public final class PendingChunks {
    private static final int STRIPE_BITS = 4;

    private final Stripe[] stripes = new Stripe[1 << STRIPE_BITS];

    /** Nothing is claimed. */
    public PendingChunks() {
        for (int i = 0; i < stripes.length; i++) {
            stripes[i] = new Stripe();
        }
    }

    /** True for the first caller with this id, who is to store it. */
    public boolean claim(ChunkId id) {
        return stripe(id).add(id);
    }

    /** Ends the claim: the chunk is stored, and the index knows it, or it was given up. */
    public void remove(ChunkId id) {
        stripe(id).remove(id);
    }

    /** True as long as the chunk is claimed. */
    public boolean contains(ChunkId id) {
        return stripe(id).contains(id);
    }

    /** How many were taken on and not stored. */
    public int count() {
        int claimed = 0;
        for (Stripe stripe : stripes) {
            claimed += stripe.count();
        }
        return claimed;
    }

    /** Ends all claims and gives the memory back. */
    public void clear() {
        for (Stripe stripe : stripes) {
            stripe.clear();
        }
    }

    private Stripe stripe(ChunkId id) {
        return stripes[id.lastByte() & stripes.length - 1];
    }

    /** A set of ids. A slot of four zero words is empty; the id of zeros is kept apart. */
    private static final class Stripe {
        private static final int WORDS = ChunkId.LENGTH / Long.BYTES;
        private static final int SLOTS_MIN = 64;
        private static final long SPREAD = 0x9E3779B97F4A7C15L;

        private final byte[] scratch = new byte[ChunkId.LENGTH];
        private final long[] wanted = new long[WORDS];
        private long[] words = new long[SLOTS_MIN * WORDS];
        private int used;
        private boolean zero;

        synchronized boolean add(ChunkId id) {
            if (load(id)) {
                boolean first = !zero;
                zero = true;
                return first;
            }
            int slot = slotOf(wanted);
            if (!isEmpty(slot)) {
                return false;
            }
            System.arraycopy(wanted, 0, words, slot * WORDS, WORDS);
            if (++used * 3L > slots() * 2L) {
                resize(slots() * 2);
            }
            return true;
        }

        synchronized boolean contains(ChunkId id) {
            return load(id) ? zero : !isEmpty(slotOf(wanted));
        }

        synchronized void remove(ChunkId id) {
            if (load(id)) {
                zero = false;
                return;
            }
            int gap = slotOf(wanted);
            if (isEmpty(gap)) {
                return;
            }
            used--;
            for (int next = gap + 1 & slots() - 1; !isEmpty(next); next = next + 1 & slots() - 1) {
                int distanceFromHome = next - home(words[next * WORDS]) & slots() - 1;
                if (distanceFromHome >= (next - gap & slots() - 1)) {
                    System.arraycopy(words, next * WORDS, words, gap * WORDS, WORDS);
                    gap = next;
                }
            }
            Arrays.fill(words, gap * WORDS, (gap + 1) * WORDS, 0);
            if (used * 8L < slots() && slots() > SLOTS_MIN) {
                resize(slots() / 2);
            }
        }

        synchronized int count() {
            return used + (zero ? 1 : 0);
        }

        synchronized void clear() {
            words = new long[SLOTS_MIN * WORDS];
            used = 0;
            zero = false;
        }

        /** Splits an id into {@link #wanted}; true when it is the one of zeros. */
        private boolean load(ChunkId id) {
            id.copyTo(scratch, 0);
            long any = 0;
            for (int i = 0; i < WORDS; i++) {
                wanted[i] = LittleEndian.getLong(scratch, i * Long.BYTES);
                any |= wanted[i];
            }
            return any == 0;
        }

        private int slots() {
            return words.length / WORDS;
        }

        private int home(long firstWord) {
            return (int) (firstWord * SPREAD >>> 32) & slots() - 1;
        }

        /** The slot of an id, or the empty one where it belongs. */
        private int slotOf(long[] id) {
            int slot = home(id[0]);
            while (!isEmpty(slot) && !holds(slot, id)) {
                slot = slot + 1 & slots() - 1;
            }
            return slot;
        }

        private boolean isEmpty(int slot) {
            int at = slot * WORDS;
            return (words[at] | words[at + 1] | words[at + 2] | words[at + 3]) == 0;
        }

        private boolean holds(int slot, long[] id) {
            int at = slot * WORDS;
            return words[at] == id[0] && words[at + 1] == id[1] && words[at + 2] == id[2] && words[at + 3] == id[3];
        }

        private void resize(int slots) {
            long[] before = words;
            words = new long[slots * WORDS];
            for (int at = 0; at < before.length; at += WORDS) {
                System.arraycopy(before, at, wanted, 0, WORDS);
                if ((wanted[0] | wanted[1] | wanted[2] | wanted[3]) != 0) {
                    System.arraycopy(wanted, 0, words, slotOf(wanted) * WORDS, WORDS);
                }
            }
        }
    }
}
