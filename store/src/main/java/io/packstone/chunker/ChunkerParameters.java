package io.packstone.chunker;

/** Chunk lengths in bytes, fixed when a repository is made: the average is a power of two from 16 KiB to 1 MiB. */
public record ChunkerParameters(int average) {
    /** The average unless somebody asks for another: 64 KiB. */
    public static final int DEFAULT_AVERAGE = 64 << 10;

    /** Cutting starts afresh at every multiple of this offset in a file: 256 MiB. */
    public static final long SEGMENT_LENGTH = 256L << 20;

    /** Checks the average. */
    public ChunkerParameters {
        if (Integer.bitCount(average) != 1 || average < 16 << 10 || average > 1 << 20) {
            throw new IllegalArgumentException(
                    "the average chunk length must be a power of two from 16 KiB to 1 MiB, not " + average);
        }
    }

    /** The shortest a chunk may be, but for the last of a segment. */
    public int min() {
        return average / 4 * 3;
    }

    /** The longest a chunk may be. */
    public int max() {
        return average * 8;
    }
}
