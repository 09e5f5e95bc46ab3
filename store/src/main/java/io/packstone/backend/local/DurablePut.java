package io.packstone.backend.local;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The one way a file gets a name: written under {@code tmp/}, forced through the channel that wrote it, closed, linked
 * to its name, its directory forced, and only then the temporary name removed. A force that failed is never repeated:
 * the pages may be lost while a second call reports success (Rebello et al., "Can Applications Recover from fsync
 * Failures?", ATC 2020), so the file is dropped and the caller begins anew.
 */
final class DurablePut {
    private final Disk disk;
    private final LocalLayout layout;
    private final Supplier<String> temporaryNames;
    private final Set<Path> forcedDirectories = ConcurrentHashMap.newKeySet();

    /** Once it was there it is never made again: it was moved away, or the disk that holds it is not mounted. */
    private volatile boolean rootWasThere;

    DurablePut(Disk disk, LocalLayout layout, Supplier<String> temporaryNames) {
        this.disk = disk;
        this.layout = layout;
        this.temporaryNames = temporaryNames;
        this.rootWasThere = Files.isDirectory(layout.root());
    }

    /** A fresh file under {@code tmp/}. */
    Pending begin() throws IOException {
        Path directory = layout.temporary();
        ensureDirectory(directory);
        Path file = directory.resolve(temporaryNames.get());
        try {
            return new Pending(file, disk.create(file));
        } catch (NoSuchFileException e) {
            forcedDirectories.clear();
            ensureDirectory(directory);
            return new Pending(file, disk.create(file));
        }
    }

    /** Makes {@code directory} and what is missing above it, each one durable in its parent. */
    private void ensureDirectory(Path directory) throws IOException {
        if (forcedDirectories.contains(directory)) {
            return;
        }
        Path parent = directory.toAbsolutePath().getParent();
        if (parent != null) {
            if (!Files.isDirectory(parent)) {
                ensureDirectory(parent);
            }
            boolean root = directory.equals(layout.root());
            if (!root || !Files.isDirectory(directory)) {
                if (root && rootWasThere) {
                    throw new NoSuchFileException(directory.toString(), null, "the repository is gone from there");
                }
                disk.makeDirectory(directory);
                disk.forceDirectory(parent);
            }
            rootWasThere |= root;
        }
        forcedDirectories.add(directory);
    }

    /** A file that has no name yet; for one thread. */
    final class Pending implements AutoCloseable {
        private final Path temporary;
        private final Disk.NewFile file;
        private boolean closed;
        private boolean forced;

        private Pending(Path temporary, Disk.NewFile file) {
            this.temporary = temporary;
            this.file = file;
        }

        /** Appends {@code length} bytes (borrowed). */
        void write(byte[] bytes, int offset, int length) throws IOException {
            if (closed) {
                throw new IllegalStateException("this upload has ended");
            }
            file.write(bytes, offset, length);
        }

        /**
         * Names the file durably and closes it.
         *
         * @return false when {@code target} existed: it is durable then, and the temporary file stays for comparing
         *     until {@link #close}
         */
        boolean publish(Path target) throws IOException {
            force();
            Path directory = target.toAbsolutePath().getParent();
            ensureDirectory(directory);
            try {
                link(target, directory);
            } catch (FileAlreadyExistsException e) {
                disk.forceFile(target);
                disk.forceDirectory(directory);
                return false;
            }
            disk.forceDirectory(directory);
            return true;
        }

        /** Puts the file, durably, in the place of the one of that name, or where there is none; closes it. */
        void replace(Path target) throws IOException {
            if (!forced) {
                throw new IllegalStateException("what takes another's place must be forced and looked at first");
            }
            Path directory = target.toAbsolutePath().getParent();
            ensureDirectory(directory);
            disk.replace(temporary, target);
            disk.forceDirectory(directory);
        }

        /** Makes the bytes durable and closes the file; it keeps its temporary name. */
        void force() throws IOException {
            if (closed) {
                throw new IllegalStateException("this upload has ended");
            }
            closed = true;
            try (file) {
                file.force();
            }
            forced = true;
        }

        private void link(Path target, Path directory) throws IOException {
            try {
                disk.publish(temporary, target);
            } catch (NoSuchFileException e) {
                forcedDirectories.clear();
                ensureDirectory(directory);
                disk.publish(temporary, target);
            }
        }

        /** Where the bytes are until {@link #close}. */
        Path temporary() {
            return temporary;
        }

        /** Removes the temporary name; what was published keeps its own. */
        @Override
        public void close() throws IOException {
            if (!closed) {
                closed = true;
                try (file) {
                    disk.delete(temporary);
                }
            } else {
                disk.delete(temporary);
            }
        }
    }
}
