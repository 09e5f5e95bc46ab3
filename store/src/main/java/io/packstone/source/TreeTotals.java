package io.packstone.source;

import io.packstone.metadata.FileType;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How much a walk is going to meet. Counting is a walk of its own, which opens no file.
 *
 * @param files regular files
 * @param bytes in them
 */
public record TreeTotals(long files, long bytes) {
    /** Counts; null when {@code stopped} said so before the end. What can't be read is left to the real walk to tell. */
    public static @Nullable TreeTotals count(SourceOptions options, BooleanSupplier stopped) throws IOException {
        long files = 0;
        long bytes = 0;
        try (SourceWalker walker = new SourceWalker(options, problem -> {})) {
            for (SourceEntry entry = walker.next(); entry != null; entry = walker.next()) {
                if (stopped.getAsBoolean()) {
                    return null;
                }
                files += entry.metadata().type() == FileType.FILE ? 1 : 0;
                bytes += entry.metadata().size();
            }
        }
        return new TreeTotals(files, bytes);
    }
}
