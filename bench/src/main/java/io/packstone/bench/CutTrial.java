package io.packstone.bench;

import io.packstone.chunker.ChunkerParameters;
import io.packstone.crypto.Hmac;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Where chunks may end: what several conditions find and cost. Each folder's files in the order of paths are one stream, as in
 * a tar, so that what is longer or shorter in the next folder shifts all that follows. Prints a row for each condition.
 */
public final class CutTrial {
    private static final int PIECE = (int) ChunkerParameters.SEGMENT_LENGTH;
    private static final int AVERAGE = ChunkerParameters.DEFAULT_AVERAGE;
    private static final int BITS = Integer.numberOfTrailingZeros(AVERAGE);

    /** From a minimum, in quarters of the average, so many bits more or fewer than its logarithm before it and from it on. */
    private record Condition(int quarters, int before, int after) {}

    private static final List<Condition> CONDITIONS = List.of(
            new Condition(1, 1, -1),
            new Condition(2, 2, -2),
            new Condition(3, 1, -2),
            new Condition(3, -2, -2),
            new Condition(4, -2, -2),
            new Condition(4, -1, -1));

    private final long[] gear = new SplittableRandom(1).longs(256).toArray();
    private final Condition condition;
    private final Set<Long> seen = new HashSet<>();
    private long bytes;
    private long hashed;
    private long chunks;
    private long newBytes;

    private CutTrial(Condition condition) {
        this.condition = condition;
    }

    /** Of the folders that are named. */
    public static void main(String[] folders) throws IOException {
        List<CutTrial> trials = CONDITIONS.stream().map(CutTrial::new).toList();
        byte[] piece = new byte[PIECE];
        for (String folder : folders) {
            int filled = 0;
            for (Path file : files(Path.of(folder))) {
                try (InputStream in = Files.newInputStream(file)) {
                    for (int count; (count = in.readNBytes(piece, filled, PIECE - filled)) > 0; ) {
                        filled += count;
                        if (filled == PIECE) {
                            cutAll(trials, piece, filled);
                            filled = 0;
                        }
                    }
                }
            }
            cutAll(trials, piece, filled);
        }
        for (CutTrial trial : trials) {
            System.out.println(trial);
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(path -> Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS))
                    .sorted()
                    .toList();
        }
    }

    private static void cutAll(List<CutTrial> trials, byte[] piece, int length) {
        for (CutTrial trial : trials) {
            for (int at = 0; at < length; ) {
                at += trial.take(piece, at, length);
            }
        }
    }

    private int take(byte[] piece, int from, int to) {
        int min = AVERAGE / 4 * condition.quarters();
        int length = cut(piece, from, Math.min(to - from, 8 * AVERAGE), min);
        bytes += length;
        hashed += Math.max(0, length - min);
        chunks++;
        if (seen.add(ByteBuffer.wrap(Hmac.sha256(piece, from, length)).getLong())) {
            newBytes += length;
        }
        return length;
    }

    private int cut(byte[] piece, int from, int end, int min) {
        long hash = 0;
        for (int i = min; i < end; i++) {
            hash = (hash << 1) + gear[piece[from + i] & 0xff];
            int bits = BITS + (i < AVERAGE ? condition.before() : condition.after());
            if (hash >>> (64 - bits) == 0) {
                return i + 1;
            }
        }
        return end;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "minimum %.2f, bits %+d %+d: mean %,d, hashed %.2f, new %.1f MB in %,d chunks",
                condition.quarters() / 4.0,
                condition.before(),
                condition.after(),
                bytes / chunks,
                (double) hashed / bytes,
                newBytes / 1e6,
                seen.size());
    }
}
