package io.packstone.maintenance;

import java.util.List;

/** What a check found; nothing is wrong when {@code errors} is empty. */
public record CheckReport(
        List<Damage> errors, long snapshots, long packs, long chunks, long bytesRead, double seconds) {
    /**
     * Something wrong.
     *
     * @param kind {@code damaged}, {@code missing} or {@code unreadable}
     * @param object its name
     * @param snapshots hexadecimal ids of the snapshots it touches
     * @param paths of the files it touches, quoted, the first of them
     */
    public record Damage(String kind, String object, String message, List<String> snapshots, List<String> paths) {}
}
