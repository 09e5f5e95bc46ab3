package io.packstone.cli.command.life;

import io.packstone.browse.SnapshotSelector;
import io.packstone.cli.setup.Context;
import io.packstone.cli.setup.Parsing;
import io.packstone.cli.setup.UsageException;
import io.packstone.error.ErrorKind;
import io.packstone.error.RepositoryException;
import io.packstone.id.SnapshotId;
import io.packstone.metadata.Quoting;
import io.packstone.repository.Repository;
import io.packstone.repository.SnapshotLog;
import io.packstone.repository.StoredSnapshot;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What people name on the command line: snapshots, spans of time. */
public final class Named {
    private static final int PREFIX_MIN = 4;

    private Named() {}

    /** The snapshot that {@code text} names; it names no path. */
    public static StoredSnapshot snapshot(Context context, Repository repository, String text)
            throws IOException, UsageException {
        if (text.contains(":/")) {
            throw new UsageException("'" + Quoting.quote(text) + "': name a snapshot, without a path in it");
        }
        SnapshotSelector selector = new SnapshotSelector(
                repository,
                context.surroundings().host(),
                context.surroundings().folder());
        return selector.select(text).snapshot();
    }

    /** The id of the snapshot that {@code text} names, be it readable or not. */
    static SnapshotId id(Context context, Repository repository, String text) throws IOException, UsageException {
        String prefix = text.toLowerCase(Locale.ROOT);
        for (SnapshotLog.Unreadable unreadable : repository.snapshots().list().unreadable()) {
            if (prefix.length() >= PREFIX_MIN && unreadable.id().toHex().startsWith(prefix)) {
                return unreadable.id();
            }
        }
        return snapshot(context, repository, text).id();
    }

    /** The forgotten snapshot whose id begins with {@code text}. */
    static StoredSnapshot forgotten(Repository repository, String text) throws IOException {
        String prefix = text.toLowerCase(Locale.ROOT);
        List<StoredSnapshot> fitting = new ArrayList<>();
        for (StoredSnapshot snapshot : repository.snapshots().list().forgotten()) {
            if (prefix.length() >= PREFIX_MIN && snapshot.id().toHex().startsWith(prefix)) {
                fitting.add(snapshot);
            }
        }
        if (fitting.size() != 1) {
            throw new RepositoryException(
                    ErrorKind.NOT_FOUND,
                    null,
                    fitting.isEmpty()
                            ? "no forgotten snapshot begins with '" + Quoting.quote(text)
                                    + "'; list them with: packstone snapshots --forgotten"
                            : "several forgotten snapshots begin with " + prefix + "; give more digits");
        }
        return fitting.get(0);
    }

    /** A share from 0 to 1, written as {@code 10%} or {@code 0}. */
    static double share(String option, String text) throws UsageException {
        return text.equals("0") || text.equals("0%") ? 0 : Parsing.percent(option, text) / 100;
    }
}
