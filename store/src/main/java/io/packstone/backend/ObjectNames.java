package io.packstone.backend;

import io.packstone.id.Id256;
import io.packstone.id.JobId;
import io.packstone.id.PackId;
import io.packstone.id.SegmentId;
import io.packstone.id.SlotId;
import io.packstone.id.SnapshotId;
import org.jspecify.annotations.Nullable;

/** The names of objects (docs/format.md, Names). A foreign name parses to null and is passed over. */
public final class ObjectNames {
    /** Folder of configs. */
    public static final String CONFIG = "config/";

    /** Folder of key slots. */
    public static final String KEYS = "keys/";

    /** Folder of packs. */
    public static final String PACKS = "packs/";

    /** Folder of index segments. */
    public static final String INDEX = "index/";

    /** Folder of snapshot records and their states. */
    public static final String SNAPSHOTS = "snapshots/";

    /** Folder of announced jobs. */
    public static final String JOBS = "jobs/";

    /** Folder of the markers of prunes. */
    public static final String GC = "gc/";

    private static final String STATE = ".state";

    private ObjectNames() {}

    /** The config with that number. */
    public static String config(int number) {
        return CONFIG + number;
    }

    /** The number of a config or of its copy, 0 for a foreign name. */
    public static int parseConfig(String name) {
        String number = name.startsWith(CONFIG) ? name.substring(CONFIG.length()) : "";
        if (number.endsWith(".b")) {
            number = number.substring(0, number.length() - 2);
        }
        return number.matches("[1-9][0-9]{0,8}") ? Integer.parseInt(number) : 0;
    }

    /** A key slot. */
    public static String slot(SlotId id) {
        return KEYS + id;
    }

    /** A pack. */
    public static String pack(PackId id) {
        return PACKS + id;
    }

    /** An index segment. */
    public static String segment(SegmentId id) {
        return INDEX + id;
    }

    /** A snapshot record. */
    public static String snapshot(SnapshotId id) {
        return SNAPSHOTS + id;
    }

    /** The state of a snapshot. */
    public static String snapshotState(SnapshotId id) {
        return SNAPSHOTS + id + STATE;
    }

    /** The announcement of a job. */
    public static String job(JobId id) {
        return JOBS + id;
    }

    /** The id in the name of a key slot or of its copy. */
    public static @Nullable SlotId parseSlot(String name) {
        String hex = hex(name, KEYS, "");
        return hex == null ? null : SlotId.parse(hex);
    }

    /** The id in the name of a pack. */
    public static @Nullable PackId parsePack(String name) {
        String hex = hex(name, PACKS, "");
        return hex == null || name.endsWith(".b") ? null : PackId.parse(hex);
    }

    /** The id in the name of an index segment. */
    public static @Nullable SegmentId parseSegment(String name) {
        String hex = hex(name, INDEX, "");
        return hex == null || name.endsWith(".b") ? null : SegmentId.parse(hex);
    }

    /** The id in the name of a snapshot record or of its copy. */
    public static @Nullable SnapshotId parseSnapshot(String name) {
        String hex = hex(name, SNAPSHOTS, "");
        return hex == null ? null : SnapshotId.parse(hex);
    }

    /** The id in the name of a snapshot's state or of its copy. */
    public static @Nullable SnapshotId parseSnapshotState(String name) {
        String hex = hex(name, SNAPSHOTS, STATE);
        return hex == null ? null : SnapshotId.parse(hex);
    }

    private static @Nullable String hex(String name, String folder, String suffix) {
        if (!name.startsWith(folder)) {
            return null;
        }
        String rest = name.substring(folder.length());
        if (rest.endsWith(".b")) {
            rest = rest.substring(0, rest.length() - 2);
        }
        if (!rest.endsWith(suffix)) {
            return null;
        }
        rest = rest.substring(0, rest.length() - suffix.length());
        return rest.length() == 2 * Id256.LENGTH && rest.matches("[0-9a-f]{64}") ? rest : null;
    }
}
