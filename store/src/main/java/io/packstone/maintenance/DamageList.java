package io.packstone.maintenance;

import io.packstone.backend.ObjectNames;
import io.packstone.error.StoreException;
import io.packstone.id.SnapshotId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a check has found so far: one entry per object. Thread-safe. */
final class DamageList {
    private static final int PATHS_KEPT = 100;
    private static final Pattern NAME =
            Pattern.compile("(?:config/[0-9]+|(?:keys|packs|index|snapshots|jobs)/[0-9a-f]{64}(?:\\.state)?)(?:\\.b)?");

    private final Map<String, Found> found = new LinkedHashMap<>();

    /** One object, and what it touches. */
    private static final class Found {
        private final String kind;
        private final String message;
        private final TreeSet<String> snapshots = new TreeSet<>();
        private final TreeSet<String> paths = new TreeSet<>();
        private boolean morePaths;

        private Found(String kind, String message) {
            this.kind = kind;
            this.message = message;
        }
    }

    /** The name of the object that {@code cause} is about: "block 3 of packs/..." is about the pack. */
    static String objectOf(StoreException cause) {
        String text = String.valueOf(cause.object());
        Matcher name = NAME.matcher(text);
        return name.find() ? name.group() : text;
    }

    synchronized void add(StoreException cause) {
        add(objectOf(cause), cause);
    }

    synchronized void add(String object, StoreException cause) {
        String kind = switch (cause.kind()) {
            case MISSING -> "missing";
            case BACKEND, NO_ROOM -> "unreadable";
            default -> "damaged";
        };
        found.putIfAbsent(object, new Found(kind, String.valueOf(cause.getMessage())));
    }

    synchronized void add(String object, String kind, String message) {
        found.putIfAbsent(object, new Found(kind, message));
    }

    synchronized boolean isEmpty() {
        return found.isEmpty();
    }

    /** True when that object is in the list. */
    synchronized boolean has(String object) {
        return found.containsKey(object);
    }

    /** Adds what an object that is in the list touches. */
    synchronized void touches(String object, SnapshotId snapshot, String path) {
        Found damage = found.get(object);
        if (damage != null) {
            damage.snapshots.add(snapshot.toHex());
            damage.paths.add(path);
            if (damage.paths.size() > PATHS_KEPT) {
                damage.paths.remove(damage.paths.last());
                damage.morePaths = true;
            }
        }
    }

    /** Says of packs that are gone and touch no snapshot that they are not needed: all snapshots were looked at. */
    synchronized void tellUnneeded() {
        found.replaceAll((object, damage) -> {
            boolean isUnneeded =
                    damage.kind.equals("missing") && object.startsWith(ObjectNames.PACKS) && damage.snapshots.isEmpty();
            return isUnneeded
                    ? new Found(damage.kind, damage.message + "; no snapshot needs it, and the next prune forgets it")
                    : damage;
        });
    }

    synchronized List<CheckReport.Damage> list() {
        List<CheckReport.Damage> list = new ArrayList<>();
        found.forEach((object, damage) -> list.add(new CheckReport.Damage(
                damage.kind,
                object,
                damage.message,
                List.copyOf(damage.snapshots),
                List.copyOf(damage.paths),
                damage.morePaths)));
        return list;
    }
}
