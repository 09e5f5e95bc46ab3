package io.packstone.maintenance.retention;

import java.util.List;

/**
 * What to keep of each group; a snapshot stays that any of them keeps. A number of 0 keeps nothing by itself.
 *
 * @param last the newest ones, in record order
 * @param hourly the newest of each of the last hours that have any; so for days, ISO weeks, months and years
 * @param within what is younger than this, compared with the newest of the group
 * @param tags what has any of these
 */
public record RetentionRules(
        int last, int hourly, int daily, int weekly, int monthly, int yearly, TimeSpan within, List<String> tags) {
    /** No rule: everything is kept. */
    public static final RetentionRules NONE = new RetentionRules(0, 0, 0, 0, 0, 0, TimeSpan.NONE, List.of());

    /** Copies the list; refuses negative numbers. */
    public RetentionRules {
        tags = List.copyOf(tags);
        if (last < 0 || hourly < 0 || daily < 0 || weekly < 0 || monthly < 0 || yearly < 0) {
            throw new IllegalArgumentException("a number of snapshots to keep is not negative");
        }
    }

    /** Only the newest {@code count} of each group. */
    public static RetentionRules keepLast(int count) {
        return new RetentionRules(count, 0, 0, 0, 0, 0, TimeSpan.NONE, List.of());
    }

    /** True when they would keep nothing at all, which nobody means. */
    public boolean isEmpty() {
        return last + (long) hourly + daily + weekly + monthly + yearly == 0 && within.isNone() && tags.isEmpty();
    }
}
