package io.packstone.source.rules;

import io.packstone.metadata.RawName;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Gathers, in one walk, what is then {@link Heeded}; no more of it than a record of a snapshot may hold. For one thread. */
public final class Heeding {
    private static final long BYTES_MAX = 1 << 20;
    private static final int BYTES_EACH = 16;

    private final List<Heeded.InFolder> ignoreFiles = new ArrayList<>();
    private final List<RawName> holders = new ArrayList<>();
    private final Map<LeftOutKind, Long> counts = new EnumMap<>(LeftOutKind.class);
    private long room = BYTES_MAX;

    /** One more file or directory was left out. */
    public void leftOut(LeftOutKind kind) {
        counts.merge(kind, 1L, Long::sum);
    }

    /** What {@code directory} holds is left out, but for a tag. */
    public void holder(LeftOutKind kind, RawName directory) {
        leftOut(kind);
        if (fits(directory.length())) {
            holders.add(directory);
        }
    }

    /** That ignore file counts from here on. */
    public void ignoreFile(FolderRules rules) {
        long length = rules.folder().length();
        for (RawName pattern : rules.patterns()) {
            length += pattern.length() + BYTES_EACH;
        }
        if (fits(length)) {
            ignoreFiles.add(new Heeded.InFolder(rules.folder(), rules.patterns()));
        }
    }

    /** What did not fit once leaves no room for anything: the record says so, and then nobody relies on the rest. */
    private boolean fits(long length) {
        room = room < 0 ? room : room - length - BYTES_EACH;
        return room >= 0;
    }

    /** All so far. */
    public Heeded done() {
        return new Heeded(ignoreFiles, holders, room >= 0, counts);
    }
}
