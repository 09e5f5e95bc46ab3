package io.packstone.maintenance;

/**
 * How much a check reads.
 *
 * @param dataPercent of the packs to read whole: 0 for none, 100 for all
 */
public record CheckOptions(double dataPercent) {
    /** Structure only. */
    public static final CheckOptions STRUCTURE = new CheckOptions(0);

    /** Every byte. */
    public static final CheckOptions ALL_DATA = new CheckOptions(100);

    /** Checks the range. */
    public CheckOptions {
        if (!(dataPercent >= 0 && dataPercent <= 100)) {
            throw new IllegalArgumentException("a percentage goes from 0 to 100, not " + dataPercent);
        }
    }
}
