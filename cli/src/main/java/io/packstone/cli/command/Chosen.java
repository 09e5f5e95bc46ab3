package io.packstone.cli.command;

import io.packstone.browse.SnapshotSelector;
import io.packstone.cli.setup.Context;
import io.packstone.cli.setup.RawText;
import io.packstone.cli.setup.Surroundings;
import io.packstone.cli.text.Wording;
import io.packstone.metadata.Quoting;
import io.packstone.metadata.TreePath;
import io.packstone.repository.Repository;
import io.packstone.repository.StoredSnapshot;
import io.packstone.snapshot.SnapshotRecord;
import java.io.IOException;

/**
 * The snapshot, and the path in it, that {@code SNAP[:PATH]} on the command line stands for.
 *
 * @param path the root when none was given
 */
record Chosen(StoredSnapshot snapshot, TreePath path, boolean pathGiven) {
    /** Finds it; says so when the snapshot lacks something. */
    static Chosen of(Context context, Repository repository, String text) throws IOException {
        Surroundings surroundings = context.surroundings();
        SnapshotSelector selector = new SnapshotSelector(repository, surroundings.host(), surroundings.folder());
        SnapshotSelector.Selection selection = selector.select(RawText.encode(text));
        context.passedOver(selection.unreadable());
        SnapshotRecord record = selection.snapshot().record();
        String note = note(record);
        if (!note.isEmpty()) {
            context.say("note: snapshot " + selection.snapshot().id().toShortHex() + " is " + note);
        }
        return new Chosen(
                selection.snapshot(), selection.path(), !selection.path().isRoot());
    }

    private static String note(SnapshotRecord record) {
        if (record.isPartial()) {
            return "partial: it was stored while a snapshot was being taken, and lacks what had not been reached";
        }
        return record.isComplete()
                ? ""
                : Quoting.quote(record.status()) + ": " + Wording.count(record.problemCount(), "path")
                        + " could not be read when it was taken";
    }
}
