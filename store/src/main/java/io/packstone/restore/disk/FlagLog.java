package io.packstone.restore.disk;

import io.packstone.metadata.FileFlags;
import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.posix.DirectoryHandle;
import io.packstone.posix.FileHandle;
import io.packstone.posix.FileStatus;
import io.packstone.posix.PosixException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Flags that lock a file, and those of folders: they are taken away where they stand in the way, and set in the end, when
 * nothing is to be linked, renamed or put into a folder any more. Thread-safe.
 */
public final class FlagLog {
    private final Map<RawName, Integer> wanted = new LinkedHashMap<>();

    /** Nothing is wanted yet. */
    public FlagLog() {}

    /** Takes flags away that keep a file from being changed or replaced; whoever may not do that will fail, and tell. */
    public static void unlock(DirectoryHandle here, RawName name, FileStatus there) {
        if ((there.flags() & FileFlags.LOCKING) != 0) {
            try (FileHandle file = here.openFile(name)) {
                file.changeFlags(there.flags(), 0);
            } catch (PosixException e) {
                // what is to be done to it fails for the same reason
            }
        }
    }

    /** Notes what a file or folder is to have in the end. */
    public synchronized void add(RawName place, int flags) {
        if (flags != 0) {
            wanted.put(place, flags);
        }
    }

    /** Sets what was noted, and forgets it; what can't be set is told to {@code listener}. */
    public synchronized void apply(
            TargetFolders folders, Attributes.Listener listener, Function<RawName, String> text) {
        wanted.forEach((place, flags) -> {
            TreePath split = TreePath.parse(place);
            try (TargetFolders.Held held = folders.hold(split.directory());
                    FileHandle file = held.handle().openFile(split.name())) {
                file.changeFlags(FileFlags.ALL, flags);
            } catch (PosixException e) {
                listener.notSet(Aspect.FLAGS, () -> text.apply(place), e.reason());
            }
        });
        wanted.clear();
    }
}
