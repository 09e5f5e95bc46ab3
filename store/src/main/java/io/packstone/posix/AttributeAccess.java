package io.packstone.posix;

import io.packstone.metadata.RawName;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The extended attributes of one file: of an open one by its descriptor, of one that can't be opened, such as a symbolic
 * link, by its name below the directory's entry in /proc. Valid as long as the handle it comes from is open; for as many
 * threads.
 */
public final class AttributeAccess {
    private static final String PROC = "/proc/self/fd/";

    private enum Way {
        DESCRIPTOR,
        NAME,
        NAME_FOLLOWED
    }

    private final Posix posix;
    private final int fd;
    private final RawName name;
    private final Way way;
    private final RawName path;

    private AttributeAccess(Posix posix, int fd, RawName name, Way way, RawName path) {
        this.posix = posix;
        this.fd = fd;
        this.name = name;
        this.way = way;
        this.path = path;
    }

    static AttributeAccess of(Posix posix, int fd) {
        return new AttributeAccess(posix, fd, RawName.EMPTY, Way.DESCRIPTOR, RawName.EMPTY);
    }

    static AttributeAccess of(Posix posix, int directory, RawName name, boolean follow) {
        byte[] above = (PROC + directory + "/").getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        byte[] path = new byte[above.length + name.length()];
        System.arraycopy(above, 0, path, 0, above.length);
        System.arraycopy(name.array(), 0, path, above.length, name.length());
        Way way = follow ? Way.NAME_FOLLOWED : Way.NAME;
        return new AttributeAccess(posix, directory, name, way, RawName.takeOver(path));
    }

    /** All names that this process may see; none where the file system has no attributes. */
    public List<RawName> names() throws PosixException {
        Scratch scratch = posix.scratch();
        ByteBuffer memory = scratch.attribute();
        int length = list(scratch, Scratch.ATTRIBUTE_SHORT);
        if (length < 0 && LibC.errno() == Errno.ERANGE) {
            length = list(scratch, Scratch.ATTRIBUTE_LENGTH);
        }
        if (length < 0 && LibC.errno() == Errno.EOPNOTSUPP) {
            return List.of();
        }
        if (length < 0) {
            throw failure("list attributes of");
        }
        if (length == 0) {
            return List.of();
        }
        byte[] bytes = new byte[length];
        memory.get(0, bytes);
        List<RawName> names = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < length; i++) {
            if (bytes[i] == 0) {
                names.add(RawName.of(bytes, start, i - start));
                start = i + 1;
            }
        }
        return names;
    }

    private int list(Scratch scratch, int length) throws PosixException {
        long target = scratch.attributeAddress();
        return (int)
                switch (way) {
                    case DESCRIPTOR -> LibC.flistxattr(fd, target, length);
                    case NAME -> LibC.llistxattr(place(scratch), target, length);
                    case NAME_FOLLOWED -> LibC.listxattr(place(scratch), target, length);
                };
    }

    /** The value of one; null when it is not there. */
    public byte @Nullable [] get(RawName attribute) throws PosixException {
        Scratch scratch = posix.scratch();
        ByteBuffer memory = scratch.attribute();
        int length = get(scratch, attribute, Scratch.ATTRIBUTE_SHORT);
        if (length < 0 && LibC.errno() == Errno.ERANGE) {
            length = get(scratch, attribute, Scratch.ATTRIBUTE_LENGTH);
        }
        if (length < 0 && LibC.errno() == Errno.ENODATA) {
            return null;
        }
        if (length < 0) {
            throw failure("read attribute of");
        }
        byte[] value = new byte[length];
        memory.get(0, value);
        return value;
    }

    private int get(Scratch scratch, RawName attribute, int length) throws PosixException {
        long second = scratch.second(attribute.array(), 0, attribute.length());
        long target = scratch.attributeAddress();
        return (int)
                switch (way) {
                    case DESCRIPTOR -> LibC.fgetxattr(fd, second, target, length);
                    case NAME -> LibC.lgetxattr(place(scratch), second, target, length);
                    case NAME_FOLLOWED -> LibC.getxattr(place(scratch), second, target, length);
                };
    }

    /** Sets one, whether it is there or not; {@code value} is borrowed. */
    public void set(RawName attribute, byte[] value) throws PosixException {
        Scratch scratch = posix.scratch();
        if (value.length > Scratch.ATTRIBUTE_LENGTH) {
            throw new PosixException(Errno.E2BIG, "set attribute of", name.toText());
        }
        scratch.attribute().put(0, value);
        long second = scratch.second(attribute.array(), 0, attribute.length());
        long source = scratch.attributeAddress();
        int result = switch (way) {
            case DESCRIPTOR -> LibC.fsetxattr(fd, second, source, value.length, 0);
            case NAME -> LibC.lsetxattr(place(scratch), second, source, value.length, 0);
            case NAME_FOLLOWED -> LibC.setxattr(place(scratch), second, source, value.length, 0);
        };
        if (result < 0) {
            throw failure("set attribute of");
        }
    }

    /** Removes one; one that is not there need not be. */
    public void remove(RawName attribute) throws PosixException {
        Scratch scratch = posix.scratch();
        long second = scratch.second(attribute.array(), 0, attribute.length());
        int result = switch (way) {
            case DESCRIPTOR -> LibC.fremovexattr(fd, second);
            case NAME -> LibC.lremovexattr(place(scratch), second);
            case NAME_FOLLOWED -> LibC.removexattr(place(scratch), second);
        };
        if (result < 0 && LibC.errno() != Errno.ENODATA) {
            throw failure("remove attribute of");
        }
    }

    private long place(Scratch scratch) throws PosixException {
        return scratch.first(path.array(), 0, path.length());
    }

    /** That a name is not found must not be believed where it is /proc that is missing. */
    private PosixException failure(String call) throws PosixException {
        PosixException failure = Posix.failure(call, name.array(), 0, name.length());
        if (way != Way.DESCRIPTOR && failure.isNotFound()) {
            new DirectoryHandle(posix, fd).stat(name.array(), 0, name.length(), new FileStatus());
            return new PosixException(Errno.ENOSYS, call, name.toText());
        }
        return failure;
    }
}
