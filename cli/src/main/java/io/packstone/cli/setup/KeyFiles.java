package io.packstone.cli.setup;

import io.packstone.crypto.Randomness;
import io.packstone.crypto.SecretKey;
import io.packstone.error.UnlockException;
import io.packstone.keyslot.KeyText;
import io.packstone.keyslot.Secret;
import io.packstone.metadata.Quoting;
import io.packstone.posix.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Set;

/** Key files and typed recovery sheets on this computer's disk. */
final class KeyFiles {
    private static final int LENGTH_MAX = 64 << 10;

    private KeyFiles() {}

    /** The bytes of a small secret file. */
    static byte[] read(Path file, String what) throws UnlockException {
        try (InputStream input = Files.newInputStream(file)) {
            byte[] bytes = input.readNBytes(LENGTH_MAX + 1);
            if (bytes.length > LENGTH_MAX) {
                throw new UnlockException(what + " " + Quoting.quote(RawText.name(file)) + " is too long to be one");
            }
            return bytes;
        } catch (UnlockException e) {
            throw e;
        } catch (IOException e) {
            String message = what + " " + Quoting.quote(RawText.name(file)) + " can't be read: " + Refusal.of(e);
            throw new UnlockException(message);
        }
    }

    /** The secret in a key file, or on a recovery sheet typed into a file. */
    static Secret open(Path file) throws UnlockException {
        try {
            return KeyText.parse(new String(read(file, "the key file"), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new UnlockException(Quoting.quote(RawText.name(file)) + ": " + e.getMessage());
        }
    }

    /**
     * Makes a key file of mode 0600 with a random key, whole or not at all; when another process was faster, opens that
     * one's.
     */
    static Secret create(Path file, Randomness randomness) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new FileAlreadyExistsException(file.toString());
        }
        Files.createDirectories(folder);
        byte[] suffix = new byte[8];
        randomness.fill(suffix);
        Path draft = folder.resolve(".packstone-key-" + HexFormat.of().formatHex(suffix));
        SecretKey key = SecretKey.random(randomness);
        try {
            write(draft, KeyText.formatKeyFile(key).getBytes(StandardCharsets.US_ASCII));
            Files.createLink(file, draft);
            force(folder);
            return new Secret.KeyFile(key);
        } catch (FileAlreadyExistsException e) {
            return open(file);
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            throw new FileSystemException(file.toString(), null, e.getMessage());
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    private static void write(Path draft, byte[] bytes) throws IOException {
        var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        var create = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (FileChannel channel = FileChannel.open(draft, create, ownerOnly)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    private static void force(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
