package io.packstone.source.rules;

import io.packstone.metadata.RawName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The patterns in a folder's ignore file, and those of the folders above it. Immutable and thread-safe. */
public final class FolderRules {
    /** What ignore files are called. */
    public static final RawName FILE_NAME = RawName.of(".packstoneignore");

    /** An ignore file that is longer is not heeded. */
    public static final int FILE_LENGTH_MAX = 1 << 20;

    private final @Nullable FolderRules outer;
    private final RawName folder;
    private final List<IgnoreLines.Line> lines;
    private final GlobFilter filter;

    /** Of the ignore file in {@code folder}, which is below that of {@code outer}. */
    public FolderRules(@Nullable FolderRules outer, RawName folder, List<IgnoreLines.Line> lines) {
        this.outer = outer;
        this.folder = folder;
        this.lines = List.copyOf(lines);
        this.filter =
                GlobFilter.of(lines.stream().map(IgnoreLines.Line::pattern).toList());
    }

    @Nullable
    FolderRules outer() {
        return outer;
    }

    RawName folder() {
        return folder;
    }

    List<RawName> patterns() {
        return filter.patterns();
    }

    /** What the innermost of them that has a word on it says; null when none has. The arguments are those of a {@link GlobFilter}. */
    @Nullable
    Verdict decide(byte[] path, int name, int end, boolean directory) {
        for (FolderRules rules = this; rules != null; rules = rules.outer) {
            int base = rules.folder.length() == 0 ? 0 : rules.folder.length() + 1;
            int index = rules.filter.deciding(path, base, name, end, directory);
            if (index >= 0) {
                IgnoreLines.Line line = rules.lines.get(index);
                boolean takes = rules.filter.takesBack(index);
                return new Verdict(LeftOutKind.IGNORE_FILE, takes, line.pattern(), line.number(), rules.folder);
            }
        }
        return null;
    }
}
