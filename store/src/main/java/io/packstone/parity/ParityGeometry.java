package io.packstone.parity;

/**
 * How an object is cut for parity: into cells, numbered in order. As many cells in a row as there are columns make a
 * shard; the cells of one column, one from each shard, make a codeword. So a burst of damage hits each codeword as
 * rarely as can be.
 *
 * @param objectLength in bytes, at least 1
 * @param cellLength in bytes, a power of two from 512 to 65,536
 * @param dataShards at most 128
 * @param parityShards at most 4: how many cells of each column may be lost
 */
public record ParityGeometry(long objectLength, int cellLength, int dataShards, int parityShards) {
    /** Four more for every 64 cells of 4 KiB: a burst of a sixteenth of the object costs nothing. */
    private static final int CELL_LENGTH = 4096;

    private static final int DATA_SHARDS = 64;
    private static final int PARITY_SHARDS = 4;
    private static final int CELL_LENGTH_MIN = 512;
    private static final int CELL_LENGTH_MAX = 65_536;
    private static final long OBJECT_LENGTH_MAX = 1L << 30;

    /** Checks the ranges. */
    public ParityGeometry {
        if (!isValid(objectLength, cellLength, dataShards, parityShards)) {
            throw new IllegalArgumentException("no parity of " + objectLength + " bytes in cells of " + cellLength
                    + ", " + dataShards + " + " + parityShards);
        }
    }

    static boolean isValid(long objectLength, int cellLength, int dataShards, int parityShards) {
        return objectLength >= 1
                && objectLength <= OBJECT_LENGTH_MAX
                && cellLength >= CELL_LENGTH_MIN
                && cellLength <= CELL_LENGTH_MAX
                && Integer.bitCount(cellLength) == 1
                && dataShards >= 1
                && dataShards <= CauchyCode.DATA_MAX
                && parityShards >= 1
                && parityShards <= CauchyCode.PARITY_MAX;
    }

    /** What this version writes for an object of that length. */
    public static ParityGeometry of(long objectLength) {
        return new ParityGeometry(objectLength, CELL_LENGTH, DATA_SHARDS, PARITY_SHARDS);
    }

    /** The count of the object's cells; the last may be shorter and counts as filled with zeros. */
    public int dataCells() {
        return (int) ((objectLength + cellLength - 1) / cellLength);
    }

    /** The count of columns: of cells in a shard, and of codewords. */
    public int columns() {
        return (dataCells() + dataShards - 1) / dataShards;
    }

    /** The count of parity cells. */
    public int parityCells() {
        return columns() * parityShards;
    }

    int shardOf(int cell) {
        return cell / columns();
    }

    int columnOf(int cell) {
        return cell % columns();
    }
}
