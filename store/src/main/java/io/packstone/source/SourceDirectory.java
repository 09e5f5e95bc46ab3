package io.packstone.source;

import io.packstone.metadata.Quoting;
import io.packstone.metadata.RawName;
import io.packstone.posix.DirectoryHandle;
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

    @Nullable
    DirectoryHandle handle;

    int pins;

    SourceDirectory(@Nullable SourceDirectory parent, RawName name, boolean throughLink, long device, long inode) {
        this.parent = parent;
        this.name = name;
        this.throughLink = throughLink;
        this.device = device;
        this.inode = inode;
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
