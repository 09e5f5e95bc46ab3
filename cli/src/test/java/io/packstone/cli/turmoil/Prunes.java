package io.packstone.cli.turmoil;

import io.packstone.cli.RealProgram.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Prunes, now in this way and now in that; some take whoever is alive for dead, which costs work, and nobody data. */
final class Prunes implements Turmoil.Round {
    /** What is counted. */
    static final String DONE = "prunes done";

    private final Worker worker;

    Prunes(Worker worker) {
        this.worker = worker;
    }

    @Override
    public void run() throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of("prune", "--json"));
        if (worker.random().nextInt(3) > 0) {
            words.addAll(List.of("--max-unused", "0"));
        }
        if (worker.random().nextInt(3) == 0) {
            words.add("--sealed-only");
        }
        boolean deadly = worker.random().nextInt(4) == 0;
        if (deadly) {
            words.addAll(List.of("--stale-after", "0"));
        }
        Outcome outcome = worker.run("prunes", words.toArray(new String[0]));
        if (outcome != null && Turmoil.gaveUp(outcome, "run prune again later")) {
            worker.tally().add("prunes given up", 1);
        } else if (outcome != null) {
            outcome.expect(0);
            worker.tally().add(DONE, 1);
            worker.tally().add("prunes done that took all for dead", deadly ? 1 : 0);
            worker.tally().add("packs deleted", (long) outcome.object().get("packsDeleted"));
            worker.tally().add("packs spared", (long) outcome.object().get("packsSpared"));
            worker.tally().add("bytes freed", (long) outcome.object().get("bytesFreed"));
        }
    }
}
