package io.packstone.testkit;

import io.packstone.metadata.FileFlags;
import io.packstone.metadata.FileType;
import io.packstone.metadata.RawName;
import io.packstone.metadata.Timestamp;
import io.packstone.posix.AttributeAccess;
import io.packstone.posix.DirectoryHandle;
import io.packstone.posix.FileHandle;
import io.packstone.posix.FileStatus;
import io.packstone.posix.Posix;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;

/**
 * Makes trees from a seed that have everything that a file system can hold and this process can make: names of all bytes
 * but NUL and '/', every type of file, further names of anything in any folder, holes, modes, owners, attributes of all
 * namespaces, lists, flags, times of three centuries; and changes them. For one thread.
 */
public final class HostileTree {
    private static final int OPEN_MAX = 6;
    private static final int LOCKS = FileFlags.LOCKING;

    private final Posix posix = new Posix();
    private final Random random;
    private final Abilities can;

    /** {@link Abilities} where the trees are to stand say what is left out. */
    public HostileTree(long seed, Abilities can) {
        this.random = new Random(seed);
        this.can = can;
    }

    /** Something that another name may be given to. */
    private record Named(DirectoryHandle folder, RawName name) {}

    /** Fills an existing empty folder with about {@code count} names, and gives it its own attributes. */
    public void create(Path root, int count) throws IOException {
        try (DirectoryHandle folder = posix.openRoot(RawName.of(root.toString()))) {
            fill(folder, count, 0, new ArrayList<>());
            finish(folder);
        }
    }

    private void fill(DirectoryHandle folder, int count, int depth, List<Named> linkable) throws IOException {
        int left = count;
        int own = 0;
        while (left > 0) {
            RawName name = name();
            if (folder.statIfPresent(name) != null) {
                continue;
            }
            left--;
            if (random.nextInt(5) == 0 && depth < OPEN_MAX) {
                int below = random.nextInt(left + 1);
                left -= below;
                folder.makeDirectory(name, 0700);
                try (DirectoryHandle inner = folder.openDirectory(name)) {
                    fill(inner, below, depth + 1, linkable);
                    finish(inner);
                }
            } else if (random.nextInt(6) == 0 && !linkable.isEmpty()) {
                Named other = linkable.get(random.nextInt(linkable.size()));
                folder.link(other.folder, other.name, name);
            } else {
                make(folder, name);
                if ((folder.stat(name).flags() & LOCKS) == 0) {
                    linkable.add(new Named(folder, name));
                    own++;
                }
            }
        }
        // The folder is about to be closed, and nothing is linked from a closed one.
        for (int i = linkable.size() - 1; i >= 0 && own > 0; i--) {
            if (linkable.get(i).folder == folder) {
                linkable.remove(i);
            }
        }
    }

    private void make(DirectoryHandle folder, RawName name) throws IOException {
        switch (random.nextInt(10)) {
            case 0 -> {
                folder.symlink(
                        random.nextBoolean() ? name() : RawName.of("../" + "x".repeat(random.nextInt(3000))), name);
                if (can.trusted() && random.nextInt(3) == 0) {
                    folder.attributes(name).set(RawName.of("trusted.link"), bytes(20));
                }
                owner(folder, name);
                folder.setTimes(name, null, time());
            }
            case 1 -> special(folder, name);
            default -> file(folder, name);
        }
    }

    private void special(DirectoryHandle folder, RawName name) throws IOException {
        int kind = random.nextInt(can.devices() ? 4 : 2);
        switch (kind) {
            case 0 -> folder.makeFifo(name, 0600);
            case 1 -> folder.makeSocket(name, 0600);
            default -> folder.makeDevice(name, 0600, kind == 2, random.nextInt(4096), random.nextInt(1 << 20));
        }
        owner(folder, name);
        folder.setMode(name, random.nextInt(010000));
        if (can.acl() && random.nextInt(6) == 0) {
            folder.attributes(name).set(RawName.of("system.posix_acl_access"), list());
        }
        folder.setTimes(name, null, time());
    }

    private void owner(DirectoryHandle folder, RawName name) throws IOException {
        if (can.root()) {
            folder.setOwner(name, id(), id());
        }
    }

    private int id() {
        return switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> -2 - random.nextInt(5);
            default -> random.nextInt(70_000);
        };
    }

    private void file(DirectoryHandle folder, RawName name) throws IOException {
        try (FileHandle file = folder.createFile(name, 0600)) {
            fillBytes(file);
            if (can.root() && random.nextInt(3) > 0) {
                file.setOwner(id(), id());
            }
            userAttributes(file.attributes());
            // What nobody may read can't be in a snapshot, which is another test's.
            file.setMode(random.nextInt(010000) | (can.root() ? 0 : 0400));
            otherAttributes(file.attributes(), false);
            file.setTimes(null, time());
            file.changeFlags(0, flags());
        }
    }

    private void fillBytes(FileHandle file) throws IOException {
        long at = 0;
        for (int pieces = random.nextInt(4); pieces > 0; pieces--) {
            if (can.holes() && random.nextInt(3) == 0) {
                at += random.nextInt(random.nextInt(8) == 0 ? 3_000_000 : 40_000);
                file.truncate(at);
            } else {
                byte[] bytes = bytes(random.nextInt(10) == 0 ? 150_000 : 9000);
                file.write(at, bytes, 0, bytes.length);
                at += bytes.length;
            }
        }
    }

    private byte[] bytes(int limit) {
        byte[] bytes = new byte[random.nextInt(limit)];
        if (random.nextBoolean()) {
            random.nextBytes(bytes);
        }
        return bytes;
    }

    private void userAttributes(AttributeAccess access) throws IOException {
        if (!can.user() || random.nextInt(3) > 0) {
            return;
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            byte[] name = nameBytes(1 + random.nextInt(60));
            byte[] whole = new byte[5 + name.length];
            System.arraycopy("user.".getBytes(java.nio.charset.StandardCharsets.US_ASCII), 0, whole, 0, 5);
            System.arraycopy(name, 0, whole, 5, name.length);
            access.set(RawName.takeOver(whole), bytes(300));
        }
    }

    private void otherAttributes(AttributeAccess access, boolean folder) throws IOException {
        if (can.acl() && random.nextInt(5) == 0) {
            access.set(RawName.of("system.posix_acl_access"), list());
        }
        if (can.acl() && folder && random.nextInt(5) == 0) {
            access.set(RawName.of("system.posix_acl_default"), list());
        }
        if (can.trusted() && random.nextInt(8) == 0) {
            access.set(RawName.of("trusted." + random.nextInt(5)), bytes(100));
        }
        if (can.capability() && !folder && random.nextInt(8) == 0) {
            access.set(RawName.of("security.capability"), Abilities.capability(1 + random.nextInt(1 << 20)));
        }
    }

    private byte[] list() {
        int owner = can.root() ? random.nextInt(8) : 7;
        return Abilities.acl(owner, random.nextInt(70_000), random.nextInt(8), random.nextInt(8), random.nextInt(8), 0);
    }

    private int flags() {
        int flags = can.noDump() && random.nextInt(10) == 0 ? FileFlags.NO_DUMP : 0;
        if (can.locking() && random.nextInt(25) == 0) {
            flags |= random.nextBoolean() ? FileFlags.IMMUTABLE : FileFlags.APPEND_ONLY;
        }
        return flags;
    }

    private void finish(DirectoryHandle folder) throws IOException {
        if (can.root() && random.nextBoolean()) {
            folder.setOwnerSelf(id(), id());
        }
        userAttributes(folder.attributesSelf());
        folder.setModeSelf(random.nextInt(010000) | (can.root() ? 0 : 0700));
        otherAttributes(folder.attributesSelf(), true);
        folder.setTimesSelf(null, time());
        folder.changeFlagsSelf(0, flags());
    }

    /** What an inode of 256 bytes of ext4 can hold: 1901 to 2446. */
    private Timestamp time() {
        long seconds = random.nextInt(4) == 0
                ? -random.nextLong(1L << 31)
                : random.nextInt(3) == 0 ? random.nextLong(1L << 33) : 1_000_000_000L + random.nextInt(800_000_000);
        int nanos = random.nextInt(4) == 0 ? 999_999_999 : random.nextInt(1_000_000_000);
        return new Timestamp(seconds, random.nextInt(8) == 0 ? 0 : nanos);
    }

    private RawName name() {
        return switch (random.nextInt(6)) {
            case 0 ->
                RawName.of(List.of("...", " ", "-rf", "\n", "*", "\\", "\u202e", "..x", "\u0001")
                        .get(random.nextInt(9)));
            case 1 -> RawName.takeOver(nameBytes(1 + random.nextInt(255)));
            case 2 -> RawName.takeOver(nameBytes(1));
            default -> RawName.of("name" + random.nextInt(10_000));
        };
    }

    private byte[] nameBytes(int length) {
        byte[] name = new byte[length];
        do {
            for (int i = 0; i < length; i++) {
                int value = 1 + random.nextInt(255);
                name[i] = (byte) (value == '/' ? 0xff : value);
            }
        } while (name[0] == '.' && (length == 1 || length == 2 && name[1] == '.'));
        return name;
    }

    /** Changes about {@code count} things: attributes, bytes, types, names; nothing that is locked, nor what is below. */
    public void change(Path root, int count) throws IOException {
        try (DirectoryHandle folder = posix.openRoot(RawName.of(root.toString()))) {
            for (int i = 0; i < count; i++) {
                changeOne(folder);
            }
        }
    }

    private void changeOne(DirectoryHandle folder) throws IOException {
        FileStatus self = new FileStatus();
        folder.statSelf(self);
        if ((self.flags() & LOCKS) != 0) {
            return;
        }
        List<RawName> names = names(folder);
        RawName name = names.isEmpty() ? name() : names.get(random.nextInt(names.size()));
        FileStatus there = folder.statIfPresent(name);
        if (there == null) {
            make(folder, name);
        } else if (there.type() == FileType.DIRECTORY && random.nextInt(4) > 0) {
            try (DirectoryHandle inner = folder.openDirectory(name)) {
                changeOne(inner);
                if ((there.flags() & LOCKS) == 0 && random.nextBoolean()) {
                    clear(inner.attributesSelf());
                    inner.changeFlagsSelf(FileFlags.ALL, 0);
                    finish(inner);
                }
            }
        } else if ((there.flags() & LOCKS) != 0 || there.type() == FileType.DIRECTORY && isLocked(folder, name)) {
            return;
        } else if (there.type() == FileType.FILE && random.nextBoolean()) {
            changeFile(folder, name);
        } else {
            remove(folder, name);
            if (random.nextBoolean()) {
                make(folder, name);
            }
        }
    }

    private void changeFile(DirectoryHandle folder, RawName name) throws IOException {
        if (!can.root()) {
            folder.setMode(name, 0600);
        }
        try (FileHandle file = folder.openFileToWrite(name)) {
            if (random.nextBoolean()) {
                file.truncate(random.nextInt(50_000));
                fillBytes(file);
            }
            clear(file.attributes());
            userAttributes(file.attributes());
            file.setMode(random.nextInt(010000) | (can.root() ? 0 : 0400));
            otherAttributes(file.attributes(), false);
            file.setTimes(null, time());
            file.changeFlags(FileFlags.ALL, flags());
        }
    }

    private static void clear(AttributeAccess access) throws IOException {
        for (RawName name : access.names()) {
            if (!name.toText().equals("security.selinux")) {
                access.remove(name);
            }
        }
    }

    private static List<RawName> names(DirectoryHandle folder) throws IOException {
        TreeSet<RawName> names = new TreeSet<>();
        folder.list((bytes, offset, length) -> names.add(RawName.of(bytes, offset, length)));
        return new ArrayList<>(names);
    }

    private static boolean isLocked(DirectoryHandle above, RawName name) throws IOException {
        FileStatus there = above.stat(name);
        if ((there.flags() & LOCKS) != 0) {
            return true;
        }
        if (there.type() == FileType.DIRECTORY) {
            try (DirectoryHandle folder = above.openDirectory(name)) {
                for (RawName below : names(folder)) {
                    if (isLocked(folder, below)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** Removes a whole tree, locked or not; nothing may be there. */
    public static void delete(Path root) throws IOException {
        try (DirectoryHandle above =
                new Posix().openRoot(RawName.of(root.getParent().toString()))) {
            RawName name = RawName.of(root.getFileName().toString());
            if (above.statIfPresent(name) != null) {
                remove(above, name);
            }
        }
    }

    private static void remove(DirectoryHandle above, RawName name) throws IOException {
        FileStatus there = above.stat(name);
        boolean folder = there.type() == FileType.DIRECTORY;
        if (there.flags() != 0) {
            try (FileHandle file = above.openFile(name)) {
                file.changeFlags(there.flags(), 0);
            }
        }
        if (!folder) {
            above.unlink(name);
            return;
        }
        try (DirectoryHandle inner = above.openDirectory(name)) {
            for (RawName below : names(inner)) {
                remove(inner, below);
            }
        }
        above.removeDirectory(name);
    }
}
