package io.packstone.watch;

import io.packstone.backup.changes.Changes;
import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.posix.ChangeEvents;
import io.packstone.posix.DirectoryHandle;
import io.packstone.posix.PosixException;
import io.packstone.source.WalkGuide;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which directories are watched, and under which path: a walk enters them here before it lists them, so that nothing falls
 * between. What the system tells is turned into places to look at. For the thread that walks and then listens.
 */
final class WatchedFolders implements WalkGuide, ChangeEvents.Listener {
    private final ChangeEvents events;
    private final Set<RawName> ruleNames;
    private final Set<TreePath> ignored;
    private final List<TreePath> given;
    private final RestingFiles resting;

    /** Of directories that only lead to given paths, the names that do. */
    private final Map<RawName, Set<RawName>> passages = new HashMap<>();

    private final Map<Integer, RawName> paths = new HashMap<>();
    private Changes changes = new Changes();
    private boolean everything;
    private long overflows;
    private long unwatched;

    /**
     * @param given what is watched
     * @param ruleNames files that say what else in their directory is taken
     * @param ignored what is never told of
     * @param resting files whose changes wait
     */
    WatchedFolders(
            ChangeEvents events,
            List<TreePath> given,
            Collection<RawName> ruleNames,
            Collection<TreePath> ignored,
            RestingFiles resting) {
        this.events = events;
        this.given = given;
        this.resting = resting;
        for (TreePath path : given) {
            TreePath below = path;
            while (!below.isRoot()) {
                TreePath above = TreePath.parse(below.directory());
                if (given.stream().noneMatch(one -> one.contains(above))) {
                    passages.computeIfAbsent(above.asDirectory(), any -> new HashSet<>())
                            .add(below.name());
                }
                below = above;
            }
        }
        this.ruleNames = new HashSet<>(ruleNames);
        this.ignored = new HashSet<>(ignored);
    }

    @Override
    public void entering(RawName directory, DirectoryHandle handle) {
        try {
            paths.put(events.watch(handle), directory);
        } catch (PosixException e) {
            unwatched++;
        }
    }

    @Override
    public void changed(int watch, RawName name, boolean listed, boolean isDirectory) {
        RawName directory = paths.get(watch);
        if (directory == null) {
            return;
        }
        TreePath path = name.length() == 0 ? TreePath.parse(directory) : new TreePath(directory, name);
        Set<RawName> leading = passages.get(directory);
        if (ignored.contains(path) || leading != null && !leading.contains(name)) {
            return;
        }
        if (leading != null && !given.contains(path)) {
            everything |= listed; // Something above a given path is another one now.
            return;
        }
        if (name.length() > 0 && ruleNames.contains(name)) {
            changes.addWhole(TreePath.parse(directory));
        } else if (listed && isDirectory) {
            changes.addWhole(path);
        } else if (listed || !resting.holdsBack(path)) {
            resting.letGo(path);
            changes.add(path);
        }
    }

    /** Files that have changed and rested are to be looked at; {@code all}: those that still rest as well. */
    void wake(boolean all) {
        resting.rested(all).forEach(changes::add);
    }

    @Override
    public void ended(int watch) {
        RawName directory = paths.remove(watch);
        if (directory != null) {
            changes.addWhole(TreePath.parse(directory));
        }
    }

    @Override
    public void overflowed() {
        overflows++;
        everything = true;
    }

    /** What was told since the last call; the caller's from now on. */
    Changes take() {
        Changes taken = changes;
        changes = new Changes();
        return taken;
    }

    /** How many places are to be looked at. */
    int pending() {
        return changes.size();
    }

    /** True when everything is to be looked at, such as after more happened than was told; false from then on. */
    boolean takeEverything() {
        boolean was = everything;
        everything = false;
        return was;
    }

    /** A walk of everything begins: it enters all directories again. */
    void begin() {
        unwatched = 0;
        resting.letGo();
    }

    /**
     * Gives up what is below paths that are no directories any more: a directory that was moved away is told of as long as it is
     * watched.
     */
    void giveUp(List<TreePath> gone) {
        Set<RawName> heads = new HashSet<>();
        gone.forEach(path -> heads.add(path.asDirectory()));
        Iterator<Map.Entry<Integer, RawName>> all = paths.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<Integer, RawName> one = all.next();
            if (isBelow(one.getValue(), heads)) {
                all.remove();
                events.unwatch(one.getKey());
            }
        }
    }

    private static boolean isBelow(RawName directory, Set<RawName> heads) {
        RawName above = directory;
        while (!heads.contains(above)) {
            if (above.length() == 0) {
                return false;
            }
            above = TreePath.parse(above).directory();
        }
        return true;
    }

    /** How many directories are watched. */
    int watched() {
        return paths.size();
    }

    /** How many could not be, at the last walk of everything and since. */
    long unwatched() {
        return unwatched;
    }

    /** How often more happened than was told. */
    long overflows() {
        return overflows;
    }
}
