package io.packstone.restore;

import java.util.List;

/**
 * What a restore did.
 *
 * @param bytesReused bytes of existing files that fitted and were kept
 * @param errors how many things could not be restored as they were
 * @param problems the first of them, one line each
 * @param damaged something could not be read from the repository
 */
public record RestoreReport(
        long filesRestored,
        long filesUnchanged,
        long filesDeleted,
        long bytesWritten,
        long bytesReused,
        long errors,
        List<String> problems,
        boolean damaged,
        double seconds) {}
