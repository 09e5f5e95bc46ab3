package io.packstone.cli.turmoil;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.cli.Shell;
import io.packstone.endtoend.Scratch;
import io.packstone.endtoend.Workplace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Looks at a repository: all data is read and checked, snapshots are restored and compared. For one thread. */
final class Inspection {
    private final Path folder;
    private final Shell shell;
    private final Ledger ledger;
    private final Tally tally;
    private int targets;

    /** Restores below {@code folder}; opens the repository as {@code environment} says. */
    Inspection(Path folder, Map<String, String> environment, Ledger ledger, Tally tally) {
        this.folder = folder;
        this.ledger = ledger;
        this.tally = tally;
        shell = new Shell(folder);
        shell.environment.putAll(environment);
    }

    Shell shell() {
        return shell;
    }

    /**
     * What a check of all data tells; expects nothing but second copies that killed processes came not to put, and packs
     * that nothing needs: somebody who was stopped for long, and taken for dead, spoke of them after they were deleted.
     */
    List<Map<String, Object>> check() throws IOException {
        Shell.Outcome outcome = shell.run("check", "--read-data", "--json");
        assertTrue(outcome.code() == 0 || outcome.code() == 4, outcome::messages);
        @SuppressWarnings("unchecked")
        List<Map<String, Object>> errors =
                (List<Map<String, Object>>) outcome.object().get("errors");
        for (Map<String, Object> error : errors) {
            boolean isHalfPut = error.get("kind").equals("missing")
                    && error.get("object").toString().endsWith(".b");
            boolean isUnneeded = error.get("message").toString().contains("no snapshot needs it");
            assertTrue(isHalfPut || isUnneeded, error::toString);
        }
        tally.add("checks", 1);
        return errors;
    }

    /** But for partial ones, which come and go untold; the check sees that they are whole as far as they go. */
    private List<Ledger.Listed> list() throws IOException {
        List<Ledger.Listed> listing = new ArrayList<>();
        for (Map<String, Object> snapshot :
                shell.run("snapshots", "--json").expect(0).array()) {
            List<?> paths = (List<?>) snapshot.get("paths");
            if (snapshot.get("status").equals("partial")) {
                tally.add("partial snapshots seen", 1);
            } else {
                listing.add(new Ledger.Listed((String) snapshot.get("id"), (String) paths.get(0)));
            }
        }
        return listing;
    }

    /** Nobody may work meanwhile. Every snapshot is there that must be, and each that is there is right. */
    void look() throws IOException {
        check();
        List<Ledger.Listed> listing = list();
        for (Ledger.Listed snapshot : listing) {
            Map<String, String> tree = restored(snapshot);
            Ledger.Run run = ledger.find(snapshot.id());
            if (run == null) {
                ledger.found(snapshot, tree);
                tally.add("snapshots that nobody was told of", 1);
            } else {
                assertEquals(run.tree(), tree, "snapshot " + snapshot);
            }
        }
        tally.add("snapshots forgotten", ledger.settle(listing));
        tally.add("looks", 1);
    }

    /** Others work meanwhile: the newest snapshot of a tree is right, if it is not forgotten meanwhile. */
    void lookBeside(int number) throws IOException {
        check();
        List<Ledger.Listed> listing = list();
        Ledger.Listed chosen = listing.get(listing.size() - 1 - number % Math.min(4, listing.size()));
        Path target = target();
        Shell.Outcome outcome = restore(chosen, target);
        Ledger.Run run = ledger.find(chosen.id());
        if (outcome.code() != 0) {
            assertTrue(!list().contains(chosen), () -> chosen + " is there: " + outcome.text() + outcome.messages());
        } else if (run != null) {
            assertEquals(run.tree(), Workplace.describe(target), "snapshot " + chosen);
            tally.add("restores beside", 1);
        }
        Scratch.delete(target);
    }

    private Path target() throws IOException {
        return Files.createDirectory(folder.resolve("target" + targets++));
    }

    private Shell.Outcome restore(Ledger.Listed snapshot, Path target) {
        return shell.run("restore", snapshot.id() + ":" + snapshot.path(), "--target", target.toString(), "--json");
    }

    private Map<String, String> restored(Ledger.Listed snapshot) throws IOException {
        Path target = target();
        restore(snapshot, target).expect(0);
        Map<String, String> tree = Workplace.describe(target);
        Scratch.delete(target);
        tally.add("restores", 1);
        return tree;
    }
}
