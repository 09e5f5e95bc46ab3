package io.packstone.backend.local;

import io.packstone.backend.Backend;
import io.packstone.backend.Upload;
import io.packstone.error.CorruptionException;
import io.packstone.error.ErrorKind;
import io.packstone.error.LimitExceededException;
import io.packstone.error.MissingObjectException;
import io.packstone.error.RepositoryException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Objects as files below a folder. Packs stand in 256 folders by the first byte of their name; everything else as named.
 * Thread-safe, also between processes.
 */
public final class LocalBackend implements Backend {
    private static final String TEMPORARY = "tmp";
    private static final String PACKS = "packs/";

    private final Path root;
    private final AtomicLong temporaries = new AtomicLong();
    private final Set<Path> madeFolders = ConcurrentHashMap.newKeySet();

    /** Below {@code root}, which need not exist. */
    public LocalBackend(Path root) {
        this.root = root.toAbsolutePath().normalize();
    }

    private Path path(String name) {
        if (name.startsWith(PACKS) && name.length() > PACKS.length() + 2) {
            return root.resolve(PACKS)
                    .resolve(name.substring(PACKS.length(), PACKS.length() + 2))
                    .resolve(name.substring(PACKS.length()));
        }
        return root.resolve(name);
    }

    @Override
    public void put(String name, byte[] bytes) throws IOException {
        if (!putIfAbsent(name, bytes) && !Arrays.equals(get(name, bytes.length), bytes)) {
            throw new CorruptionException(name, "it exists already, with other bytes");
        }
    }

    @Override
    public boolean putIfAbsent(String name, byte[] bytes) throws IOException {
        try (LocalUpload upload = begin()) {
            upload.write(bytes, 0, bytes.length);
            return upload.link(name);
        }
    }

    @Override
    public LocalUpload begin() throws IOException {
        try {
            Path folder = makeFolder(root.resolve(TEMPORARY));
            Path temporary = folder.resolve(ProcessHandle.current().pid() + "-" + Long.toHexString(System.nanoTime())
                    + "-" + temporaries.incrementAndGet());
            FileChannel channel = FileChannel.open(
                    temporary,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            return new LocalUpload(temporary, channel);
        } catch (IOException e) {
            throw failed(TEMPORARY, "make a temporary file", e);
        }
    }

    /** A temporary file until it is linked to its name. */
    final class LocalUpload implements Upload {
        private final Path temporary;
        private final FileChannel channel;

        private LocalUpload(Path temporary, FileChannel channel) {
            this.temporary = temporary;
            this.channel = channel;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                ByteBuffer rest = ByteBuffer.wrap(bytes, offset, length);
                while (rest.hasRemaining()) {
                    channel.write(rest);
                }
            } catch (IOException e) {
                throw failed(temporary.getFileName().toString(), "write", e);
            }
        }

        @Override
        public void commit(String name) throws IOException {
            if (!link(name)) {
                throw new CorruptionException(name, "it exists already");
            }
        }

        /** Forces the bytes, gives them their name, forces the folder; false when the name is taken. */
        private boolean link(String name) throws IOException {
            try {
                channel.force(true);
                channel.close();
                Path target = path(name);
                Path folder = makeFolder(java.util.Objects.requireNonNull(target.getParent()));
                try {
                    Files.createLink(target, temporary);
                } catch (FileAlreadyExistsException e) {
                    return false;
                }
                forceFolder(folder);
                return true;
            } catch (IOException e) {
                throw failed(name, "store", e);
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
            Files.deleteIfExists(temporary);
        }
    }

    /** Makes a folder and those above it durable; remembers what it made. */
    private Path makeFolder(Path folder) throws IOException {
        if (madeFolders.contains(folder)) {
            return folder;
        }
        if (!Files.isDirectory(folder)) {
            Path above = folder.getParent();
            if (above != null) {
                makeFolder(above);
            }
            try {
                Files.createDirectory(
                        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            } catch (FileAlreadyExistsException e) {
                if (!Files.isDirectory(folder)) {
                    throw e;
                }
            }
            if (above != null) {
                forceFolder(above);
            }
        }
        madeFolders.add(folder);
        return folder;
    }

    private static void forceFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public byte[] get(String name, int maxLength) throws IOException {
        try (FileChannel channel = FileChannel.open(path(name), StandardOpenOption.READ)) {
            long length = channel.size();
            if (length > maxLength) {
                throw new LimitExceededException(name, "its length", length, maxLength);
            }
            byte[] bytes = new byte[(int) length];
            readFully(channel, name, 0, ByteBuffer.wrap(bytes));
            return bytes;
        } catch (NoSuchFileException e) {
            throw new MissingObjectException(name, "what is being read");
        } catch (FileSystemException e) {
            throw failed(name, "read", e);
        }
    }

    @Override
    public void read(String name, long offset, byte[] target, int targetOffset, int length) throws IOException {
        try (FileChannel channel = FileChannel.open(path(name), StandardOpenOption.READ)) {
            readFully(channel, name, offset, ByteBuffer.wrap(target, targetOffset, length));
        } catch (NoSuchFileException e) {
            throw new MissingObjectException(name, "what is being read");
        } catch (FileSystemException e) {
            throw failed(name, "read", e);
        }
    }

    private void readFully(FileChannel channel, String name, long offset, ByteBuffer target) throws IOException {
        long at = offset;
        while (target.hasRemaining()) {
            int count;
            try {
                count = channel.read(target, at);
            } catch (IOException e) {
                throw failed(name, "read", e);
            }
            if (count < 0) {
                throw new CorruptionException(name, at, target.remaining() + " more bytes", "the end");
            }
            at += count;
        }
    }

    @Override
    public long length(String name) throws IOException {
        try {
            return Files.size(path(name));
        } catch (NoSuchFileException e) {
            return -1;
        } catch (IOException e) {
            throw failed(name, "look at", e);
        }
    }

    @Override
    public void list(String prefix, ListVisitor visitor) throws IOException {
        if (!prefix.equals(PACKS)) {
            listFolder(root.resolve(prefix), prefix, visitor);
            return;
        }
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(root.resolve(PACKS))) {
            for (Path folder : folders) {
                listFolder(folder, PACKS, visitor);
            }
        } catch (NoSuchFileException e) {
            return;
        }
    }

    private void listFolder(Path folder, String prefix, ListVisitor visitor) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                if (Files.isRegularFile(file)) {
                    visitor.visit(prefix + file.getFileName(), Files.size(file));
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return;
        } catch (FileSystemException e) {
            throw failed(prefix, "list", e);
        }
    }

    @Override
    public void delete(String name) throws IOException {
        try {
            Files.deleteIfExists(path(name));
        } catch (IOException e) {
            throw failed(name, "delete", e);
        }
    }

    @Override
    public String describe() {
        return root.toString();
    }

    @Override
    public void close() {
        // nothing is kept open
    }

    private IOException failed(String name, String what, IOException cause) {
        if (cause instanceof io.packstone.error.StoreException) {
            return cause;
        }
        String reason = String.valueOf(cause.getMessage());
        String lower = reason.toLowerCase(Locale.ROOT);
        if (lower.contains("no space left") || lower.contains("disk quota")) {
            return new RepositoryException(
                    ErrorKind.NO_ROOM,
                    name,
                    "no room left at " + root + "; free some space and run the command again",
                    cause);
        }
        return new RepositoryException(
                ErrorKind.BACKEND, name, "could not " + what + " " + name + " at " + root + ": " + reason, cause);
    }
}
