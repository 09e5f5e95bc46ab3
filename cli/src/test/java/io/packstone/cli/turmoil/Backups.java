package io.packstone.cli.turmoil;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.packstone.cli.RealProgram.Outcome;
import java.io.IOException;

/** Takes snapshots of one tree, which changes in between; half of them store a partial one after each file. */
final class Backups implements Turmoil.Round {
    private final Worker worker;
    private final Ledger ledger;
    private final ChangingTree tree;

    Backups(Worker worker, Ledger ledger, ChangingTree tree) {
        this.worker = worker;
        this.ledger = ledger;
        this.tree = tree;
    }

    @Override
    public void run() throws IOException, InterruptedException {
        tree.change();
        Ledger.Run run = ledger.begin(tree.root().toString(), tree.describe());
        String checkpoints = worker.random().nextBoolean() ? "never" : "1";
        Outcome outcome = worker.run(
                "snapshots", "snapshot", tree.root().toString(), "--json", "--checkpoint-every", checkpoints);
        if (outcome != null && Turmoil.gaveUp(outcome, "keep disappearing")) {
            worker.tally().add("snapshots given up", 1);
        } else if (outcome != null) {
            outcome.expect(0);
            assertEquals("complete", outcome.object().get("status"));
            ledger.acknowledge(run, (String) outcome.object().get("snapshotId"));
            worker.tally().add("snapshots acknowledged", 1);
            worker.tally().add("bytes stored", (long) outcome.object().get("bytesStored"));
        }
    }
}
