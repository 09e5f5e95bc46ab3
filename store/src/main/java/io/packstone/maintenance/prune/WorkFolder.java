package io.packstone.maintenance.prune;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A temporary folder, made when something is first put there and gone with all of it at the end. For one thread. */
public final class WorkFolder implements Closeable {
    private @Nullable Path folder;

    Path path() throws IOException {
        Path made = folder;
        if (made == null) {
            made = Files.createTempDirectory("packstone-prune-");
            folder = made;
        }
        return made;
    }

    @Override
    public void close() throws IOException {
        if (folder != null) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
                for (Path file : files) {
                    Files.deleteIfExists(file);
                }
            }
            Files.deleteIfExists(folder);
            folder = null;
        }
    }
}
