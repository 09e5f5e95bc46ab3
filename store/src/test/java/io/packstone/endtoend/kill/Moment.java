package io.packstone.endtoend.kill;

/** A call of one kind in one stage: the {@code count}-th, from 1. */
record Moment(Stage stage, String step, int count) {
    /** What {@link #parse} reads. */
    String format() {
        return stage + "," + step + "," + count;
    }

    static Moment parse(String text) {
        String[] parts = text.split(",");
        return new Moment(Stage.valueOf(parts[0]), parts[1], Integer.parseInt(parts[2]));
    }

    @Override
    public String toString() {
        return stage + ", " + step + " " + count;
    }
}
