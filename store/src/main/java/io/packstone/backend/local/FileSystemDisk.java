package io.packstone.backend.local;

import io.packstone.metadata.RawName;
import io.packstone.posix.DirectoryHandle;
import io.packstone.posix.Posix;
import io.packstone.posix.PosixException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** The real disk, through java.nio. */
final class FileSystemDisk implements Disk {
    private static final int SLICE_LENGTH = 1 << 20;
    private static final FileAttribute<Set<PosixFilePermission>> FILE_MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<Set<PosixFilePermission>> DIRECTORY_MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    @Override
    public NewFile create(Path file) throws IOException {
        return new ChannelFile(
                FileChannel.open(file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), FILE_MODE));
    }

    @Override
    public void publish(Path from, Path to) throws IOException {
        try {
            Files.createLink(to, from);
        } catch (FileAlreadyExistsException | NoSuchFileException e) {
            throw e;
        } catch (FileSystemException e) {
            publishByRename(from, to, e);
        }
    }

    @Override
    public void replace(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void publishByRename(Path from, Path to, FileSystemException noLink) throws IOException {
        try {
            renameToNew(from, to);
        } catch (PosixException e) {
            noLink.addSuppressed(e);
            throw noLink;
        }
    }

    /** For FAT and others without hard links: a rename that fails when the name is taken. */
    static void renameToNew(Path from, Path to) throws IOException {
        Posix posix = new Posix();
        try (DirectoryHandle source =
                        posix.openPassage(rawName(from.toAbsolutePath().getParent()));
                DirectoryHandle target =
                        posix.openPassage(rawName(to.toAbsolutePath().getParent()))) {
            source.renameToNew(rawName(from.getFileName()), target, rawName(to.getFileName()));
        } catch (PosixException e) {
            if (e.isExists()) {
                throw new FileAlreadyExistsException(to.toString());
            }
            if (e.isNotFound()) {
                throw new NoSuchFileException(to.toString());
            }
            throw e;
        }
    }

    private static RawName rawName(Path path) {
        return RawName.of(path.toString());
    }

    @Override
    public void makeDirectory(Path directory) throws IOException {
        try {
            Files.createDirectory(directory, DIRECTORY_MODE);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory)) {
                throw e;
            }
        }
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        forceFile(directory);
    }

    @Override
    public void forceFile(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public boolean delete(Path file) throws IOException {
        return !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS) && Files.deleteIfExists(file);
    }

    /** Writes in slices, since the JDK copies each one to memory of its own outside the heap. */
    private static final class ChannelFile implements NewFile {
        private final FileChannel channel;

        ChannelFile(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            int at = offset;
            int end = offset + length;
            while (at < end) {
                at += channel.write(ByteBuffer.wrap(bytes, at, Math.min(end - at, SLICE_LENGTH)));
            }
        }

        @Override
        public void force() throws IOException {
            channel.force(true);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
