package io.packstone.backup.resume;

import io.packstone.repository.CommitOutcome;
import java.io.IOException;

/** What a partial snapshot was to rest on is gone, and so the whole one would be refused too: the walk begins again at once. */
public final class RefusedException extends IOException {
    private static final long serialVersionUID = 1;

    private final transient CommitOutcome outcome;

    /** {@code outcome} has no snapshot. */
    RefusedException(CommitOutcome outcome) {
        super("a partial snapshot was refused");
        this.outcome = outcome;
    }

    /** What is gone. */
    public CommitOutcome outcome() {
        return outcome;
    }
}
