package io.packstone.repository.memory;

import io.packstone.bytes.Crc32c;
import io.packstone.bytes.LittleEndian;
import io.packstone.id.RepositoryId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;

/** A file of entries of one length: magic, repository, count, entries, checksum. For one thread at a time. */
final class MemoryFile {
    private static final int MAGIC_LENGTH = 8;
    private static final int HEAD_LENGTH = MAGIC_LENGTH + RepositoryId.LENGTH + 4;

    private final Path file;
    private final byte[] head;
    private final int entryLength;

    /** {@code magic} is of eight bytes and names the layout; entries have {@code entryLength} bytes each. */
    MemoryFile(Path file, byte[] magic, RepositoryId repository, int entryLength) {
        this.file = file;
        this.entryLength = entryLength;
        head = Arrays.copyOf(magic, HEAD_LENGTH);
        repository.copyTo(head, MAGIC_LENGTH);
    }

    /** The entries back to back; none when there is no such file, or it can't be read, or is not whole. */
    byte[] read() {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (IOException e) {
            return new byte[0];
        }
        int end = bytes.length - 4;
        boolean whole = end >= HEAD_LENGTH
                && Arrays.equals(bytes, 0, HEAD_LENGTH - 4, head, 0, HEAD_LENGTH - 4)
                && LittleEndian.getInt(bytes, HEAD_LENGTH - 4) == (end - HEAD_LENGTH) / entryLength
                && (end - HEAD_LENGTH) % entryLength == 0
                && LittleEndian.getInt(bytes, end) == Crc32c.of(bytes, 0, end);
        return whole ? Arrays.copyOfRange(bytes, HEAD_LENGTH, end) : new byte[0];
    }

    /** Puts other entries (borrowed) in place of all that were there, at once. */
    void write(byte[] entries) throws IOException {
        byte[] bytes = Arrays.copyOf(head, HEAD_LENGTH + entries.length + 4);
        LittleEndian.putInt(bytes, HEAD_LENGTH - 4, entries.length / entryLength);
        System.arraycopy(entries, 0, bytes, HEAD_LENGTH, entries.length);
        LittleEndian.putInt(bytes, bytes.length - 4, Crc32c.of(bytes, 0, bytes.length - 4));
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path fresh = Files.createTempFile(file.toAbsolutePath().getParent(), file.getFileName() + "-", "");
        try {
            Files.write(fresh, bytes);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }
}
