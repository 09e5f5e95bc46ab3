package io.packstone.cli.setup;

import io.packstone.error.ErrorKind;
import java.util.Collection;

/** How a run ended; the numbers are promised to scripts. */
public enum ExitCode {
    /** Done. */
    DONE(0),
    /** Failed. */
    FAILED(1),
    /** The command line makes no sense. */
    USAGE(2),
    /** Done, but something could not be read, written or set. */
    PARTIAL(3),
    /** Damage was found. */
    DAMAGED(4),
    /** There is no repository at that place. */
    NO_REPOSITORY(10),
    /** The repository is of a format that this version can't read. */
    UNSUPPORTED_FORMAT(11),
    /** The secret is wrong or missing. */
    UNLOCK(12),
    /** Interrupted from the keyboard. */
    INTERRUPTED(130),
    /** Asked to terminate. */
    TERMINATED(143);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    /** The number the process ends with. */
    public int number() {
        return number;
    }

    /** What a run ends with that did something by {@code code} and met failures of {@code others}: damage wins. */
    public static ExitCode worst(ExitCode code, Collection<ExitCode> others) {
        if (others.contains(DAMAGED)) {
            return DAMAGED;
        }
        return others.isEmpty() ? code : FAILED;
    }

    /** The code for a failure of that kind. */
    public static ExitCode of(ErrorKind kind) {
        return switch (kind) {
            case CORRUPTION, MISSING, LIMIT -> DAMAGED;
            case NO_REPOSITORY -> NO_REPOSITORY;
            case UNSUPPORTED_FORMAT -> UNSUPPORTED_FORMAT;
            case UNLOCK -> UNLOCK;
            case BACKEND, OCCUPIED, NO_ROOM, NOT_FOUND -> FAILED;
        };
    }
}
