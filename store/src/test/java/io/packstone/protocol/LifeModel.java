package io.packstone.protocol;

/**
 * The protocol in more detail than {@link CommitAndPruneModel}: two chunks; a backup that takes over its parent's closure
 * unchecked, or relies on packs; prunes that copy what is live to a new pack, where the other rows are flagged dead,
 * before they drop the old one; the final decision as an object of its own, which a cleaner removes after the exec; and,
 * when {@code lagging}, listings that may miss what was just put and still show what was just deleted.
 *
 * <p>There are an old snapshot of both chunks that is forgotten at some time, another of the first chunk that stays, and
 * what backups confirm, of both chunks. With lag, a wait makes all that happened before it visible to everyone.
 */
final class LifeModel implements Model {
    /** Known-bad variants. */
    enum Flaw {
        /** The protocol as it is. */
        NONE,
        /** The parent is seen to be there before the claim only. */
        PARENT_BEFORE_CLAIM,
        /** A prune does not look for its exec again after it put the final decision. */
        NO_SECOND_LOOK,
        /** A cleaner removes the final decision before the exec. */
        FINAL_REMOVED_FIRST,
        /** A backup relies on rows that are flagged dead. */
        DEAD_ROWS_OFFERED,
        /** A prune takes rows that are flagged dead for copies. */
        DEAD_ROWS_COUNTED,
        /** A prune trusts its plan, without listing claims after it published. */
        NO_SECOND_MARK,
        /** With lag: a backup does not wait after its claim. */
        NO_WAIT_AFTER_CLAIM,
        /** With lag: a prune does not wait after its exec. */
        NO_WAIT_AFTER_EXEC,
        /** With lag: a prune does not wait between its deletions and the removal of its exec. */
        NO_WAIT_AFTER_DELETE
    }

    private static final int A = 1;
    private static final int BOTH = 3;

    private static final int CLAIM = 1;
    private static final int CONFIRMED = 2;
    private static final int VOID = 3;

    private static final int ABORTED = 1;
    private static final int DECIDED = 2;

    /** Packs: one of both chunks, one of the second; what the prunes make; what the backup makes at each attempt. */
    private static final int PACKS = 6;

    private static final int FIRST_PACK = 0;
    private static final int SECOND_PACK = 1;
    private static final int PRUNE_PACK = 2;
    private static final int BACKUP_PACK = 4;
    private static final int TRIES = 2;

    private static final int PRESENT = 0;
    private static final int ROWS = 1;
    private static final int OLD_SNAPSHOT = ROWS + PACKS;
    private static final int CLAIMS = OLD_SNAPSHOT + 1;
    private static final int FRESH_CLAIMS = CLAIMS + TRIES;
    private static final int FRESH_EXECS = FRESH_CLAIMS + 1;
    private static final int FRESH_FORGET = FRESH_EXECS + 1;
    private static final int GHOSTS = FRESH_FORGET + 1;
    private static final int BACKUP = GHOSTS + 1;
    private static final int RELIED = BACKUP + 1;
    private static final int VIEW = RELIED + 1;
    private static final int ATTEMPT = VIEW + 1;
    private static final int WITH_PARENT = ATTEMPT + 1;
    private static final int EXECS = WITH_PARENT + 1;
    private static final int EXEC_NUMBERS = 4;
    private static final int PRUNE_NUMBERS = 4;

    private enum B {
        START,
        CLAIM,
        WAIT,
        LIST_EXECS,
        LIST_DATA,
        LIST_PARENT,
        CONFIRM,
        DONE
    }

    private enum P {
        START,
        PUBLISH,
        WAIT,
        LIST_PEERS,
        LIST_CLAIMS,
        LIST_DATA,
        FINAL,
        LOOK,
        DELETE,
        WAIT_GONE,
        REMOVE_EXEC,
        REMOVE_FINAL,
        END
    }

    private final boolean backup;
    private final int prunes;
    private final boolean spare;
    private final boolean lagging;
    private final Flaw flaw;
    private final int prunesAt;
    private final int length;

    /** With {@code spare}, a second pack holds the second chunk as well. */
    LifeModel(boolean backup, int prunes, boolean spare, boolean lagging, Flaw flaw) {
        this.backup = backup;
        this.prunes = prunes;
        this.spare = spare;
        this.lagging = lagging;
        this.flaw = flaw;
        prunesAt = EXECS + prunes * EXEC_NUMBERS;
        length = prunesAt + prunes * PRUNE_NUMBERS;
    }

    @Override
    public int[] widths() {
        int[] widths = new int[length];
        widths[PRESENT] = PACKS;
        for (int pack = 0; pack < PACKS; pack++) {
            widths[ROWS + pack] = 2;
        }
        widths[OLD_SNAPSHOT] = 1;
        widths[CLAIMS] = 2;
        widths[CLAIMS + 1] = 2;
        widths[FRESH_CLAIMS] = TRIES;
        widths[FRESH_EXECS] = 2;
        widths[FRESH_FORGET] = 1;
        widths[GHOSTS] = PACKS;
        widths[BACKUP] = 3;
        widths[RELIED] = PACKS;
        widths[VIEW] = PACKS;
        widths[ATTEMPT] = 1;
        widths[WITH_PARENT] = 1;
        for (int p = 0; p < prunes; p++) {
            int exec = EXECS + p * EXEC_NUMBERS;
            widths[exec] = 1;
            widths[exec + 1] = PACKS;
            widths[exec + 2] = 2;
            widths[exec + 3] = PACKS;
            int at = prunesAt + p * PRUNE_NUMBERS;
            widths[at] = 4;
            widths[at + 1] = PACKS;
            widths[at + 2] = PACKS;
            widths[at + 3] = 2;
        }
        return widths;
    }

    @Override
    public int[] initial() {
        int[] state = new int[length];
        state[PRESENT] = 1 << FIRST_PACK | (spare ? 1 << SECOND_PACK : 0);
        state[ROWS + FIRST_PACK] = BOTH;
        state[ROWS + SECOND_PACK] = spare ? BOTH & ~A : 0;
        state[OLD_SNAPSHOT] = 1;
        state[BACKUP] = (backup ? B.START : B.DONE).ordinal();
        return state;
    }

    /** The chunks that are in a row, not flagged dead, of one of {@code packs}. */
    private static int rows(int[] s, int packs) {
        int chunks = 0;
        for (int pack = 0; pack < PACKS; pack++) {
            chunks |= (packs & 1 << pack) == 0 ? 0 : s[ROWS + pack];
        }
        return chunks;
    }

    @Override
    public boolean broken(int[] s) {
        boolean both = s[OLD_SNAPSHOT] == 1 || s[CLAIMS] == CONFIRMED || s[CLAIMS + 1] == CONFIRMED;
        int needed = both ? BOTH : A;
        return (needed & ~rows(s, s[PRESENT])) != 0;
    }

    @Override
    public boolean telling(int[] s) {
        return s[OLD_SNAPSHOT] == 0
                && (s[PRESENT] & 1 << FIRST_PACK) == 0
                && (s[CLAIMS] == CONFIRMED || s[CLAIMS + 1] == CONFIRMED);
    }

    /** The packs condemned as far as a listing of execs shows that misses those in {@code unseen}. */
    private int condemned(int[] s, int but, int unseen) {
        int packs = 0;
        for (int p = 0; p < prunes; p++) {
            int exec = EXECS + p * EXEC_NUMBERS;
            if (p != but && s[exec] == 1 && (unseen & 1 << p) == 0) {
                packs |= switch (s[exec + 2]) {
                    case ABORTED -> 0;
                    case DECIDED -> s[exec + 3];
                    default -> s[exec + 1];
                };
            }
        }
        return packs;
    }

    @Override
    public void successors(int[] s, Steps steps) {
        Step step = new Step(s, steps);
        if (s[OLD_SNAPSHOT] == 1) {
            step.with(OLD_SNAPSHOT, 0).with(FRESH_FORGET, lagging ? 1 : 0).take(Label.FORGET, 0);
        }
        for (int attempt = 0; attempt < TRIES; attempt++) {
            if (s[CLAIMS + attempt] == CLAIM) {
                step.with(CLAIMS + attempt, VOID).take(Label.CLEAN_VOID, attempt);
            }
        }
        for (int p = 0; p < prunes; p++) {
            clean(s, step, p);
            prune(s, step, p);
        }
        backup(s, step);
    }

    /** Anyone may decide or finish for another prune, late and on old knowledge too. */
    private void clean(int[] s, Step step, int p) {
        int exec = EXECS + p * EXEC_NUMBERS;
        boolean published = s[prunesAt + p * PRUNE_NUMBERS] > P.PUBLISH.ordinal();
        if (published && s[exec + 2] == 0) {
            step.with(exec + 2, ABORTED).take(Label.CLEAN_ABORT, p);
        }
        if (s[exec] == 1 && s[exec + 2] == DECIDED) {
            deleteEach(s, step, s[exec + 3], Label.CLEAN_DELETE);
        }
        boolean over = s[exec + 2] == ABORTED || s[exec + 2] == DECIDED && (s[exec + 3] & s[PRESENT]) == 0;
        if (s[exec] == 1 && over) {
            if (flaw == Flaw.FINAL_REMOVED_FIRST) {
                step.with(exec + 2, 0).with(exec + 3, 0).take(Label.CLEAN_FINAL, p);
            }
            removeExec(settled(step), p).take(Label.CLEAN_EXEC, p);
        }
        if (published && s[exec] == 0 && s[exec + 2] != 0) {
            step.with(exec + 2, 0).with(exec + 3, 0).take(Label.CLEAN_FINAL, p);
        }
    }

    private Step removeExec(Step step, int p) {
        int exec = EXECS + p * EXEC_NUMBERS;
        return step.with(exec, 0).with(exec + 1, 0);
    }

    private Step settled(Step step) {
        return lagging
                ? step.with(FRESH_CLAIMS, 0)
                        .with(FRESH_EXECS, 0)
                        .with(FRESH_FORGET, 0)
                        .with(GHOSTS, 0)
                : step;
    }

    private void deleteEach(int[] s, Step step, int among, Label label) {
        int present = s[PRESENT];
        for (int pack = 0; pack < PACKS; pack++) {
            if ((among & present & 1 << pack) != 0) {
                step.with(PRESENT, present & ~(1 << pack))
                        .with(GHOSTS, lagging ? s[GHOSTS] | 1 << pack : 0)
                        .take(label, pack);
            }
        }
    }

    private void backup(int[] s, Step step) {
        int attempt = s[ATTEMPT];
        switch (B.values()[s[BACKUP]]) {
            case START -> start(s, step, attempt);
            case CLAIM ->
                backupTo(step, B.WAIT)
                        .with(CLAIMS + attempt, CLAIM)
                        .with(FRESH_CLAIMS, lagging ? s[FRESH_CLAIMS] | 1 << attempt : 0)
                        .take(Label.CLAIM, attempt);
            case WAIT -> {
                B then = s[WITH_PARENT] == 1 ? B.LIST_PARENT : B.LIST_EXECS;
                if (lagging && flaw != Flaw.NO_WAIT_AFTER_CLAIM) {
                    settled(step);
                }
                backupTo(step, then).take(Label.WAIT, 8);
            }
            case LIST_EXECS -> {
                int fresh = s[FRESH_EXECS];
                for (int unseen = fresh; ; unseen = unseen - 1 & fresh) {
                    backupTo(step, B.LIST_DATA)
                            .with(VIEW, condemned(s, -1, unseen))
                            .take(Label.LIST_EXECS, 8);
                    if (unseen == 0) {
                        break;
                    }
                }
            }
            case LIST_DATA -> {
                int ghosts = s[GHOSTS];
                for (int seen = ghosts; ; seen = seen - 1 & ghosts) {
                    boolean good = (s[RELIED] & ~((s[PRESENT] | seen) & ~s[VIEW])) == 0;
                    judge(step, good, attempt);
                    if (seen == 0) {
                        break;
                    }
                }
            }
            case LIST_PARENT -> {
                judge(step, s[OLD_SNAPSHOT] == 1 || flaw == Flaw.PARENT_BEFORE_CLAIM, attempt);
                if (s[FRESH_FORGET] == 1) {
                    judge(step, true, attempt);
                }
            }
            case CONFIRM -> {
                if (s[CLAIMS + attempt] == CLAIM) {
                    backupTo(step, B.DONE).with(CLAIMS + attempt, CONFIRMED).take(Label.CONFIRM, attempt);
                } else if (attempt == 0) {
                    again(step).take(Label.RETRY, 0);
                }
            }
            case DONE -> {}
        }
    }

    /** Takes everything over from the parent, or finds each chunk in a pack or stores it. */
    private void start(int[] s, Step step, int attempt) {
        if (s[OLD_SNAPSHOT] == 1) {
            backupTo(step, B.CLAIM).with(WITH_PARENT, 1).with(RELIED, 0).take(Label.FROM_PARENT, 0);
        }
        int own = BACKUP_PACK + attempt;
        for (int first = 0; first <= PACKS; first++) {
            for (int second = 0; second <= PACKS; second++) {
                if (offers(s, first, A) && offers(s, second, BOTH & ~A)) {
                    int stored = (first == PACKS ? A : 0) | (second == PACKS ? BOTH & ~A : 0);
                    int relied = (1 << first | 1 << second) & (1 << PACKS) - 1;
                    backupTo(step, B.CLAIM).with(WITH_PARENT, 0);
                    if (stored != 0) {
                        relied |= 1 << own;
                        step.with(ROWS + own, stored).with(PRESENT, s[PRESENT] | 1 << own);
                    }
                    step.with(RELIED, relied).take(Label.FROM_PACKS, first * 8 + second);
                }
            }
        }
    }

    /** True when a backup may rely on that pack for a chunk; the number past the packs stands for storing it. */
    private boolean offers(int[] s, int pack, int chunk) {
        if (pack == PACKS) {
            return true;
        }
        boolean repacked = pack >= PRUNE_PACK && pack < BACKUP_PACK && s[ROWS + pack] != 0;
        boolean row = (s[ROWS + pack] & chunk) != 0 || flaw == Flaw.DEAD_ROWS_OFFERED && repacked;
        return row && (s[PRESENT] & 1 << pack) != 0;
    }

    private static Step backupTo(Step step, B then) {
        return step.with(BACKUP, then.ordinal());
    }

    private static Step again(Step step) {
        return backupTo(step, B.START)
                .with(RELIED, 0)
                .with(VIEW, 0)
                .with(WITH_PARENT, 0)
                .with(ATTEMPT, 1);
    }

    private static void judge(Step step, boolean good, int attempt) {
        if (good) {
            backupTo(step, B.CONFIRM).with(VIEW, 0).take(Label.CHECKED, 0);
        } else if (attempt == 0) {
            again(step).take(Label.RESCUE, 0);
        }
    }

    private void prune(int[] s, Step step, int p) {
        int at = prunesAt + p * PRUNE_NUMBERS;
        int exec = EXECS + p * EXEC_NUMBERS;
        int candidates = s[at + 1];
        switch (P.values()[s[at]]) {
            case START -> plan(s, step, p);
            case PUBLISH -> {
                step.with(exec, 1).with(exec + 1, candidates);
                step.with(FRESH_EXECS, lagging ? s[FRESH_EXECS] | 1 << p : 0);
                pruneTo(step, at, P.WAIT).take(Label.PUBLISH, p);
            }
            case WAIT -> {
                if (lagging && flaw != Flaw.NO_WAIT_AFTER_EXEC) {
                    settled(step);
                }
                P then = flaw == Flaw.NO_SECOND_MARK ? P.FINAL : P.LIST_PEERS;
                pruneTo(step, at, then)
                        .with(at + 2, flaw == Flaw.NO_SECOND_MARK ? candidates : 0)
                        .take(Label.WAIT, p);
            }
            case LIST_PEERS -> {
                int fresh = s[FRESH_EXECS] & ~(1 << p);
                for (int unseen = fresh; ; unseen = unseen - 1 & fresh) {
                    pruneTo(step, at, P.LIST_CLAIMS)
                            .with(at + 2, condemned(s, p, unseen))
                            .take(Label.LIST_EXECS, p);
                    if (unseen == 0) {
                        break;
                    }
                }
            }
            case LIST_CLAIMS -> {
                int fresh = s[FRESH_CLAIMS];
                for (int unseen = fresh; ; unseen = unseen - 1 & fresh) {
                    pruneTo(step, at, P.LIST_DATA)
                            .with(at + 3, needed(s, unseen))
                            .take(Label.LIST_CLAIMS, p);
                    if (unseen == 0) {
                        break;
                    }
                }
            }
            default -> finish(s, step, p);
        }
    }

    private void finish(int[] s, Step step, int p) {
        int at = prunesAt + p * PRUNE_NUMBERS;
        int exec = EXECS + p * EXEC_NUMBERS;
        int candidates = s[at + 1];
        int decided = s[at + 2];
        switch (P.values()[s[at]]) {
            case LIST_DATA -> {
                int ghosts = s[GHOSTS];
                for (int seen = ghosts; ; seen = seen - 1 & ghosts) {
                    int drops = droppable(s, candidates, (s[PRESENT] | seen) & ~candidates & ~decided, s[at + 3]);
                    pruneTo(step, at, P.FINAL)
                            .with(at + 2, drops)
                            .with(at + 3, 0)
                            .take(Label.LIST_DATA, p);
                    if (seen == 0) {
                        break;
                    }
                }
            }
            case FINAL -> {
                if (s[exec + 2] == 0) {
                    step.with(exec + 2, DECIDED).with(exec + 3, decided);
                    pruneTo(step, at, flaw == Flaw.NO_SECOND_LOOK ? P.DELETE : P.LOOK)
                            .take(Label.FINAL, p);
                } else {
                    end(step, at).take(Label.ABORTED, p);
                }
            }
            case LOOK -> {
                if (s[exec] == 1) {
                    pruneTo(step, at, P.DELETE).take(Label.LOOK, p);
                } else {
                    end(step, at).take(Label.ABORTED, p);
                }
            }
            case DELETE -> {
                if ((s[at + 2] & s[PRESENT]) != 0) {
                    deleteEach(s, step, s[at + 2], Label.DELETE);
                } else {
                    pruneTo(step, at, P.WAIT_GONE).take(Label.DELETE, 8 + p);
                }
            }
            case WAIT_GONE -> {
                if (flaw != Flaw.NO_WAIT_AFTER_DELETE) {
                    settled(step);
                }
                pruneTo(step, at, P.REMOVE_EXEC).take(Label.WAIT, p);
            }
            case REMOVE_EXEC -> pruneTo(removeExec(step, p), at, P.REMOVE_FINAL).take(Label.REMOVE_EXEC, p);
            case REMOVE_FINAL ->
                end(step.with(exec + 2, 0).with(exec + 3, 0), at).take(Label.REMOVE_FINAL, p);
            default -> {}
        }
    }

    /** Which chunks the snapshots need that a listing shows which misses the claims in {@code unseen}. */
    private static int needed(int[] s, int unseen) {
        boolean both = s[OLD_SNAPSHOT] == 1;
        for (int attempt = 0; attempt < TRIES; attempt++) {
            boolean live = s[CLAIMS + attempt] == CLAIM || s[CLAIMS + attempt] == CONFIRMED;
            both |= live && (unseen & 1 << attempt) == 0;
        }
        return both ? BOTH : A;
    }

    /** The candidates whose needed chunks each have a row in one of {@code others}. */
    private int droppable(int[] s, int candidates, int others, int needed) {
        int elsewhere = rows(s, others);
        if (flaw == Flaw.DEAD_ROWS_COUNTED && (others & (1 << BACKUP_PACK) - (1 << PRUNE_PACK)) != 0) {
            elsewhere = BOTH;
        }
        int drops = 0;
        for (int pack = 0; pack < PACKS; pack++) {
            if ((candidates & 1 << pack) != 0 && (s[ROWS + pack] & needed & ~elsewhere) == 0) {
                drops |= 1 << pack;
            }
        }
        return drops;
    }

    /** Condemns any one pack, or all that hold nothing needed; with a copy of what is needed in it, or without. */
    private void plan(int[] s, Step step, int p) {
        int at = prunesAt + p * PRUNE_NUMBERS;
        int needed = needed(s, 0);
        int dead = 0;
        for (int pack = 0; pack < PACKS; pack++) {
            if ((s[PRESENT] & 1 << pack) == 0) {
                continue;
            }
            pruneTo(step, at, P.PUBLISH).with(at + 1, 1 << pack).take(Label.PLAN, p * 8 + pack);
            int live = s[ROWS + pack] & needed;
            if (live == 0) {
                dead |= 1 << pack;
            } else {
                int made = PRUNE_PACK + p;
                step.with(ROWS + made, live).with(PRESENT, s[PRESENT] | 1 << made);
                pruneTo(step, at, P.PUBLISH).with(at + 1, 1 << pack).take(Label.REPACK, p * 8 + pack);
            }
        }
        if (Integer.bitCount(dead) > 1) {
            pruneTo(step, at, P.PUBLISH).with(at + 1, dead).take(Label.PLAN_DEAD, p);
        }
    }

    private static Step pruneTo(Step step, int at, P then) {
        return step.with(at, then.ordinal());
    }

    private static Step end(Step step, int at) {
        return pruneTo(step, at, P.END).with(at + 1, 0).with(at + 2, 0).with(at + 3, 0);
    }

    private enum Label {
        FORGET,
        CLEAN_VOID,
        CLEAN_ABORT,
        CLEAN_DELETE,
        CLEAN_EXEC,
        CLEAN_FINAL,
        FROM_PARENT,
        FROM_PACKS,
        CLAIM,
        WAIT,
        LIST_EXECS,
        LIST_DATA,
        LIST_CLAIMS,
        CHECKED,
        RESCUE,
        RETRY,
        CONFIRM,
        PLAN,
        PLAN_DEAD,
        REPACK,
        PUBLISH,
        FINAL,
        LOOK,
        ABORTED,
        DELETE,
        REMOVE_EXEC,
        REMOVE_FINAL
    }

    @Override
    public String describe(int step) {
        return Label.values()[step >> 8] + " " + (step & 255);
    }
}
