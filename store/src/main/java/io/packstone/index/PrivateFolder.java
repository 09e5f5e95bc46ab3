package io.packstone.index;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A folder that one open index has for itself, deleted when it is closed. A lock in it says that its owner lives; the
 * process id in its name keeps a process from probing its own, which would end that lock.
 */
final class PrivateFolder implements Closeable {
    private static final String PREFIX = "private-";
    private static final String LOCK = "lock";

    private final Path path;
    private final FileChannel channel;

    private PrivateFolder(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /** Makes one below {@code parent}. */
    static PrivateFolder create(Path parent) throws IOException {
        Path path = Files.createTempDirectory(parent, ownPrefix());
        FileChannel channel = FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        channel.tryLock();
        return new PrivateFolder(path, channel);
    }

    private static String ownPrefix() {
        return PREFIX + ProcessHandle.current().pid() + "-";
    }

    /** Deletes what killed processes left below {@code parent}. */
    static void sweep(Path parent) throws IOException {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent, PREFIX + "*")) {
            for (Path folder : folders) {
                if (!folder.getFileName().toString().startsWith(ownPrefix()) && isLeft(folder)) {
                    IndexFolder.delete(folder);
                }
            }
        }
    }

    /** A folder whose lock is not there yet is being made, or nearly deleted: it is left alone. */
    private static boolean isLeft(Path folder) throws IOException {
        Path lock = folder.resolve(LOCK);
        if (!Files.exists(lock)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE)) {
            FileLock probe = channel.tryLock();
            return probe != null;
        }
    }

    Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        channel.close();
        IndexFolder.delete(path);
    }
}
