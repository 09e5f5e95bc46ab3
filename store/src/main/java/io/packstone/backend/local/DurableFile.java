package io.packstone.backend.local;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * A file outside of any repository that gets its name when it is whole and durable, and not at all before: written beside
 * under another name, forced, named, and the folder forced. For one thread. Closed without {@link #commit} it leaves nothing;
 * killed, a file {@code .packstone-MARK.part}, which may be deleted.
 */
public final class DurableFile extends OutputStream {
    private final Disk disk;
    private final Path target;
    private final Path temporary;
    private final boolean overwrite;
    private final Disk.NewFile file;
    private boolean closed;

    private DurableFile(Disk disk, Path target, String mark, boolean overwrite) throws IOException {
        this.disk = disk;
        this.target = target;
        this.overwrite = overwrite;
        temporary = target.resolveSibling(".packstone-" + mark + ".part");
        file = disk.create(temporary);
    }

    /**
     * Begins a file, readable for its owner only.
     *
     * @param mark what tells the temporary name from others
     * @param overwrite whether it may take the place of a file
     * @throws FileAlreadyExistsException when it may not, and there is one
     */
    public static DurableFile begin(Path target, String mark, boolean overwrite) throws IOException {
        return begin(new FileSystemDisk(), target, mark, overwrite);
    }

    static DurableFile begin(Disk disk, Path target, String mark, boolean overwrite) throws IOException {
        if (!overwrite && Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(target.toString());
        }
        return new DurableFile(disk, target, mark, overwrite);
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        file.write(bytes, offset, length);
    }

    /** Gives the file its name; durable when it returns. */
    public void commit() throws IOException {
        closed = true;
        boolean replaced = false;
        try {
            try (file) {
                file.force();
            }
            if (overwrite) {
                disk.replace(temporary, target);
                replaced = true;
            } else {
                disk.publish(temporary, target);
            }
            disk.forceDirectory(target.toAbsolutePath().getParent());
        } finally {
            if (!replaced) {
                disk.delete(temporary);
            }
        }
    }

    /** Drops the file unless it was committed. */
    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            try (file) {
                disk.delete(temporary);
            }
        }
    }
}
