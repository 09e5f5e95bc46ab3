package io.packstone.protocol;

/** Changes numbers of a state, tells of the result, and restores them. */
final class Step {
    private final int[] state;
    private final Model.Steps steps;
    private final int[] changed = new int[16];
    private final int[] before = new int[16];
    private int count;

    Step(int[] state, Model.Steps steps) {
        this.state = state;
        this.steps = steps;
    }

    Step with(int at, int value) {
        changed[count] = at;
        before[count++] = state[at];
        state[at] = value;
        return this;
    }

    void take(Enum<?> label, int argument) {
        steps.to(label.ordinal() << 8 | argument, state);
        while (count > 0) {
            count--;
            state[changed[count]] = before[count];
        }
    }
}
