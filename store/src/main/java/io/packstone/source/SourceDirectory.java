package io.packstone.source;

import io.packstone.metadata.Quoting;
import io.packstone.metadata.RawName;
import io.packstone.posix.DirectoryHandle;
import io.packstone.posix.FileStatus;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** A directory that was entered; which may be closed by now and opened again. All mutable fields belong to the pool. */
final class SourceDirectory {
    final @Nullable SourceDirectory parent;
    final RawName name;
    final boolean throughLink;
    final long device;
    final long inode;

    /** Where it is opened, when that is not its name in its parent. */
    final @Nullable RawName place;

    /** The number that stands for {@link #device} in what is said of files on it. */
    private final long shownDevice;

    @Nullable
    DirectoryHandle handle;

    int pins;

    /** Whether it was used since its last turn to be closed, and whether it will have another one. */
    boolean isUsed;

    boolean isInTurn;

    /** One that is where its name says, on the same file system as its parent or on one of its own. */
    SourceDirectory(@Nullable SourceDirectory parent, RawName name, boolean throughLink, FileStatus status) {
        this(parent, name, throughLink, status, null, parent == null ? status.device() : parent.shown(status));
    }

    /** One that is opened at {@code place}, and whose device is shown by another number. */
    SourceDirectory(
            @Nullable SourceDirectory parent,
            RawName name,
            boolean throughLink,
            FileStatus status,
            @Nullable RawName place,
            long shownDevice) {
        this.parent = parent;
        this.name = name;
        this.throughLink = throughLink;
        this.device = status.device();
        this.inode = status.inode();
        this.place = place;
        this.shownDevice = shownDevice;
    }

    /** The number to show for the device of what lies in it. */
    long shown(FileStatus status) {
        return status.device() == device ? shownDevice : status.device();
    }

    /** Its components joined by '/', without one in front; empty for the root. */
    RawName path() {
        Deque<RawName> names = new ArrayDeque<>();
        for (SourceDirectory at = this; at.parent != null; at = at.parent) {
            names.addFirst(at.name);
        }
        ByteArrayOutputStream path = new ByteArrayOutputStream();
        for (RawName component : names) {
            if (path.size() > 0) {
                path.write('/');
            }
            path.write(component.array(), 0, component.length());
        }
        return RawName.takeOver(path.toByteArray());
    }

    /** The path of {@code name} in it, quoted for a terminal. */
    String quoted(RawName below) {
        RawName path = path();
        String prefix = path.length() == 0 ? "/" : "/" + Quoting.quote(path) + "/";
        return prefix + Quoting.quote(below);
    }

    /** Its own path, quoted for a terminal. */
    String quoted() {
        return "/" + Quoting.quote(path());
    }
}
