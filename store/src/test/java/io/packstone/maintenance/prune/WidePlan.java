package io.packstone.maintenance.prune;

import static io.packstone.testkit.MeasuredChild.say;

import io.packstone.backend.local.LocalBackend;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.Repository;
import io.packstone.repository.RepositoryOptions;
import io.packstone.testkit.MeasuredChild;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;

/** A program that plans a prune that is to free all it can, as the command line does, and says how it went. */
final class WidePlan {
    private WidePlan() {}

    /** The repository, a cache. */
    public static void main(String[] arguments) throws IOException {
        RepositoryOptions options = RepositoryOptions.defaults().withCacheDirectory(Path.of(arguments[1]));
        try (Repository repository = Repository.open(new LocalBackend(Path.of(arguments[0])), Garden.SECRET, options);
                Prune prune = new Prune(repository, Clock.systemUTC())) {
            long start = System.nanoTime();
            repository.loadIndex();
            say("index-seconds", (System.nanoTime() - start) / 1e9);
            start = System.nanoTime();
            PrunePlan plan = prune.plan(PruneOptions.defaults().withMaxUnused(0), ProgressListener.NONE);
            say("plan-seconds", (System.nanoTime() - start) / 1e9);
            say(
                    "cpu-seconds",
                    ProcessHandle.current()
                                    .info()
                                    .totalCpuDuration()
                                    .orElseThrow()
                                    .toMillis()
                            / 1e3);
            say("chunks", repository.index().chunkCount());
            say("dead", plan.packsDead());
            say("repacked", plan.packsRepacked());
            say("live", plan.packsLive());
            say("dead-share", plan.bytesDead() / (double) (plan.bytesLive() + plan.bytesDead()));
            say("removed", plan.snapshotsRemoved());
            say("problems", plan.problems());
        }
        say("peak-kib", MeasuredChild.peakKib());
    }
}
