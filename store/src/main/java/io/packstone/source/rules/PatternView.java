package io.packstone.source.rules;

import io.packstone.metadata.RawName;
import org.jspecify.annotations.Nullable;

/** All patterns that have a say on names in one directory: those of the options first, then ignore files. For one thread. */
public final class PatternView {
    private final GlobFilter options;
    private final @Nullable FolderRules folders;
    private final PathBuffer path;

    /** Seen from {@code directory}, which is without a '/' in front; {@code folders} are of it or folders above it. */
    public PatternView(GlobFilter options, @Nullable FolderRules folders, RawName directory) {
        this.options = options;
        this.folders = folders;
        this.path = new PathBuffer(directory);
    }

    /** What the deciding pattern says of the name in those bytes; null when none fits. */
    public @Nullable Verdict decide(byte[] bytes, int offset, int length, boolean directory) {
        if (options.isEmpty() && folders == null) {
            return null;
        }
        byte[] whole = path.with(bytes, offset, length);
        int name = path.nameStart();
        int index = options.deciding(whole, 0, name, name + length, directory);
        if (index >= 0) {
            RawName pattern = options.patterns().get(index);
            return new Verdict(LeftOutKind.EXCLUDE, options.takesBack(index), pattern, index, RawName.EMPTY);
        }
        return folders == null ? null : folders.decide(whole, name, name + length, directory);
    }
}
