package io.packstone.maintenance;

import java.util.List;

/**
 * What a check found; nothing is wrong when {@code errors} is empty.
 *
 * @param packsUnproven packs that this client never read whole and found right
 * @param oldestProof of all packs, in seconds since 1970; {@link Proofs#NEVER} when one of them never was proved
 */
public record CheckReport(
        List<Damage> errors,
        long snapshots,
        long packs,
        long chunks,
        long bytesRead,
        long packsUnproven,
        long oldestProof,
        double seconds) {
    /**
     * Something wrong.
     *
     * @param kind {@code damaged}, {@code missing} or {@code unreadable}
     * @param object its name
     * @param snapshots hexadecimal ids of the snapshots it touches
     * @param paths of the files it touches, the first hundred in order
     * @param morePaths that there are others
     */
    public record Damage(
            String kind,
            String object,
            String message,
            List<String> snapshots,
            List<String> paths,
            boolean morePaths) {}
}
