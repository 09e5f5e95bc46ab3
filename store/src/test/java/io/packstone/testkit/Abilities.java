package io.packstone.testkit;

import io.packstone.metadata.FileFlags;
import io.packstone.metadata.FileType;
import io.packstone.metadata.RawName;
import io.packstone.posix.AttributeAccess;
import io.packstone.posix.DirectoryHandle;
import io.packstone.posix.FileHandle;
import io.packstone.posix.Posix;
import io.packstone.posix.PosixException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

/**
 * What this process may set on files of a folder: asked by trying, since it depends on the user, the kernel and the file
 * system. A test that needs what is missing is skipped, and says so.
 *
 * @param root may give files away
 * @param user user attributes
 * @param trusted attributes of the namespace trusted
 * @param capability the security attribute that programs get capabilities by
 * @param acl access control lists
 * @param noDump the flag that any owner may set
 * @param locking the flags immutable and append-only
 * @param devices device nodes
 * @param holes sparse files
 */
public record Abilities(
        boolean root,
        boolean user,
        boolean trusted,
        boolean capability,
        boolean acl,
        boolean noDump,
        boolean locking,
        boolean devices,
        boolean holes) {
    private static final RawName NAME = RawName.of("what-can-be-set");

    private interface Attempt {
        void run() throws IOException;
    }

    /** Of files in {@code folder}. */
    public static Abilities in(Path folder) throws IOException {
        Posix posix = new Posix();
        try (DirectoryHandle directory = posix.openRoot(RawName.of(folder.toString()));
                FileHandle file = directory.createFile(NAME, 0600)) {
            AttributeAccess access = file.attributes();
            file.truncate(1 << 20);
            Abilities found = new Abilities(
                    posix.isSuperuser(),
                    works(() -> access.set(RawName.of("user.a"), new byte[1])),
                    works(() -> access.set(RawName.of("trusted.a"), new byte[1])),
                    works(() -> access.set(RawName.of("security.capability"), capability(1))),
                    works(() -> access.set(RawName.of("system.posix_acl_access"), acl(6, 1234, 4, 4, 6, 0))),
                    works(() -> file.changeFlags(0, FileFlags.NO_DUMP))
                            && file.stat().flags() == FileFlags.NO_DUMP,
                    works(() -> file.changeFlags(0, FileFlags.APPEND_ONLY))
                            && (file.stat().flags() & FileFlags.APPEND_ONLY) != 0,
                    works(() -> makeDevice(directory)),
                    file.nextHole(0) == 0);
            file.changeFlags(file.stat().flags(), 0);
            return found;
        } finally {
            try (DirectoryHandle directory = posix.openRoot(RawName.of(folder.toString()))) {
                directory.unlink(NAME);
            }
        }
    }

    private static void makeDevice(DirectoryHandle directory) throws IOException {
        RawName name = RawName.of("device");
        directory.makeDevice(name, 0600, false, 1, 3);
        boolean device = directory.stat(name).type() == FileType.CHARACTER_DEVICE;
        directory.unlink(name);
        if (!device) {
            throw new IOException("no device");
        }
    }

    private static boolean works(Attempt attempt) throws IOException {
        try {
            attempt.run();
            return true;
        } catch (PosixException e) {
            return false;
        }
    }

    /** The value of a list: of the owner, one user by number, the group, the mask of both, and others; three bits each. */
    public static byte[] acl(int owner, int uid, int user, int group, int mask, int others) {
        ByteBuffer value = ByteBuffer.allocate(4 + 5 * 8).order(ByteOrder.LITTLE_ENDIAN);
        value.putInt(2);
        int[][] entries = {{1, owner, -1}, {2, user, uid}, {4, group, -1}, {0x10, mask, -1}, {0x20, others, -1}};
        for (int[] entry : entries) {
            value.putShort((short) entry[0]).putShort((short) entry[1]).putInt(entry[2]);
        }
        return value.array();
    }

    /** The value that gives a program capabilities, by the bits of the first 32 of them (vfs_cap_data, revision 2). */
    public static byte[] capability(int bits) {
        return ByteBuffer.allocate(20)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0x02000001)
                .putInt(bits)
                .putInt(0)
                .putInt(0)
                .putInt(0)
                .array();
    }
}
