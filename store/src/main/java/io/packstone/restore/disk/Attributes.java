package io.packstone.restore.disk;

import io.packstone.metadata.ExtendedAttributes;
import io.packstone.metadata.FileFlags;
import io.packstone.metadata.FileMetadata;
import io.packstone.metadata.RawName;
import io.packstone.metadata.Timestamp;
import io.packstone.posix.AttributeAccess;
import io.packstone.posix.DirectoryHandle;
import io.packstone.posix.FileHandle;
import io.packstone.posix.FileStatus;
import io.packstone.posix.PosixException;
import io.packstone.snapshot.Fidelity;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Sets what a file has besides its bytes, in the one order that works: the owner first, since giving a file away clears
 * its set-id bits and capabilities; then attributes of users, while its mode still lets an ordinary owner write; then the
 * mode, which would change an access control list that was there; then lists, capabilities and other attributes; then the
 * time. Flags that lock a file come when nothing else is to be done to it ({@link FlagLog}). Set-id bits are set only when
 * the owner could be: a program must not run as whoever happened to restore it. Thread-safe.
 */
public final class Attributes {
    private static final int SET_ID = 06000;

    /** To chown, too, this means: as it is. */
    private static final int ANYBODY = -1;

    private static final int OWNER_WRITES = 0600;

    private final Listener listener;
    private final Policy policy;
    private final boolean recorded;
    private final boolean trusted;

    /**
     * What can't be set is told to {@code listener}.
     *
     * @param fidelity of the snapshot: null when it does not know of attributes, so that files keep those that they have
     */
    public Attributes(Listener listener, Policy policy, @Nullable Fidelity fidelity) {
        this.listener = listener;
        this.policy = policy;
        this.recorded = fidelity != null;
        this.trusted = fidelity != null && fidelity.isWhole(Fidelity.TRUSTED);
    }

    /** Told of what could not be set. */
    public interface Listener {
        /** With the owner, set-id bits were left out too. */
        void notSet(Aspect aspect, Supplier<String> path, String reason);
    }

    /** What is to be set: the twelve mode bits, numbers of user and group, time of modification, attributes, flags. */
    public record Wanted(int mode, int uid, int gid, Timestamp modified, ExtendedAttributes attributes, int flags) {
        /** All of {@code metadata} that can be set. */
        public static Wanted of(FileMetadata metadata) {
            return new Wanted(
                    metadata.mode(),
                    metadata.owner().uid(),
                    metadata.owner().gid(),
                    metadata.modified(),
                    metadata.attributes(),
                    metadata.flags());
        }

        /** The same but for the owner, who stays whoever it is. */
        public Wanted ofAnyOwner() {
            return new Wanted(mode & ~SET_ID, ANYBODY, ANYBODY, modified, attributes, flags);
        }

        /** The same with equal attributes. */
        Wanted withAttributes(ExtendedAttributes equal) {
            return new Wanted(mode, uid, gid, modified, equal, flags);
        }

        /** True when there is nothing to set of what a status tells. */
        public boolean fits(FileStatus there) {
            return mode == there.mode() && hasOwner(there) && flags == there.flags() && hasTime(there);
        }

        /** True when it belongs to whom it should. */
        public boolean hasOwner(FileStatus there) {
            return (uid == ANYBODY || uid == there.uid()) && (gid == ANYBODY || gid == there.gid());
        }

        /** True when the time of modification is the wanted one. */
        public boolean hasTime(FileStatus there) {
            return modified.equals(there.modified());
        }

        /** True when the wanted time of modification is later. */
        public boolean isNewerThan(FileStatus there) {
            return modified.compareTo(there.modified()) > 0;
        }

        /** True when flags are wanted that must come last. */
        public boolean locks() {
            return (flags & FileFlags.LOCKING) != 0;
        }
    }

    /** The calls for one file. */
    private interface Access {
        AttributeAccess attributes() throws PosixException;

        void owner(int uid, int gid) throws PosixException;

        void mode(int mode) throws PosixException;

        void time(Timestamp modified) throws PosixException;

        Timestamp time() throws PosixException;
    }

    /** What is wanted by the policy. */
    public Wanted wanted(FileMetadata metadata) {
        Wanted wanted = Wanted.of(metadata);
        return policy.owner() == Policy.Rule.SKIP ? wanted.ofAnyOwner() : wanted;
    }

    /** True when a file has the attributes that are wanted, or none are known. */
    public boolean fits(AttributeAccess access, Wanted wanted) throws PosixException {
        if (!recorded) {
            return true;
        }
        List<RawName> there = access.names();
        for (RawName name : there) {
            if (isSuperfluous(name, wanted)) {
                return false;
            }
        }
        ExtendedAttributes attributes = wanted.attributes();
        for (int i = 0; i < attributes.count(); i++) {
            RawName name = attributes.name(i);
            if (isHandled(name) && (!there.contains(name) || !Arrays.equals(access.get(name), attributes.value(i)))) {
                return false;
            }
        }
        return true;
    }

    private boolean isHandled(RawName attribute) {
        return policy.of(Aspect.of(attribute)) != Policy.Rule.SKIP;
    }

    private boolean isSuperfluous(RawName attribute, Wanted wanted) {
        return isHandled(attribute)
                && Aspect.isRemovable(attribute, trusted)
                && wanted.attributes().value(attribute) == null;
    }

    /** Of an open file; {@code path} is asked only for messages. False when something could not be set that must be. */
    public boolean set(FileHandle file, Wanted wanted, Supplier<String> path) {
        boolean done = set(
                new Access() {
                    @Override
                    public AttributeAccess attributes() {
                        return file.attributes();
                    }

                    @Override
                    public void owner(int uid, int gid) throws PosixException {
                        file.setOwner(uid, gid);
                    }

                    @Override
                    public void mode(int mode) throws PosixException {
                        file.setMode(mode);
                    }

                    @Override
                    public void time(Timestamp modified) throws PosixException {
                        file.setTimes(modified, modified);
                    }

                    @Override
                    public Timestamp time() throws PosixException {
                        return file.stat().modified();
                    }
                },
                wanted,
                true,
                path);
        if (wanted.flags() != 0 && !wanted.locks()) {
            try {
                file.changeFlags(FileFlags.ALL, wanted.flags());
            } catch (PosixException e) {
                listener.notSet(Aspect.FLAGS, path, e.reason());
            }
        }
        return done;
    }

    /** Of an open directory; one that has it all already is left alone, so that it need not be this user's. */
    public void set(DirectoryHandle folder, Wanted wanted, Supplier<String> path) {
        try {
            FileStatus there = new FileStatus();
            folder.statSelf(there);
            if (wanted.fits(there) && fits(folder.attributesSelf(), wanted)) {
                return;
            }
        } catch (PosixException e) {
            listener.notSet(Aspect.MODE, path, e.reason());
            return;
        }
        set(
                new Access() {
                    @Override
                    public AttributeAccess attributes() {
                        return folder.attributesSelf();
                    }

                    @Override
                    public void owner(int uid, int gid) throws PosixException {
                        folder.setOwnerSelf(uid, gid);
                    }

                    @Override
                    public void mode(int mode) throws PosixException {
                        folder.setModeSelf(mode);
                    }

                    @Override
                    public void time(Timestamp modified) throws PosixException {
                        folder.setTimesSelf(modified, modified);
                    }

                    @Override
                    public Timestamp time() throws PosixException {
                        FileStatus now = new FileStatus();
                        folder.statSelf(now);
                        return now.modified();
                    }
                },
                wanted,
                true,
                path);
    }

    /**
     * Of what can't be opened, by a name that this restore has just made; a symbolic link has no mode. False when
     * something could not be set that must be.
     */
    public boolean set(DirectoryHandle folder, RawName name, Wanted wanted, boolean hasMode, Supplier<String> path) {
        Access access = new Access() {
            @Override
            public AttributeAccess attributes() throws PosixException {
                return folder.attributes(name);
            }

            @Override
            public void owner(int uid, int gid) throws PosixException {
                folder.setOwner(name, uid, gid);
            }

            @Override
            public void mode(int mode) throws PosixException {
                folder.setMode(name, mode);
            }

            @Override
            public void time(Timestamp modified) throws PosixException {
                folder.setTimes(name, modified, modified);
            }

            @Override
            public Timestamp time() throws PosixException {
                return folder.stat(name).modified();
            }
        };
        return set(access, wanted, hasMode, path);
    }

    private boolean set(Access access, Wanted wanted, boolean hasMode, Supplier<String> path) {
        Outcome outcome = new Outcome(path);
        int mode = wanted.mode();
        try {
            access.owner(wanted.uid(), wanted.gid());
        } catch (PosixException e) {
            outcome.notSet(Aspect.OWNER, e);
            mode &= ~SET_ID;
        }
        List<RawName> there = recorded ? names(access, wanted, outcome) : null;
        if (there != null) {
            change(access, wanted, there, true, outcome);
        }
        try {
            if (hasMode) {
                access.mode(mode);
            }
        } catch (PosixException e) {
            outcome.notSet(Aspect.MODE, e);
        }
        if (there != null) {
            change(access, wanted, there, false, outcome);
        }
        try {
            access.time(wanted.modified());
            if (wanted.modified().seconds() != (int) wanted.modified().seconds()
                    && !wanted.modified().equals(access.time())) {
                listener.notSet(Aspect.TIME, path, "the file system has no such time");
            }
        } catch (PosixException e) {
            outcome.notSet(Aspect.TIME, e);
        }
        return outcome.fine;
    }

    /** The attributes that are there; null when that, and so all else about them, can't be told. */
    private @Nullable List<RawName> names(Access access, Wanted wanted, Outcome outcome) {
        try {
            return access.attributes().names();
        } catch (PosixException e) {
            for (int i = 0; i < wanted.attributes().count(); i++) {
                outcome.notSet(Aspect.of(wanted.attributes().name(i)), e);
            }
            return null;
        }
    }

    /** Sets and removes attributes: of users, or all others. */
    private void change(Access access, Wanted wanted, List<RawName> there, boolean users, Outcome outcome) {
        for (RawName name : there) {
            if ((Aspect.of(name) == Aspect.USER_ATTRIBUTES) == users && isSuperfluous(name, wanted)) {
                attempt(access, wanted, name, null, true, outcome);
            }
        }
        ExtendedAttributes attributes = wanted.attributes();
        for (int i = 0; i < attributes.count(); i++) {
            RawName name = attributes.name(i);
            if ((Aspect.of(name) == Aspect.USER_ATTRIBUTES) == users && isHandled(name)) {
                attempt(access, wanted, name, attributes.value(i), there.contains(name), outcome);
            }
        }
    }

    /** Sets one, or with null removes it; a second time when the mode is what keeps an ordinary owner from it. */
    private void attempt(
            Access access, Wanted wanted, RawName name, byte @Nullable [] value, boolean isThere, Outcome outcome) {
        try {
            try {
                change(access.attributes(), name, value, isThere);
            } catch (PosixException e) {
                if (Aspect.of(name) != Aspect.USER_ATTRIBUTES || !e.isPermission()) {
                    throw e;
                }
                access.mode(wanted.mode() & ~SET_ID | OWNER_WRITES);
                change(access.attributes(), name, value, isThere);
            }
        } catch (PosixException e) {
            outcome.notSet(Aspect.of(name), e);
        }
    }

    private static void change(AttributeAccess access, RawName name, byte @Nullable [] value, boolean isThere)
            throws PosixException {
        if (value == null) {
            access.remove(name);
        } else if (!isThere || !Arrays.equals(access.get(name), value)) {
            access.set(name, value);
        }
    }

    /** What came of one file: each aspect is told once. */
    private final class Outcome {
        private final Supplier<String> path;
        private int told;
        private boolean fine = true;

        private Outcome(Supplier<String> path) {
            this.path = path;
        }

        private void notSet(Aspect aspect, PosixException cause) {
            fine &= policy.of(aspect) != Policy.Rule.REQUIRE;
            if ((told & 1 << aspect.ordinal()) == 0) {
                told |= 1 << aspect.ordinal();
                listener.notSet(aspect, path, cause.reason());
            }
        }
    }
}
