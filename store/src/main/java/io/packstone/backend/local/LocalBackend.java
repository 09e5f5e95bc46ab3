package io.packstone.backend.local;

import io.packstone.backend.Backend;
import io.packstone.backend.ListVisitor;
import io.packstone.backend.ObjectNames;
import io.packstone.backend.Upload;
import io.packstone.error.CorruptionException;
import io.packstone.error.ErrorKind;
import io.packstone.error.LimitExceededException;
import io.packstone.error.MissingObjectException;
import io.packstone.error.RepositoryException;
import io.packstone.error.StoreException;
import io.packstone.id.ObjectHash;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A repository in a directory of this machine's file systems. Safe for many threads and processes. The directory and
 * those in it are made when something is first put.
 */
public final class LocalBackend implements Backend {
    private static final int OPEN_FILES = 64;
    private static final int RESERVE_LENGTH = 1 << 20;
    private static final long ROOM_FOR_METADATA = 64 << 10;

    private final LocalLayout layout;
    private final Disk disk;
    private final DurablePut durable;
    private final OpenFiles files = new OpenFiles(OPEN_FILES);

    /** The repository in {@code root}, which need not exist yet. */
    public LocalBackend(Path root) {
        this(root, new FileSystemDisk(), ownNames());
    }

    LocalBackend(Path root, Disk disk, Supplier<String> temporaryNames) {
        this.layout = new LocalLayout(root.toAbsolutePath().normalize());
        this.disk = disk;
        this.durable = new DurablePut(disk, layout, temporaryNames);
    }

    /** Unlike those of any other process at work; should two ever be equal, the second fails and harms nothing. */
    private static Supplier<String> ownNames() {
        String process = ProcessHandle.current().pid() + "-" + Long.toHexString(System.nanoTime());
        AtomicLong count = new AtomicLong();
        return () -> process + "-" + count.incrementAndGet();
    }

    /** The directory. */
    public Path root() {
        return layout.root();
    }

    @Override
    public void put(String name, byte[] bytes) throws IOException {
        Path target = layout.file(name);
        try (DurablePut.Pending pending = durable.begin()) {
            pending.write(bytes, 0, bytes.length);
            if (!pending.publish(target)) {
                expectSame(name, pending.temporary(), target);
            }
        } catch (IOException e) {
            throw explain(name, bytes.length, e);
        }
    }

    @Override
    public boolean putIfAbsent(String name, byte[] bytes) throws IOException {
        Path target = layout.file(name);
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            disk.forceFile(target);
            disk.forceDirectory(target.getParent());
            return false;
        }
        try (DurablePut.Pending pending = durable.begin()) {
            pending.write(bytes, 0, bytes.length);
            return pending.publish(target);
        } catch (IOException e) {
            throw explain(name, bytes.length, e);
        }
    }

    @Override
    public Upload begin() throws IOException {
        try {
            return new LocalUpload(durable.begin());
        } catch (IOException e) {
            throw explain(null, 0, e);
        }
    }

    @Override
    public byte[] get(String name, int maxLength) throws IOException {
        Path file = layout.file(name);
        long length = length(name);
        if (length < 0) {
            throw missing(name);
        }
        if (length > maxLength) {
            throw new LimitExceededException(name, "its length", length, maxLength);
        }
        byte[] bytes = new byte[(int) length];
        readFully(name, file, 0, bytes, 0, bytes.length);
        return bytes;
    }

    @Override
    public void read(String name, long offset, byte[] target, int targetOffset, int length) throws IOException {
        if (offset < 0) {
            throw new IllegalArgumentException("negative offset " + offset);
        }
        readFully(name, layout.file(name), offset, target, targetOffset, length);
    }

    private void readFully(String name, Path file, long offset, byte[] target, int targetOffset, int length)
            throws IOException {
        int count;
        try {
            count = files.read(file, offset, target, targetOffset, length);
        } catch (NoSuchFileException e) {
            throw missing(name);
        }
        if (count < length) {
            throw new CorruptionException(name, offset + count, length - count + " more bytes", "the end");
        }
    }

    private static MissingObjectException missing(String name) {
        return new MissingObjectException(name, "a reader");
    }

    @Override
    public long length(String name) throws IOException {
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(layout.file(name), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return attributes.isRegularFile() ? attributes.size() : -1;
        } catch (NoSuchFileException e) {
            if (Files.isRegularFile(layout.root())) { // Newer versions of Java do not tell these apart.
                throw new NotDirectoryException(layout.root().toString());
            }
            return -1;
        }
    }

    @Override
    public void list(String prefix, ListVisitor visitor) throws IOException {
        ObjectNames.checkPrefix(prefix);
        listDirectory(layout.root().resolve(prefix), prefix, visitor);
    }

    private void listDirectory(Path directory, String relative, ListVisitor visitor) throws IOException {
        DirectoryStream<Path> opened;
        try {
            opened = Files.newDirectoryStream(directory);
        } catch (NoSuchFileException e) {
            return; // nothing was put there yet; any other failure must not look like an empty repository
        }
        try (DirectoryStream<Path> found = opened) {
            for (Path path : found) {
                visit(path, relative + path.getFileName(), visitor);
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private void visit(Path path, String relative, ListVisitor visitor) throws IOException {
        BasicFileAttributes attributes;
        try {
            attributes = Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return; // deleted meanwhile
        }
        if (attributes.isDirectory()) {
            if (ObjectNames.isValid(relative + "/x")) {
                listDirectory(path, relative + "/", visitor);
            }
            return;
        }
        String name = attributes.isRegularFile() ? LocalLayout.nameOf(relative) : null;
        if (name != null) {
            visitor.visit(name, attributes.size());
        }
    }

    @Override
    public void delete(String name) throws IOException {
        Path file = layout.file(name);
        files.forget(file);
        if (disk.delete(file)) {
            disk.forceDirectory(file.getParent());
        }
    }

    @Override
    public void settle() throws IOException {
        if (Files.isDirectory(layout.root())) {
            for (Path directory : layout.directories()) {
                disk.forceDirectory(directory);
            }
        }
    }

    @Override
    public boolean releaseReserve() throws IOException {
        return disk.delete(layout.reserve());
    }

    @Override
    public void keepReserve() throws IOException {
        if (Files.exists(layout.reserve()) || isFull(RESERVE_LENGTH)) {
            return;
        }
        byte[] filling = new byte[RESERVE_LENGTH];
        long state = 1;
        for (int i = 0; i < filling.length; i++) {
            state = state * 6364136223846793005L + 1442695040888963407L; // No file system makes this shorter.
            filling[i] = (byte) (state >> 56);
        }
        try (DurablePut.Pending pending = durable.begin()) {
            pending.write(filling, 0, filling.length);
            pending.publish(layout.reserve());
        } catch (IOException e) {
            // Without room to spare there is none to set aside; whoever needs it is told then.
            return;
        }
    }

    /**
     * Removes what crashed writers left in {@code tmp/}, when last written before {@code limit}; a writer that is still
     * at work must be younger than that.
     *
     * @return how many files were removed
     */
    @Override
    public int sweepTemporary(Instant limit) throws IOException {
        if (Files.notExists(layout.temporary())) {
            return 0;
        }
        int count = 0;
        try (DirectoryStream<Path> found = Files.newDirectoryStream(layout.temporary())) {
            for (Path path : found) {
                FileTime modified = Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS);
                if (modified.toInstant().isBefore(limit)) {
                    count += disk.delete(path) ? 1 : 0;
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return count;
    }

    @Override
    public String describe() {
        return layout.root().toString();
    }

    @Override
    public void close() throws IOException {
        files.close();
    }

    private static void expectSame(String name, Path temporary, Path target) throws IOException {
        if (Files.mismatch(temporary, target) >= 0) {
            throw new RepositoryException(
                    ErrorKind.OCCUPIED, name, name + " exists already and holds other bytes; nothing was changed");
        }
    }

    /** Refuses a file that is not what the name says; a name that says nothing is the caller's matter. */
    private static void expectHash(String name, Path file) throws IOException {
        ObjectHash expected = ObjectNames.hashOf(name);
        if (expected == null) {
            return;
        }
        MessageDigest digest = sha256();
        try (InputStream input = Files.newInputStream(file)) {
            byte[] piece = new byte[64 << 10];
            for (int count = input.read(piece); count >= 0; count = input.read(piece)) {
                digest.update(piece, 0, count);
            }
        }
        if (!ObjectHash.of(digest.digest()).equals(expected)) {
            throw new CorruptionException(name, "what should take its place has another SHA-256; nothing was changed");
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }

    /** Says "no room" where that is the reason, in whatever language the system said so. */
    private IOException explain(@Nullable String name, long wanted, IOException failure) {
        if (failure instanceof StoreException) {
            return failure;
        }
        String message = String.valueOf(failure.getMessage());
        String what = name == null ? "a new object" : name;
        boolean full = message.contains("No space left on device") || message.contains("Disk quota exceeded");
        if (full || isFull(wanted)) {
            return new RepositoryException(
                    ErrorKind.NO_ROOM,
                    name,
                    "no room is left in " + describe() + " for " + what + "; free some space and run again",
                    failure);
        }
        return failure;
    }

    private boolean isFull(long wanted) {
        try {
            return Files.getFileStore(layout.root()).getUsableSpace() < wanted + ROOM_FOR_METADATA;
        } catch (IOException e) {
            return false;
        }
    }

    private final class LocalUpload implements Upload {
        private final DurablePut.Pending pending;
        private long length;

        LocalUpload(DurablePut.Pending pending) {
            this.pending = pending;
        }

        @Override
        public void write(byte[] bytes, int offset, int count) throws IOException {
            try {
                pending.write(bytes, offset, count);
            } catch (IOException e) {
                throw explain(null, count, e);
            }
            length += count;
        }

        @Override
        public void commit(String name) throws IOException {
            Path target = layout.file(name);
            try {
                if (!pending.publish(target)) {
                    expectSame(name, pending.temporary(), target);
                }
            } catch (IOException e) {
                throw explain(name, length, e);
            }
        }

        @Override
        public void replace(String name) throws IOException {
            Path target = layout.file(name);
            try {
                pending.force();
                expectHash(name, pending.temporary());
                pending.replace(target);
            } catch (IOException e) {
                throw explain(name, length, e);
            } finally {
                files.forget(target);
            }
        }

        @Override
        public void close() throws IOException {
            pending.close();
        }
    }
}
