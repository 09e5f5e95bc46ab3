package io.packstone.protocol;

/**
 * One chunk, one or two packs that hold it, backups that rely on a pack or upload another, prunes that drop packs, and a
 * cleaner that may take anybody for dead. Every actor may stop for ever at any step or be arbitrarily slow, since every
 * interleaving is explored. A {@link Flaw} is a deliberate mistake that the exploration must find.
 */
final class CommitAndPruneModel implements Model {
    /** Known-bad variants. */
    enum Flaw {
        /** The protocol as it is. */
        NONE,
        /** A prune deletes what it planned and announces nothing: only time would protect. */
        ONLY_TIME,
        /** A backup looks before its claim only. */
        CHECKS_BEFORE_CLAIM,
        /** A backup does not look at what is condemned. */
        NO_EXEC_CHECK,
        /** A backup looks at what is there before it looks at what is condemned. */
        EXISTENCE_BEFORE_EXEC,
        /** A prune or a cleaner needs no final decision. */
        NO_FINAL,
        /** A claim can be confirmed after it was void. */
        VOID_NOT_EXCLUSIVE,
        /** A prune lists claims before it publishes. */
        CLAIMS_BEFORE_EXEC,
        /** Prunes do not look at each other. */
        BLIND_TO_PEERS,
        /** A prune looks at what is there before it looks at other prunes. */
        DATA_BEFORE_PEERS
    }

    private static final int CLAIM = 1;
    private static final int CONFIRMED = 2;
    private static final int VOID = 3;

    /** Where a backup is. */
    private enum B {
        START,
        CLAIM,
        CONFIRM_UNCHECKED,
        EXECS,
        EXIST,
        EXECS_LATE,
        CONFIRM,
        DONE
    }

    /** Where a prune is. */
    private enum P {
        START,
        PUBLISH,
        PUBLISH_LATE,
        OTHERS,
        OTHERS_LATE,
        CLAIMS,
        CLAIMS_LATE,
        DATA,
        FINAL,
        DELETE,
        END
    }

    /** A backup's view: nothing, one pack it relies on, or a set of packs. */
    private static final int VIEW_SET = 64;

    private static final int PACK_BITS = 6;
    private static final int TRIES = 2;
    private static final int BACKUP_NUMBERS = 4;
    private static final int PRUNE_NUMBERS = 3;

    private static final int PACKS = 0;
    private static final int OLD_SNAPSHOT = 1;

    private final int backups;
    private final int prunes;
    private final int firstPacks;
    private final Flaw flaw;
    private final int claims;
    private final int execs;
    private final int backupsAt;
    private final int prunesAt;
    private final int length;

    CommitAndPruneModel(int backups, int prunes, int firstPacks, Flaw flaw) {
        this.backups = backups;
        this.prunes = prunes;
        this.firstPacks = firstPacks;
        this.flaw = flaw;
        claims = OLD_SNAPSHOT + 1;
        execs = claims + backups * TRIES;
        backupsAt = execs + prunes * 3;
        prunesAt = backupsAt + backups * BACKUP_NUMBERS;
        length = prunesAt + prunes * PRUNE_NUMBERS;
    }

    @Override
    public int[] widths() {
        int[] widths = new int[length];
        widths[PACKS] = PACK_BITS;
        widths[OLD_SNAPSHOT] = 1;
        for (int i = claims; i < execs; i++) {
            widths[i] = 2;
        }
        for (int p = 0; p < prunes; p++) {
            widths[execs + p * 3] = 2;
            widths[execs + p * 3 + 1] = PACK_BITS;
            widths[execs + p * 3 + 2] = PACK_BITS;
            widths[prunesAt + p * PRUNE_NUMBERS] = 4;
            widths[prunesAt + p * PRUNE_NUMBERS + 1] = PACK_BITS;
            widths[prunesAt + p * PRUNE_NUMBERS + 2] = PACK_BITS;
        }
        for (int b = 0; b < backups; b++) {
            widths[backupsAt + b * BACKUP_NUMBERS] = 3;
            widths[backupsAt + b * BACKUP_NUMBERS + 1] = 7;
            widths[backupsAt + b * BACKUP_NUMBERS + 2] = 1;
            widths[backupsAt + b * BACKUP_NUMBERS + 3] = 1;
        }
        return widths;
    }

    @Override
    public int[] initial() {
        int[] state = new int[length];
        state[PACKS] = (1 << firstPacks) - 1;
        state[OLD_SNAPSHOT] = 1;
        return state;
    }

    @Override
    public boolean broken(int[] s) {
        boolean confirmed = s[OLD_SNAPSHOT] == 1;
        for (int i = claims; i < execs; i++) {
            confirmed |= s[i] == CONFIRMED;
        }
        return confirmed && s[PACKS] == 0;
    }

    @Override
    public boolean telling(int[] s) {
        boolean confirmed = false;
        for (int i = claims; i < execs; i++) {
            confirmed |= s[i] == CONFIRMED;
        }
        return confirmed;
    }

    private boolean anyLive(int[] s) {
        boolean live = s[OLD_SNAPSHOT] == 1;
        for (int i = claims; i < execs; i++) {
            live |= s[i] == CLAIM || s[i] == CONFIRMED;
        }
        return live;
    }

    /** The packs that a prune other than {@code but} has condemned. */
    private int condemned(int[] s, int but) {
        int packs = 0;
        for (int p = 0; p < prunes; p++) {
            int exec = execs + p * 3;
            if (p != but && s[exec] > 0) {
                packs |= s[exec] == 1 ? s[exec + 1] : s[exec + 2];
            }
        }
        return packs;
    }

    @Override
    public void successors(int[] s, Steps steps) {
        Step step = new Step(s, steps);
        if (s[OLD_SNAPSHOT] == 1) {
            step.with(OLD_SNAPSHOT, 0).take(Label.FORGET, 0);
        }
        clean(s, step);
        for (int b = 0; b < backups; b++) {
            backup(s, step, b);
        }
        for (int p = 0; p < prunes; p++) {
            prune(s, step, p);
        }
    }

    private void clean(int[] s, Step step) {
        for (int i = claims; i < execs; i++) {
            if (s[i] == CLAIM) {
                step.with(i, VOID).take(Label.CLEAN_VOID, i - claims);
            }
        }
        for (int p = 0; p < prunes; p++) {
            int exec = execs + p * 3;
            if (s[exec] == 0) {
                continue;
            }
            if (flaw == Flaw.NO_FINAL) {
                removeExec(step, p).take(Label.CLEAN_DROP, p);
            } else if (s[exec] == 1) {
                step.with(exec, 2).with(exec + 2, 0).take(Label.CLEAN_ABORT, p);
            } else if ((s[exec + 2] & s[PACKS]) != 0) {
                deleteEach(s, step, s[exec + 2], Label.CLEAN_DELETE);
            } else {
                removeExec(step, p).take(Label.CLEAN_REMOVE, p);
            }
        }
    }

    private Step removeExec(Step step, int p) {
        int exec = execs + p * 3;
        return step.with(exec, 0).with(exec + 1, 0).with(exec + 2, 0);
    }

    private void deleteEach(int[] s, Step step, int among, Label label) {
        int packs = s[PACKS];
        for (int pack = 0; pack < PACK_BITS; pack++) {
            if ((among & packs & 1 << pack) != 0) {
                step.with(PACKS, packs & ~(1 << pack)).take(label, pack);
            }
        }
    }

    private void backup(int[] s, Step step, int b) {
        int at = backupsAt + b * BACKUP_NUMBERS;
        int view = s[at + 1];
        int attempt = s[at + 3];
        int claim = claims + b * TRIES + attempt;
        switch (B.values()[s[at]]) {
            case START -> {
                int offered = s[PACKS] & ~condemned(s, -1);
                for (int pack = 0; pack < PACK_BITS; pack++) {
                    if ((offered & 1 << pack) != 0) {
                        backupTo(step, at, B.CLAIM, pack + 1).take(Label.DEDUP, b * 8 + pack);
                    }
                }
                int own = 1 << firstPacks + b * TRIES + attempt;
                backupTo(step, at, B.CLAIM, 0)
                        .with(at + 2, 1)
                        .with(PACKS, s[PACKS] | own)
                        .take(Label.UPLOAD, b);
            }
            case CLAIM -> {
                boolean skipsExecs = flaw == Flaw.NO_EXEC_CHECK || flaw == Flaw.EXISTENCE_BEFORE_EXEC;
                B then = flaw == Flaw.CHECKS_BEFORE_CLAIM ? B.CONFIRM_UNCHECKED : skipsExecs ? B.EXIST : B.EXECS;
                backupTo(step, at, then, view).with(claim, CLAIM).take(Label.CLAIM, b);
            }
            case CONFIRM_UNCHECKED ->
                backupTo(step, at, B.DONE, view)
                        .with(claim, s[claim] == CLAIM ? CONFIRMED : s[claim])
                        .take(Label.CONFIRM, b);
            case EXECS ->
                backupTo(step, at, B.EXIST, VIEW_SET | condemned(s, -1)).take(Label.LIST_EXECS, b);
            case EXIST -> {
                if (flaw == Flaw.EXISTENCE_BEFORE_EXEC) {
                    backupTo(step, at, B.EXECS_LATE, VIEW_SET | s[PACKS]).take(Label.LIST_DATA, b);
                } else {
                    int bad = view >= VIEW_SET ? view & VIEW_SET - 1 : 0;
                    judge(step, at, (s[PACKS] & ~bad) != 0, attempt, b);
                }
            }
            case EXECS_LATE -> judge(step, at, (view & VIEW_SET - 1 & ~condemned(s, -1)) != 0, attempt, b);
            case CONFIRM -> {
                if (flaw == Flaw.VOID_NOT_EXCLUSIVE || s[claim] == CLAIM) {
                    backupTo(step, at, B.DONE, 0).with(claim, CONFIRMED).take(Label.CONFIRM, b);
                } else if (attempt == 0) {
                    again(step, at).take(Label.RETRY, b);
                }
            }
            case DONE -> {}
        }
    }

    private static Step backupTo(Step step, int at, B then, int view) {
        return step.with(at, then.ordinal()).with(at + 1, view);
    }

    private static Step again(Step step, int at) {
        return backupTo(step, at, B.START, 0).with(at + 2, 0).with(at + 3, 1);
    }

    private static void judge(Step step, int at, boolean good, int attempt, int b) {
        if (good) {
            backupTo(step, at, B.CONFIRM, 0).take(Label.CHECKED, b);
        } else if (attempt == 0) {
            again(step, at).take(Label.RESCUE, b);
        }
    }

    private void prune(int[] s, Step step, int p) {
        int at = prunesAt + p * PRUNE_NUMBERS;
        int candidates = s[at + 1];
        int decided = s[at + 2];
        switch (P.values()[s[at]]) {
            case START -> {
                if (anyLive(s)) {
                    for (int pack = 0; pack < PACK_BITS; pack++) {
                        if ((s[PACKS] & 1 << pack) != 0) {
                            pruneTo(step, at, P.PUBLISH, 1 << pack, decided).take(Label.PLAN, p * 8 + pack);
                        }
                    }
                } else if (s[PACKS] != 0) {
                    pruneTo(step, at, P.PUBLISH, s[PACKS], decided).take(Label.PLAN_ALL, p);
                }
            }
            case PUBLISH -> {
                if (flaw == Flaw.ONLY_TIME) {
                    pruneTo(step, at, P.DELETE, candidates, candidates).take(Label.WAIT, p);
                } else if (flaw == Flaw.CLAIMS_BEFORE_EXEC) {
                    boolean copy = (s[PACKS] & ~candidates & ~condemned(s, -1)) != 0;
                    int chosen = anyLive(s) && !copy ? 0 : candidates;
                    pruneTo(step, at, P.PUBLISH_LATE, candidates, chosen).take(Label.LIST_CLAIMS, p);
                } else {
                    publish(step, p, candidates);
                    pruneTo(step, at, P.OTHERS, candidates, decided).take(Label.PUBLISH, p);
                }
            }
            case PUBLISH_LATE -> {
                publish(step, p, candidates);
                pruneTo(step, at, P.FINAL, candidates, decided).take(Label.PUBLISH, p);
            }
            case OTHERS -> {
                if (flaw == Flaw.DATA_BEFORE_PEERS) {
                    pruneTo(step, at, P.OTHERS_LATE, candidates, s[PACKS]).take(Label.LIST_DATA, 8 + p);
                } else {
                    int others = flaw == Flaw.BLIND_TO_PEERS ? 0 : condemned(s, p);
                    pruneTo(step, at, P.CLAIMS, candidates, others).take(Label.LIST_EXECS, 8 + p);
                }
            }
            case OTHERS_LATE ->
                pruneTo(step, at, P.CLAIMS_LATE, candidates, decided & ~condemned(s, p))
                        .take(Label.LIST_EXECS, 8 + p);
            default -> decide(s, step, p);
        }
    }

    private void decide(int[] s, Step step, int p) {
        int at = prunesAt + p * PRUNE_NUMBERS;
        int candidates = s[at + 1];
        int decided = s[at + 2];
        int exec = execs + p * 3;
        switch (P.values()[s[at]]) {
            case CLAIMS ->
                pruneTo(step, at, anyLive(s) ? P.DATA : P.FINAL, candidates, anyLive(s) ? decided : candidates)
                        .take(Label.LIST_CLAIMS, p);
            case DATA -> {
                boolean copy = (s[PACKS] & ~candidates & ~decided) != 0;
                pruneTo(step, at, P.FINAL, candidates, copy ? candidates : 0).take(Label.LIST_DATA, 8 + p);
            }
            case CLAIMS_LATE -> {
                boolean drops = !anyLive(s) || (decided & ~candidates) != 0;
                pruneTo(step, at, P.FINAL, candidates, drops ? candidates : 0).take(Label.LIST_CLAIMS, p);
            }
            case FINAL -> {
                if (flaw == Flaw.NO_FINAL) {
                    pruneTo(step, at, P.DELETE, candidates, decided).take(Label.FINAL, p);
                } else if (s[exec] == 1) {
                    step.with(exec, 2).with(exec + 1, candidates).with(exec + 2, decided);
                    pruneTo(step, at, P.DELETE, candidates, decided).take(Label.FINAL, p);
                } else {
                    pruneTo(step, at, P.END, 0, 0).take(Label.ABORTED, p);
                }
            }
            case DELETE -> {
                if ((decided & s[PACKS]) != 0) {
                    deleteEach(s, step, decided, Label.DELETE);
                } else {
                    removeExec(step, p);
                    pruneTo(step, at, P.END, 0, 0).take(Label.REMOVE, p);
                }
            }
            default -> {}
        }
    }

    private static Step pruneTo(Step step, int at, P then, int candidates, int decided) {
        return step.with(at, then.ordinal()).with(at + 1, candidates).with(at + 2, decided);
    }

    private void publish(Step step, int p, int candidates) {
        step.with(execs + p * 3, 1).with(execs + p * 3 + 1, candidates).with(execs + p * 3 + 2, 0);
    }

    /** What steps are called. */
    private enum Label {
        FORGET,
        CLEAN_VOID,
        CLEAN_DROP,
        CLEAN_ABORT,
        CLEAN_DELETE,
        CLEAN_REMOVE,
        DEDUP,
        UPLOAD,
        CLAIM,
        CONFIRM,
        LIST_EXECS,
        LIST_DATA,
        CHECKED,
        RESCUE,
        RETRY,
        PLAN,
        PLAN_ALL,
        WAIT,
        LIST_CLAIMS,
        PUBLISH,
        FINAL,
        ABORTED,
        DELETE,
        REMOVE
    }

    @Override
    public String describe(int step) {
        return Label.values()[step >> 8] + " " + (step & 255);
    }
}
