package io.packstone.maintenance;

/**
 * How much a check reads.
 *
 * @param dataPercent of the packs to read whole, drawn at random: 0 for none, 100 for all
 * @param dataBytesMax about how many bytes of packs at most; at least one pack is read when any is to be
 */
public record CheckOptions(double dataPercent, long dataBytesMax) {
    /** Structure only. */
    public static final CheckOptions STRUCTURE = ofPercent(0);

    /** Every byte. */
    public static final CheckOptions ALL_DATA = ofPercent(100);

    /** Checks the ranges. */
    public CheckOptions {
        if (!(dataPercent >= 0 && dataPercent <= 100)) {
            throw new IllegalArgumentException("a percentage goes from 0 to 100, not " + dataPercent);
        }
        if (dataBytesMax <= 0) {
            throw new IllegalArgumentException("nothing can be read in " + dataBytesMax + " bytes");
        }
    }

    /** A share of the packs. */
    public static CheckOptions ofPercent(double percent) {
        return new CheckOptions(percent, Long.MAX_VALUE);
    }

    /** Packs of about so many bytes together. */
    public static CheckOptions ofBytes(long bytes) {
        return new CheckOptions(100, bytes);
    }
}
