package io.packstone.bench;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A temporary folder, deleted with all that is in it when closed. */
final class Scratch implements Closeable {
    private final Path folder;

    Scratch() {
        try {
            folder = Files.createTempDirectory("packstone-bench-").toRealPath();
        } catch (IOException e) {
            throw new IllegalStateException("no temporary folder", e);
        }
    }

    /** Where it is. */
    Path folder() {
        return folder;
    }

    @Override
    public void close() throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> all = Files.walk(folder)) {
            deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : deepestFirst) {
            Files.delete(path);
        }
    }
}
