package io.packstone.protocol;

/** A system of actors around a store: its states are vectors of small numbers, each store operation is one step. */
interface Model {
    /** The width in bits of each number of a state. */
    int[] widths();

    /** The state everything begins in. */
    int[] initial();

    /** Tells {@code steps} of every state that one step leads to; {@code state} is scratch and may be changed and restored. */
    void successors(int[] state, Steps steps);

    /** True when a state breaks the promise. */
    boolean broken(int[] state);

    /** True for a state that shows that the promise is not kept by never doing anything. */
    boolean telling(int[] state);

    /** What a step did. */
    String describe(int step);

    /** Receives successors. */
    interface Steps {
        /** {@code next} is borrowed; {@code step} says what was done. */
        void to(int step, int[] next);
    }
}
