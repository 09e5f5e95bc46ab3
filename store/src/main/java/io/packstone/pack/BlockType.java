package io.packstone.pack;

/** What a block holds; the number is the stored one. */
public enum BlockType {
    /** Data chunks. */
    DATA,
    /** Manifest nodes and recipes. */
    TREE,
    /** Nothing: it only makes a pack longer. */
    PAD;

    private static final BlockType[] ALL = values();

    int number() {
        return ordinal();
    }

    static BlockType of(int number) {
        if (number < 0 || number >= ALL.length) {
            throw new IllegalArgumentException("no block type " + number);
        }
        return ALL[number];
    }
}
