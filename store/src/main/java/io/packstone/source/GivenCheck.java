package io.packstone.source;

import io.packstone.error.SourceException;
import io.packstone.metadata.FileType;
import io.packstone.metadata.Quoting;
import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.posix.DirectoryHandle;
import io.packstone.posix.FileStatus;
import io.packstone.posix.Posix;
import io.packstone.posix.PosixException;
import io.packstone.source.rules.PathMap;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/** Looks at the given paths before a walk: those that do not exist are told and dropped, the others merged. */
final class GivenCheck {
    private final Posix posix;
    private final PathMap map;
    private final Consumer<SourceException> errors;

    GivenCheck(Posix posix, PathMap map, Consumer<SourceException> errors) {
        this.posix = posix;
        this.map = map;
        this.errors = errors;
    }

    GivenPaths merge(List<RawName> paths) {
        GivenPaths merged = new GivenPaths();
        List<RawName[]> split = new ArrayList<>();
        for (RawName path : paths) {
            RawName[] components = split(path);
            if (exists(path, components)) {
                split.add(components);
            }
        }
        split.sort(Comparator.comparingInt(components -> components.length));
        for (RawName[] components : split) {
            int covered = merged.coveredDepth(components);
            if (covered < 0) {
                merged.add(components);
            } else {
                reportLinks(components, covered);
            }
        }
        return merged;
    }

    private static RawName[] split(RawName path) {
        List<RawName> components = new ArrayList<>();
        RawName clean = TreePath.parse(path).asDirectory();
        int start = 0;
        for (int i = 0; i <= clean.length(); i++) {
            if (i == clean.length() || clean.at(i) == '/') {
                if (i > start) {
                    components.add(RawName.of(clean.array(), start, i - start));
                }
                start = i + 1;
            }
        }
        return components.toArray(new RawName[0]);
    }

    private boolean exists(RawName path, RawName[] components) {
        if (components.length == 0) {
            return true;
        }
        RawName place = map.place(TreePath.parse(path).asDirectory());
        try (DirectoryHandle parent =
                posix.openPassage(place == null ? real(components, components.length - 1) : place)) {
            if (place == null) {
                parent.stat(components[components.length - 1]);
            }
            return true;
        } catch (PosixException e) {
            String where = place == null ? "" : "read from " + place + ": ";
            errors.accept(new SourceException(Quoting.quote(path), where + e.reason()));
            return false;
        }
    }

    /** A path below another one that leads through a symbolic link is not covered by it: the walk follows none. */
    private void reportLinks(RawName[] components, int covered) {
        for (int depth = covered; depth < components.length - 1; depth++) {
            try (DirectoryHandle parent = posix.openPassage(real(components, depth))) {
                FileStatus status = parent.stat(components[depth]);
                if (status.isKnown() && status.type() == FileType.SYMLINK) {
                    errors.accept(new SourceException(
                            Quoting.quote(prefix(components, components.length)),
                            "leads through a symbolic link below another given path; give the link's target instead"));
                    return;
                }
            } catch (PosixException e) {
                errors.accept(new SourceException(Quoting.quote(prefix(components, depth + 1)), e.reason()));
                return;
            }
        }
    }

    private RawName real(RawName[] components, int count) {
        return map.real(prefix(components, count));
    }

    private static RawName prefix(RawName[] components, int count) {
        java.io.ByteArrayOutputStream path = new java.io.ByteArrayOutputStream();
        path.write('/');
        for (int i = 0; i < count; i++) {
            path.write(components[i].array(), 0, components[i].length());
            path.write('/');
        }
        int length = count == 0 ? 1 : path.size() - 1;
        return RawName.of(path.toByteArray(), 0, length);
    }
}
