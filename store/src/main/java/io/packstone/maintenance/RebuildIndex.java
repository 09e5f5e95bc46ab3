package io.packstone.maintenance;

import io.packstone.error.StoreException;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.Repository;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Makes the local index again: from index segments, and from packs that no segment speaks of. */
public final class RebuildIndex {
    private final Repository repository;

    /** Of {@code repository}. */
    public RebuildIndex(Repository repository) {
        this.repository = repository;
    }

    /** What was found, and what could not be read. */
    public record Report(long segments, long packs, List<String> problems) {}

    /** Rebuilds. */
    public Report run(ProgressListener progress) throws IOException {
        progress.stage("rebuild index", 0, 0);
        List<String> problems = new ArrayList<>();
        repository.index().clear();
        repository.loader().loadSegments((StoreException cause) -> problems.add(cause.getMessage()));
        repository.loader().loadPacks((StoreException cause) -> problems.add(cause.getMessage()));
        long[] packs = new long[1];
        repository.index().forEachPack((id, length) -> packs[0]++);
        return new Report(repository.index().segments().size(), packs[0], List.copyOf(problems));
    }
}
