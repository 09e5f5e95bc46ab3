package io.packstone.pack;

/** What kind of blocks a pack holds, so that browsing fetches only the small ones; the number is the stored one. */
public enum PackClass {
    /** Bytes of files. */
    DATA(1),
    /** Manifest nodes and recipes. */
    TREE(2);

    private final int number;

    PackClass(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}
