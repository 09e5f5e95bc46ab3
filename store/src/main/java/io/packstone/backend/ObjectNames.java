package io.packstone.backend;

import io.packstone.id.JobId;
import io.packstone.id.NoteId;
import io.packstone.id.ObjectHash;
import io.packstone.id.PackId;
import io.packstone.id.PruneId;
import io.packstone.id.SegmentId;
import io.packstone.id.SlotId;
import io.packstone.id.SnapshotId;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The names of objects (docs/format.md, Names of objects): made and parsed here and nowhere else. */
public final class ObjectNames {
    /** The longest name in characters. */
    public static final int MAX_LENGTH = 200;
    /** Configurations. */
    public static final String CONFIG = "config/";
    /** Key slots. */
    public static final String KEYS = "keys/";
    /** Packs. */
    public static final String PACKS = "packs/";
    /** Index segments. */
    public static final String INDEX = "index/";
    /** Snapshot records, their states and what is said about them later. */
    public static final String SNAPSHOTS = "snapshots/";
    /** Announcements of jobs. */
    public static final String JOBS = "jobs/";
    /** All that prune announces. */
    public static final String GC = "gc/";
    /** Plans of prune. */
    public static final String GC_PLAN = "gc/plan/";
    /** Executions of prune, and their final decisions. */
    public static final String GC_EXEC = "gc/exec/";
    /** What prunes have done. */
    public static final String GC_DONE = "gc/done/";

    /** Parity of packs and index segments. */
    public static final String PARITY = "parity/";

    /** What repairs did. */
    public static final String REPAIRS = "repairs/";

    /** Folders in which 64 digits alone are the SHA-256 of an object's bytes. */
    private static final Set<String> HASHED = Set.of(KEYS, PACKS, INDEX, SNAPSHOTS, JOBS, REPAIRS);

    private static final String COPY_SUFFIX = ".b";
    private static final String STATE_SUFFIX = ".state";
    private static final String FORGOT_SUFFIX = ".forgot";
    private static final String NOTE_SUFFIX = ".note";
    private static final String VOID_SUFFIX = ".void";
    private static final String FINAL_SUFFIX = ".final";
    private static final int HEX_DIGITS = 64;

    private ObjectNames() {}

    /** The configuration with that number, from 1. */
    public static String config(int number) {
        if (number < 1) {
            throw new IllegalArgumentException("configurations are numbered from 1, not " + number);
        }
        return CONFIG + number;
    }

    /** A key slot. */
    public static String keySlot(SlotId id) {
        return KEYS + id.toHex();
    }

    /** A pack. */
    public static String pack(PackId id) {
        return PACKS + id.toHex();
    }

    /** An index segment. */
    public static String segment(SegmentId id) {
        return INDEX + id.toHex();
    }

    /** A snapshot's record. */
    public static String snapshot(SnapshotId id) {
        return SNAPSHOTS + id.toHex();
    }

    /** The state that confirms or voids a snapshot. */
    public static String state(SnapshotId id) {
        return snapshot(id) + STATE_SUFFIX;
    }

    /** A job's announcement. */
    public static String job(JobId id) {
        return JOBS + id.toHex();
    }

    /** The record that forgets a snapshot. */
    public static String forgot(SnapshotId id) {
        return snapshot(id) + FORGOT_SUFFIX;
    }

    /** A note on a snapshot. */
    public static String note(SnapshotId snapshot, NoteId note) {
        return snapshot(snapshot) + "." + note.toHex() + NOTE_SUFFIX;
    }

    /** The word that a job's packs are no longer pending. */
    public static String jobVoid(JobId id) {
        return job(id) + VOID_SUFFIX;
    }

    /** What a prune means to condemn some day. */
    public static String plan(PruneId id) {
        return GC_PLAN + id.toHex();
    }

    /** What a prune has condemned. */
    public static String exec(PruneId id) {
        return GC_EXEC + id.toHex();
    }

    /** What a prune deletes in the end, decided once. */
    public static String execFinal(PruneId id) {
        return exec(id) + FINAL_SUFFIX;
    }

    /** What a prune has done. */
    public static String done(PruneId id) {
        return GC_DONE + id.toHex();
    }

    /** The parity of the pack or index segment of that hash. */
    public static String parity(ObjectHash object) {
        return PARITY + object.toHex();
    }

    /** The second copy of a small vital object. */
    public static String copyOf(String name) {
        if (isCopy(name)) {
            throw new IllegalArgumentException(name + " is a copy already");
        }
        return name + COPY_SUFFIX;
    }

    /** True for the name of a second copy. */
    public static boolean isCopy(String name) {
        return name.endsWith(COPY_SUFFIX);
    }

    /** The name of the first copy, whichever {@code name} is. */
    public static String primaryOf(String name) {
        return isCopy(name) ? name.substring(0, name.length() - COPY_SUFFIX.length()) : name;
    }

    /** The number in {@code config/<number>}; -1 for any other name, second copies included. */
    public static int configNumber(String name) {
        String number = name.startsWith(CONFIG) ? name.substring(CONFIG.length()) : "";
        if (number.isEmpty() || number.length() > 9 || number.charAt(0) == '0') {
            return -1;
        }
        for (int i = 0; i < number.length(); i++) {
            if (number.charAt(i) < '0' || number.charAt(i) > '9') {
                return -1;
            }
        }
        return Integer.parseInt(number);
    }

    /** The slot a name is of, second copies not included; null for any other name. */
    public static @Nullable SlotId slotId(String name) {
        return parse(KEYS, name, SlotId::parse);
    }

    /** The pack a name is of; null for any other name. */
    public static @Nullable PackId packId(String name) {
        return parse(PACKS, name, PackId::parse);
    }

    /** The segment a name is of; null for any other name. */
    public static @Nullable SegmentId segmentId(String name) {
        return parse(INDEX, name, SegmentId::parse);
    }

    /** The snapshot a name is the record of, second copies not included; null for any other name. */
    public static @Nullable SnapshotId snapshotId(String name) {
        return parse(SNAPSHOTS, name, SnapshotId::parse);
    }

    /** The snapshot a name is the state of, second copies not included; null for any other name. */
    public static @Nullable SnapshotId stateOf(String name) {
        String record = without(STATE_SUFFIX, name);
        return record == null ? null : snapshotId(record);
    }

    /** The snapshot a name forgets, second copies not included; null for any other name. */
    public static @Nullable SnapshotId forgottenBy(String name) {
        String record = without(FORGOT_SUFFIX, name);
        return record == null ? null : snapshotId(record);
    }

    /** The snapshot a name is a note on, second copies not included; null for any other name. */
    public static @Nullable SnapshotId notedBy(String name) {
        int record = SNAPSHOTS.length() + HEX_DIGITS;
        return noteId(name) == null ? null : snapshotId(name.substring(0, record));
    }

    /** The note in a note's name, second copies not included; null for any other name. */
    public static @Nullable NoteId noteId(String name) {
        String both = without(NOTE_SUFFIX, name);
        int record = SNAPSHOTS.length() + HEX_DIGITS;
        if (both == null
                || both.length() <= record
                || both.charAt(record) != '.'
                || snapshotId(both.substring(0, record)) == null
                || !isHex(both, record + 1, HEX_DIGITS)) {
            return null;
        }
        return NoteId.parse(both.substring(record + 1));
    }

    private static @Nullable String without(String suffix, String name) {
        return name.endsWith(suffix) ? name.substring(0, name.length() - suffix.length()) : null;
    }

    /** The job a name announces, second copies not included; null for any other name. */
    public static @Nullable JobId jobId(String name) {
        return parse(JOBS, name, JobId::parse);
    }

    /** The record of a repair. */
    public static String repair(ObjectHash record) {
        return REPAIRS + record.toHex();
    }

    /** The record of a repair that a name is of, second copies not included; null for any other name. */
    public static @Nullable ObjectHash repairId(String name) {
        return parse(REPAIRS, name, ObjectHash::parse);
    }

    /** The job whose packs a name says are not pending, second copies not included; null for any other name. */
    public static @Nullable JobId voidedBy(String name) {
        String job = without(VOID_SUFFIX, name);
        return job == null ? null : jobId(job);
    }

    /** The run of prune that a plan is of, second copies not included; null for any other name. */
    public static @Nullable PruneId planId(String name) {
        return parse(GC_PLAN, name, PruneId::parse);
    }

    /** The run of prune that condemned something, second copies not included; null for any other name. */
    public static @Nullable PruneId execId(String name) {
        return parse(GC_EXEC, name, PruneId::parse);
    }

    /** The run of prune whose final decision it is, second copies not included; null for any other name. */
    public static @Nullable PruneId finalId(String name) {
        String exec = without(FINAL_SUFFIX, name);
        return exec == null ? null : execId(exec);
    }

    /** The run of prune that ended, second copies not included; null for any other name. */
    public static @Nullable PruneId doneId(String name) {
        return parse(GC_DONE, name, PruneId::parse);
    }

    /** The run of prune that a marker of any kind is of, second copies not included; null for any other name. */
    public static @Nullable PruneId pruneId(String name) {
        for (PruneId id : new @Nullable PruneId[] {planId(name), execId(name), finalId(name), doneId(name)}) {
            if (id != null) {
                return id;
            }
        }
        return null;
    }

    /** What a name is the parity of; null for any other name. */
    public static @Nullable ObjectHash parityOf(String name) {
        return parse(PARITY, name, ObjectHash::parse);
    }

    /** The SHA-256 that an object's bytes must have by its name; null for a name that says nothing of them. */
    public static @Nullable ObjectHash hashOf(String name) {
        String primary = primaryOf(name);
        String folder = primary.substring(0, primary.lastIndexOf('/') + 1);
        return HASHED.contains(folder) ? parse(folder, primary, ObjectHash::parse) : null;
    }

    private static <T> @Nullable T parse(String prefix, String name, Function<String, T> parser) {
        if (!name.startsWith(prefix) || !isHex(name, prefix.length(), HEX_DIGITS)) {
            return null;
        }
        return parser.apply(name.substring(prefix.length()));
    }

    private static boolean isHex(String text, int from, int digits) {
        if (text.length() != from + digits) {
            return false;
        }
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!(c >= '0' && c <= '9' || c >= 'a' && c <= 'f')) {
                return false;
            }
        }
        return true;
    }

    /**
     * True for two to four components joined by '/', of lower-case letters, digits, '.', '_' and '-', each beginning
     * with a letter or digit; {@code tmp} is never the first.
     */
    public static boolean isValid(String name) {
        if (name.length() > MAX_LENGTH || name.startsWith("tmp/")) {
            return false;
        }
        int components = 1;
        boolean first = true;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '/') {
                if (first) {
                    return false;
                }
                components++;
                first = true;
                continue;
            }
            boolean plain = c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
            if (!plain && (first || c != '.' && c != '_' && c != '-')) {
                return false;
            }
            first = false;
        }
        return !first && components >= 2 && components <= 4;
    }

    /**
     * Returns {@code name} when it is valid.
     *
     * @throws IllegalArgumentException when it is not
     */
    public static String check(String name) {
        if (!isValid(name)) {
            throw new IllegalArgumentException("not the name of an object: " + name);
        }
        return name;
    }

    /** Returns {@code prefix} when {@link Backend#list} takes it: empty, or the beginning of names up to a '/'. */
    public static String checkPrefix(String prefix) {
        if (!prefix.isEmpty() && (!prefix.endsWith("/") || !isValid(prefix + "x"))) {
            throw new IllegalArgumentException("not a prefix of objects' names: " + prefix);
        }
        return prefix;
    }
}
