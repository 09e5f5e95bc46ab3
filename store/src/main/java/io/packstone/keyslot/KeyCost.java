package io.packstone.keyslot;

/** What deriving a key from a password costs: Argon2id memory in KiB, iterations and lanes. */
public record KeyCost(int memoryKiB, int iterations, int parallelism) {
    /** The second recommendation of RFC 9106, section 4: 64 MiB, three passes, four lanes. */
    public static final KeyCost STANDARD = new KeyCost(64 << 10, 3, 4);

    /** For tests of everything else: cheap, and worth nothing. */
    public static final KeyCost TEST = new KeyCost(64, 1, 1);
}
