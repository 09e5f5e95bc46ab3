package io.packstone.maintenance.prune;

import io.packstone.repository.Repository;
import java.io.IOException;
import java.time.Clock;

/** The way through the seam for simulations in other packages. */
public final class ContraryPrune {
    private ContraryPrune() {}

    /** A prune; a contrary one keeps, of what stands twice, the copy that any other would drop. */
    public static Prune of(Repository repository, Clock clock, boolean contrary) {
        Prune prune = new Prune(repository, clock);
        if (contrary) {
            prune.keepOtherCopies();
        }
        return prune;
    }

    /** Stores all there is twice, in packs that nothing refers to. */
    public static void storeTwice(Repository repository) throws IOException {
        OrphanMaker.storeEverythingTwice(repository);
    }
}
