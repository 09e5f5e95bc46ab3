package io.packstone.cli.turmoil;

import io.packstone.cli.RealProgram.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Forgets all but the newest snapshots of each tree, now and then; fewer where that would be most of them. One at a time. */
final class Forgets implements Turmoil.Round {
    private static final int REST_MILLIS = 3000;
    private static final String TOO_MANY = "if you mean it add --confirm";

    private final Worker worker;
    private final Ledger ledger;
    private int kept = Ledger.KEPT;

    Forgets(Worker worker, Ledger ledger) {
        this.worker = worker;
        this.ledger = ledger;
    }

    @Override
    public void run() throws IOException, InterruptedException {
        ledger.forgetBegins();
        Outcome outcome = worker.run("forgets", "forget", "--keep-last", String.valueOf(kept), "--json");
        if (outcome == null) {
            ledger.forgetsUntold();
            return;
        }
        if (outcome.code() == 1 && outcome.output().contains(TOO_MANY)) {
            kept *= 2;
            ledger.forgot(List.of());
            return;
        }
        kept = Math.max(Ledger.KEPT, kept / 2);
        List<String> ids = new ArrayList<>();
        for (Object id : (List<?>) outcome.expect(0).object().get("forgotten")) {
            ids.add((String) id);
        }
        ledger.forgot(ids);
        worker.tally().add("forgets done", 1);
        Thread.sleep(worker.random().nextInt(REST_MILLIS));
    }
}
