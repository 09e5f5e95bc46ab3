package io.packstone.protocol;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * Visits every state of a model, breadth first, so that the trace to a broken state is a shortest one. States are packed
 * into longs and kept in open addressing: about 40 bytes each.
 */
final class Exploration {
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private final Model model;
    private final int[] widths;
    private final int[] words;
    private final int[] shifts;
    private final int wordCount;
    private final int statesMax;
    private long[] states;
    private int[] parents;
    private int[] slots = new int[1 << 16];
    private int count;
    private int telling;
    private int brokenAt = -1;

    /** What an exploration found. */
    record Result(int states, int telling, boolean complete, String trace) {
        boolean broken() {
            return !trace.isEmpty();
        }
    }

    private Exploration(Model model, int statesMax) {
        this.model = model;
        this.statesMax = statesMax;
        widths = model.widths();
        words = new int[widths.length];
        shifts = new int[widths.length];
        int word = 0;
        int bit = 0;
        for (int i = 0; i < widths.length; i++) {
            if (bit + widths[i] > Long.SIZE) {
                word++;
                bit = 0;
            }
            words[i] = word;
            shifts[i] = bit;
            bit += widths[i];
        }
        wordCount = word + 1;
        states = new long[(1 << 16) * wordCount];
        parents = new int[1 << 16];
    }

    /** Explores until everything was seen, a state is broken, or {@code statesMax} states were found. */
    static Result of(Model model, int statesMax) {
        return new Exploration(model, statesMax).run();
    }

    private Result run() {
        int[] state = model.initial();
        add(state, -1);
        int next = 0;
        while (next < count && count < statesMax && brokenAt < 0) {
            int current = next++;
            unpack(current, state);
            model.successors(state, (step, successor) -> add(successor, current));
        }
        return new Result(count, telling, next == count, brokenAt < 0 ? "" : trace());
    }

    private void add(int[] state, int parent) {
        long[] packed = pack(state);
        int slot = slotOf(packed);
        if (slots[slot] != 0) {
            return;
        }
        if ((count + 1) * wordCount > states.length) {
            states = Arrays.copyOf(states, states.length * 2);
            parents = Arrays.copyOf(parents, parents.length * 2);
        }
        System.arraycopy(packed, 0, states, count * wordCount, wordCount);
        parents[count] = parent;
        slots[slot] = ++count;
        if (count * 2L > slots.length) {
            rehash();
        }
        telling += model.telling(state) ? 1 : 0;
        if (brokenAt < 0 && model.broken(state)) {
            brokenAt = count - 1;
        }
    }

    private long[] pack(int[] state) {
        long[] packed = new long[wordCount];
        for (int i = 0; i < widths.length; i++) {
            if (state[i] >>> widths[i] != 0) {
                throw new IllegalStateException("number " + i + " is " + state[i] + ", too wide for " + widths[i]);
            }
            packed[words[i]] |= (long) state[i] << shifts[i];
        }
        return packed;
    }

    private void unpack(int index, int[] state) {
        for (int i = 0; i < widths.length; i++) {
            state[i] = (int) (states[index * wordCount + words[i]] >>> shifts[i]) & (1 << widths[i]) - 1;
        }
    }

    private int slotOf(long[] packed) {
        long hash = 0;
        for (long word : packed) {
            hash = (hash ^ word) * SPREAD;
            hash ^= hash >>> 29;
        }
        int slot = (int) (hash >>> 16) & slots.length - 1;
        while (slots[slot] != 0 && !holds(slots[slot] - 1, packed)) {
            slot = slot + 1 & slots.length - 1;
        }
        return slot;
    }

    private boolean holds(int index, long[] packed) {
        for (int i = 0; i < wordCount; i++) {
            if (states[index * wordCount + i] != packed[i]) {
                return false;
            }
        }
        return true;
    }

    private void rehash() {
        slots = new int[slots.length * 2];
        for (int i = 0; i < count; i++) {
            slots[slotOf(Arrays.copyOfRange(states, i * wordCount, (i + 1) * wordCount))] = i + 1;
        }
    }

    /** The steps that led to the broken state: each is found again among the successors of the state before it. */
    private String trace() {
        Deque<String> steps = new ArrayDeque<>();
        for (int at = brokenAt; parents[at] >= 0; at = parents[at]) {
            int[] before = new int[widths.length];
            unpack(parents[at], before);
            int wanted = at;
            String[] found = new String[1];
            model.successors(before, (step, successor) -> {
                if (found[0] == null && holds(wanted, pack(successor))) {
                    found[0] = model.describe(step);
                }
            });
            steps.push(found[0]);
        }
        return String.join("; ", steps);
    }
}
