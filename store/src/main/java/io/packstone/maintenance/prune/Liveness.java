package io.packstone.maintenance.prune;

import io.packstone.bytes.LittleEndian;
import io.packstone.id.ChunkId;
import io.packstone.id.PackId;
import io.packstone.pack.PackTable;
import io.packstone.repository.Repository;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which rows of which packs are needed. The ids that snapshots lead to and the rows of all packs are spooled by the first
 * bits of their ids, and joined a part at a time (a hash join in parts: DeWitt and others, SIGMOD 1984): memory is that
 * of one part, a bit or two a row, and the tree rows, whatever the repository's size. For one thread.
 */
public final class Liveness implements Closeable {
    private static final int ROWS_PER_PART = 400_000;
    private static final int NOTED_MAX = 5;

    /** Values of ids while a part is joined: how many copies there are in packs that are there, and whether in others. */
    private static final long ABSENT = 1L << 40;

    private final PackCatalog catalog = new PackCatalog();
    private final Reachability reachability;
    private final Spool rows;
    private final Spool live;
    private final Spool unwanted;
    private final RowBits used = new RowBits();
    private final RowBits redundant = new RowBits();
    private final IdTable table = new IdTable();
    private final IdTable passedOver = new IdTable();
    private final byte[] record = new byte[Spool.PLACED];
    private final List<ChunkId> unknown = new ArrayList<>();
    private final BitSet neededThoughAbsent = new BitSet();
    private final WorkFolder folder;
    private final boolean contrary;
    private final Predicate<PackId> retired;
    private int[] usedRows = new int[0];
    private boolean anyRedundant;
    private boolean unsure;
    private final List<ChunkId> gone = new ArrayList<>();
    private long missing;

    private Liveness(Repository repository, WorkFolder folder, boolean contrary) throws IOException {
        this.folder = folder;
        this.contrary = contrary;
        reachability = new Reachability(repository, catalog);
        retired = repository.loader()::isRetired;
        int parts = Spool.parts(repository.index().chunkCount(), ROWS_PER_PART);
        rows = new Spool(folder, "rows", Spool.PLACED, parts);
        live = new Spool(folder, "live", ChunkId.LENGTH, parts);
        unwanted = new Spool(folder, "unwanted", ChunkId.LENGTH, parts);
    }

    /** Finds what {@code roots} need in the packs of the index; those in {@code present} are there. */
    static Liveness find(Repository repository, WorkFolder folder, Collection<ChunkId> roots, Map<PackId, Long> present)
            throws IOException {
        return find(repository, folder, roots, present, false);
    }

    /** As above; {@code contrary} keeps those copies that would else be redundant. */
    static Liveness find(
            Repository repository,
            WorkFolder folder,
            Collection<ChunkId> roots,
            Map<PackId, Long> present,
            boolean contrary)
            throws IOException {
        return find(repository, folder, roots, List.of(), present, contrary);
    }

    /** Finds what {@code roots} need and {@code others} do not; for that, both must be whole. */
    public static Liveness difference(
            Repository repository,
            WorkFolder folder,
            Collection<ChunkId> roots,
            Collection<ChunkId> others,
            Map<PackId, Long> present)
            throws IOException {
        return find(repository, folder, roots, others, present, false);
    }

    private static Liveness find(
            Repository repository,
            WorkFolder folder,
            Collection<ChunkId> roots,
            Collection<ChunkId> others,
            Map<PackId, Long> present,
            boolean contrary)
            throws IOException {
        Liveness liveness = new Liveness(repository, folder, contrary);
        liveness.reachability.addPacks(liveness::addRow);
        for (Map.Entry<PackId, Long> pack : present.entrySet()) {
            int number = liveness.catalog.find(pack.getKey());
            if (number >= 0 && liveness.catalog.length(number) == pack.getValue()) {
                liveness.catalog.setPresent(number);
            }
        }
        liveness.reachability.follow(others, liveness.unwanted::add);
        liveness.reachability.follow(roots, liveness.live::add);
        liveness.noteUnfollowed();
        liveness.join();
        return liveness;
    }

    /**
     * Some of the chunks that {@code root} leads to and that are in no pack which is there and not condemned. To be asked
     * after a claim of what rests on it was put; packs that no segment speaks of count.
     */
    public static List<ChunkId> missing(Repository repository, ChunkId root) throws IOException {
        Set<PackId> condemned = repository.protocol().condemned(null);
        Map<PackId, Long> usable = new HashMap<>();
        repository.protocol().packs((pack, length) -> {
            if (!condemned.contains(pack)) {
                usable.put(pack, length);
            }
        });
        repository.loadIndex();
        repository.loader().loadPacks(damage -> {});
        repository.backend().settle();
        try (WorkFolder folder = new WorkFolder();
                Liveness liveness = find(repository, folder, List.of(root), usable)) {
            return liveness.gone();
        }
    }

    private void addRow(byte[] id, int pack, int row) throws IOException {
        System.arraycopy(id, 0, record, 0, ChunkId.LENGTH);
        LittleEndian.putInt(record, ChunkId.LENGTH, pack);
        LittleEndian.putInt(record, ChunkId.LENGTH + 4, row);
        rows.add(record, 0);
    }

    private static int pack(byte[] buffer, int at) {
        return LittleEndian.getInt(buffer, at + ChunkId.LENGTH);
    }

    private static int row(byte[] buffer, int at) {
        return LittleEndian.getInt(buffer, at + ChunkId.LENGTH + 4);
    }

    private void join() throws IOException {
        usedRows = new int[catalog.count()];
        for (int part = 0; part < rows.parts(); part++) {
            load(part);
            rows.forEach(part, this::countCopy);
            for (int number = 0; number < table.count(); number++) {
                long copies = table.value(number);
                anyRedundant |= (copies & ABSENT - 1) > 1;
                if ((copies & ABSENT - 1) == 0) {
                    missing++;
                    note(number, gone);
                }
                if (copies == 0) {
                    note(number, unknown);
                }
            }
        }
        if (anyRedundant) {
            keepOneCopy();
        }
    }

    private void load(int part) throws IOException {
        table.clear();
        passedOver.clear();
        unwanted.forEach(part, (buffer, at) -> passedOver.add(buffer, at));
        live.forEach(part, (buffer, at) -> {
            if (passedOver.find(buffer, at) < 0) {
                table.add(buffer, at);
            }
        });
    }

    private void countCopy(byte[] buffer, int at) {
        int number = table.find(buffer, at);
        if (number >= 0) {
            int pack = pack(buffer, at);
            boolean there = catalog.isPresent(pack);
            table.set(number, there ? table.value(number) + 1 : table.value(number) | ABSENT);
            if (there) {
                used.set(catalog.firstRow(pack) + row(buffer, at));
                usedRows[pack]++;
            } else {
                neededThoughAbsent.set(pack);
            }
        }
    }

    private void noteUnfollowed() {
        ChunkId unfollowed = reachability.unfollowed();
        if (unfollowed != null) {
            unknown.add(unfollowed);
        }
    }

    private void note(int number, List<ChunkId> notes) {
        if (notes.size() < NOTED_MAX) {
            byte[] id = new byte[ChunkId.LENGTH];
            table.copyTo(number, id, 0);
            notes.add(ChunkId.of(id));
        }
    }

    /**
     * Of several copies the one in the pack that is used most, by its share of rows, is kept: what a repack that was
     * killed has written is kept rather than repacked again. The others are redundant.
     */
    private void keepOneCopy() throws IOException {
        int[] before = usedRows.clone();
        for (int part = 0; part < rows.parts(); part++) {
            load(part);
            chooseCopies(part, before);
            rows.forEach(part, (buffer, at) -> {
                int number = table.find(buffer, at);
                int pack = pack(buffer, at);
                if (number >= 0 && catalog.isPresent(pack) && table.value(number) != place(buffer, at)) {
                    long bit = catalog.firstRow(pack) + row(buffer, at);
                    used.clear(bit);
                    redundant.set(bit);
                    usedRows[pack]--;
                }
            });
        }
    }

    private static long place(byte[] buffer, int at) {
        return (long) (pack(buffer, at) + 1) << 32 | row(buffer, at) & 0xffff_ffffL;
    }

    private void chooseCopies(int part, int[] usedBefore) throws IOException {
        rows.forEach(part, (buffer, at) -> {
            int number = table.find(buffer, at);
            int pack = pack(buffer, at);
            if (number >= 0 && catalog.isPresent(pack)) {
                long best = table.value(number);
                if (best == 0 || isBetter(pack, (int) (best >>> 32) - 1, usedBefore)) {
                    table.set(number, place(buffer, at));
                }
            }
        });
    }

    private boolean isBetter(int pack, int than, int[] usedBefore) {
        boolean damaged = isRetired(pack);
        if (damaged != isRetired(than)) {
            return !damaged;
        }
        double share = usedBefore[pack] / (double) Math.max(1, catalog.rows(pack));
        double other = usedBefore[than] / (double) Math.max(1, catalog.rows(than));
        return contrary != (share != other ? share > other : pack < than);
    }

    /** The packs, by number. */
    PackCatalog catalog() {
        return catalog;
    }

    /** True when a row holds the copy of a needed chunk that is kept. */
    boolean isUsed(int pack, int row) {
        return used.get(catalog.firstRow(pack) + row);
    }

    /** True when a row holds a copy of a needed chunk that is kept elsewhere. */
    boolean isRedundant(int pack, int row) {
        return redundant.get(catalog.firstRow(pack) + row);
    }

    /** True for a pack that is damaged: a repair has stored elsewhere what could be read of it. */
    boolean isRetired(int pack) {
        return retired.test(catalog.id(pack));
    }

    /** The count of used rows of a pack. */
    int usedRows(int pack) {
        return usedRows[pack];
    }

    /** True when any chunk has more than one copy. */
    boolean anyRedundant() {
        return anyRedundant;
    }

    /** The packs that hold a copy to keep. */
    public List<PackId> usedPacks() {
        List<PackId> packs = new ArrayList<>();
        for (int pack = 0; pack < catalog.count(); pack++) {
            if (usedRows[pack] > 0) {
                packs.add(catalog.id(pack));
            }
        }
        return packs;
    }

    /** The rows of a block, counted within it, that hold no copy to keep. */
    public BitSet unused(PackId pack, PackTable packTable, int block) {
        return PackUse.dead(catalog.find(pack), packTable, block, this);
    }

    /** Some of the chunks that snapshots need and no pack ever heard of has: what they lead to can't be known. */
    public List<ChunkId> unknown() {
        return List.copyOf(unknown);
    }

    /** The packs that keep the copies of what is redundant in {@code packs}. */
    BitSet keepers(BitSet packs) throws IOException {
        BitSet keepers = new BitSet();
        if (!anyRedundant) {
            return keepers;
        }
        for (int part = 0; part < rows.parts(); part++) {
            table.clear();
            rows.forEach(part, (buffer, at) -> {
                int pack = pack(buffer, at);
                if (packs.get(pack) && isRedundant(pack, row(buffer, at))) {
                    table.add(buffer, at);
                }
            });
            rows.forEach(part, (buffer, at) -> {
                int pack = pack(buffer, at);
                if (table.find(buffer, at) >= 0 && isUsed(pack, row(buffer, at))) {
                    keepers.set(pack);
                }
            });
        }
        return keepers;
    }

    /** Some of the needed chunks that are in no pack that is there. */
    public List<ChunkId> gone() {
        return List.copyOf(gone);
    }

    /** How many needed chunks are in no pack that is there. */
    long missing() {
        return missing;
    }

    /** True for a pack that is gone and held the last known copy, or one of them, of something needed. */
    boolean isNeededThoughAbsent(int pack) {
        return neededThoughAbsent.get(pack);
    }

    /** Takes in packs that the index has come to know. */
    void addPacks() throws IOException {
        reachability.addPacks(this::addRow);
        usedRows = Arrays.copyOf(usedRows, catalog.count());
    }

    /** True when {@link #extend} met something unknown: what is needed can't be known from here on. */
    boolean isUnsure() {
        return unsure;
    }

    /**
     * Finds what more {@code roots} need, in every pack that is known: such rows are used from here on.
     *
     * @return ids of chunks that no pack ever heard of has; with any, what the roots need can't be known
     */
    List<ChunkId> extend(Collection<ChunkId> roots) throws IOException {
        unknown.clear();
        try (Spool extra = new Spool(folder, "extra", ChunkId.LENGTH, rows.parts())) {
            reachability.follow(roots, extra::add);
            noteUnfollowed();
            for (int part = 0; part < rows.parts(); part++) {
                table.clear();
                extra.forEach(part, (buffer, at) -> table.add(buffer, at));
                rows.forEach(part, (buffer, at) -> {
                    int number = table.find(buffer, at);
                    if (number >= 0) {
                        table.set(number, 1);
                        used.set(catalog.firstRow(pack(buffer, at)) + row(buffer, at));
                    }
                });
                for (int number = 0; number < table.count(); number++) {
                    if (table.value(number) == 0) {
                        note(number, unknown);
                    }
                }
            }
        }
        unsure |= !unknown.isEmpty();
        return unknown();
    }

    private boolean isNeeded(byte[] buffer, int at) {
        long bit = catalog.firstRow(pack(buffer, at)) + row(buffer, at);
        return used.get(bit) || redundant.get(bit);
    }

    private boolean anyNeeded(int pack) {
        for (long row = catalog.firstRow(pack); row < catalog.firstRow(pack) + catalog.rows(pack); row++) {
            if (used.get(row) || redundant.get(row)) {
                return true;
            }
        }
        return false;
    }

    /** Those of {@code packs} in which something is needed that none of {@code others} has. */
    BitSet withoutCopy(BitSet packs, BitSet others) throws IOException {
        BitSet needed = new BitSet();
        packs.stream().filter(this::anyNeeded).forEach(needed::set);
        BitSet without = new BitSet();
        for (int part = 0; part < rows.parts() && !needed.isEmpty(); part++) {
            table.clear();
            rows.forEach(part, (buffer, at) -> {
                if (others.get(pack(buffer, at))) {
                    table.add(buffer, at);
                }
            });
            rows.forEach(part, (buffer, at) -> {
                if (needed.get(pack(buffer, at)) && isNeeded(buffer, at) && table.find(buffer, at) < 0) {
                    without.set(pack(buffer, at));
                }
            });
        }
        return without;
    }

    @Override
    public void close() throws IOException {
        rows.close();
        live.close();
        unwanted.close();
    }
}
