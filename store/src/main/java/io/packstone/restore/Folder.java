package io.packstone.restore;

import io.packstone.metadata.FileMetadata;
import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.restore.disk.FolderLog;
import org.jspecify.annotations.Nullable;

/** A folder of what is restored: where it stands in the snapshot and below the target, and what the filters say of it. */
final class Folder {
    /** What is known of it in the target. */
    enum State {
        /** Nothing yet: it is made when something in it is restored. */
        AHEAD,
        /** It was not there, so nothing in it was. */
        FRESH,
        /** It was there. */
        EXISTING,
        /** It could not be made. */
        FAILED
    }

    private final @Nullable Folder parent;
    private final RawName source;
    private final RawName place;
    private final Choice choice;
    private final @Nullable FileMetadata metadata;
    private volatile State state = State.AHEAD;
    private int number = FolderLog.TARGET;

    /** What the filters say of an entry and all below it. */
    record Choice(boolean included, boolean excluded) {
        boolean isTaken() {
            return included && !excluded;
        }
    }

    /** {@code metadata} is null for the target itself, and where a damaged manifest does not tell. */
    Folder(@Nullable Folder parent, RawName source, RawName place, Choice choice, @Nullable FileMetadata metadata) {
        this.parent = parent;
        this.source = source;
        this.place = place;
        this.choice = choice;
        this.metadata = metadata;
    }

    /** Null for the target itself. */
    @Nullable
    Folder parent() {
        return parent;
    }

    /** Its path in the snapshot, as entries in it name their directory. */
    RawName source() {
        return source;
    }

    /** Its path below the target; empty for the target itself. */
    RawName place() {
        return place;
    }

    Choice choice() {
        return choice;
    }

    @Nullable
    FileMetadata metadata() {
        return metadata;
    }

    State state() {
        return state;
    }

    void setState(State now) {
        state = now;
    }

    /** True when nothing that stands in it can have been there before. */
    boolean isFresh() {
        return state == State.FRESH;
    }

    /** Its number in the {@link FolderLog}; as for the target itself, when it has none. */
    int number() {
        return number;
    }

    void setNumber(int given) {
        number = given;
    }

    /** {@code directory} and {@code name} as one path. */
    static RawName join(RawName directory, RawName name) {
        return new TreePath(directory, name).asDirectory();
    }
}
