package io.packstone.snapshot;

/**
 * The strategy of a snapshot, as its record has it.
 *
 * @param asked what was asked for; the same as {@code taken} in older records
 * @param taken what came of it, which says which files were read
 */
public record TakenAs(String asked, String taken) {
    /** Such as {@code full} or {@code hybrid/full}; any text has a meaning. */
    public static TakenAs parse(String text) {
        int slash = text.indexOf('/');
        return slash < 0 ? new TakenAs(text, text) : new TakenAs(text.substring(0, slash), text.substring(slash + 1));
    }

    /** What {@link #parse} reads. */
    public String text() {
        return asked.equals(taken) ? taken : asked + "/" + taken;
    }
}
