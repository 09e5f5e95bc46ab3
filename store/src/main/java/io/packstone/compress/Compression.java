package io.packstone.compress;

/**
 * What a person chose: {@code auto}, {@code none}, {@code lz4}, {@code zstd} or {@code zstd:LEVEL}. Whatever it is, a block
 * that does not shrink is stored as it is.
 *
 * @param level of Zstandard, -7 to 19; 0 for other codecs
 */
public record Compression(Codec codec, int level) {
    /** The level that {@code auto} and {@code zstd} stand for, chosen by docs/bench.md. */
    public static final int LEVEL_DEFAULT = 3;

    /** Zstandard at its default level. */
    public static final Compression AUTO = new Compression(Codec.ZSTD, LEVEL_DEFAULT);

    /** Checks the level. */
    public Compression {
        if (level < -7 || level > 19) {
            throw new IllegalArgumentException("zstd levels go from -7 to 19, not " + level);
        }
    }

    /** Parses the text forms above; anything else is an {@link IllegalArgumentException} that lists them. */
    public static Compression parse(String text) {
        switch (text) {
            case "auto", "zstd":
                return AUTO;
            case "none":
                return new Compression(Codec.NONE, 0);
            case "lz4":
                return new Compression(Codec.LZ4, 0);
            default:
                if (text.matches("zstd:-?[0-9]{1,2}")) {
                    return new Compression(Codec.ZSTD, Integer.parseInt(text.substring(5)));
                }
                throw new IllegalArgumentException(
                        "unknown compression '" + text + "': use auto, none, lz4, zstd or zstd:LEVEL (-7 to 19)");
        }
    }

    /** The text form. */
    public String toText() {
        return switch (codec) {
            case NONE -> "none";
            case LZ4 -> "lz4";
            case ZSTD -> level == LEVEL_DEFAULT ? "auto" : "zstd:" + level;
        };
    }
}
