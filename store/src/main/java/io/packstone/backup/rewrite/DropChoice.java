package io.packstone.backup.rewrite;

import io.packstone.manifest.ManifestEntry;
import io.packstone.manifest.ManifestSieve;
import io.packstone.manifest.ManifestSieve.Fate;
import io.packstone.metadata.FileType;
import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.source.rules.GlobFilter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a rewrite drops from one snapshot. Remembers what it knows of the last directory asked for. For one thread. */
final class DropChoice implements ManifestSieve.Choice {
    private final GlobFilter excludes;
    private final GlobFilter exactly;
    private final List<TreePath> given;
    private @Nullable Folder folder;

    /** {@code given} are the absolute paths that the snapshot was taken of. */
    DropChoice(RewriteOptions options, List<RawName> given) {
        excludes = options.excludes();
        exactly = options.exactly();
        this.given = given.stream().map(TreePath::parse).toList();
    }

    /** A directory, what patterns say of names in it, and what becomes of all in it that they do not pick. */
    private record Folder(RawName path, GlobFilter.Within excludes, GlobFilter.Within exactly, Fate fate) {}

    @Override
    public Fate of(@Nullable TreePath after, TreePath last) {
        if (!excludes.reaches(after, last) && !exactly.reaches(after, last)) {
            return Fate.KEPT;
        }
        RawName common = after == null ? RawName.EMPTY : common(after.directory(), last.directory());
        return within(common) == Fate.DROPPED ? Fate.DROPPED : Fate.OPEN;
    }

    @Override
    public Fate of(ManifestEntry entry) {
        return of(entry.path(), entry.metadata().type() == FileType.DIRECTORY);
    }

    Fate of(TreePath path, boolean isDirectory) {
        if (path.isRoot()) {
            return Fate.KEPT;
        }
        Folder here = folder(path.directory());
        byte[] name = path.name().array();
        if (here.fate == Fate.DROPPED || here.exactly.picks(name, 0, name.length, isDirectory)) {
            return Fate.DROPPED;
        }
        if (!here.excludes.picks(name, 0, name.length, isDirectory)) {
            return here.fate;
        }
        return leadsToGiven(path) ? Fate.SPARED : Fate.DROPPED;
    }

    private Folder folder(RawName directory) {
        Folder here = folder;
        if (here == null || !here.path.equals(directory)) {
            here = new Folder(directory, excludes.within(directory), exactly.within(directory), within(directory));
            folder = here;
        }
        return here;
    }

    /**
     * What becomes of all in a directory that is not picked itself: dropped, when the directory or one above it is; spared,
     * when only what this snapshot was taken of keeps it.
     */
    private Fate within(RawName directory) {
        Fate fate = Fate.KEPT;
        for (int end = 1; end <= directory.length(); end++) {
            if (end == directory.length() || directory.at(end) == '/') {
                TreePath path = TreePath.parse(RawName.of(directory.array(), 0, end));
                boolean isPicked = excludes.picks(path, true);
                if (exactly.picks(path, true) || isPicked && !leadsToGiven(path)) {
                    return Fate.DROPPED;
                }
                fate = isPicked ? Fate.SPARED : fate;
            }
        }
        return fate;
    }

    private boolean leadsToGiven(TreePath path) {
        return given.stream().anyMatch(path::contains);
    }

    /** The deepest directory that both are, or are below. */
    private static RawName common(RawName a, RawName b) {
        int end = 0;
        for (int i = 0; i <= Math.min(a.length(), b.length()); i++) {
            boolean aEnds = i == a.length() || a.at(i) == '/';
            boolean bEnds = i == b.length() || b.at(i) == '/';
            if (aEnds && bEnds) {
                end = i;
            }
            if (i == a.length() || i == b.length() || a.at(i) != b.at(i)) {
                break;
            }
        }
        return RawName.of(a.array(), 0, end);
    }
}
