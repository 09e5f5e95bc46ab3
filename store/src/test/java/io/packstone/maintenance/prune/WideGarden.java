package io.packstone.maintenance.prune;

import io.packstone.backend.ObjectNames;
import io.packstone.backend.local.LocalBackend;
import io.packstone.crypto.Hmac;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.id.PackId;
import io.packstone.id.SegmentId;
import io.packstone.id.SnapshotId;
import io.packstone.index.SyntheticPacks;
import io.packstone.index.SyntheticPacks.Row;
import io.packstone.keyslot.KeyCost;
import io.packstone.metadata.RawName;
import io.packstone.metadata.Timestamp;
import io.packstone.pack.PackClass;
import io.packstone.repository.InitOptions;
import io.packstone.repository.Repository;
import io.packstone.repository.RepositoryOptions;
import io.packstone.segment.SegmentBuilder;
import io.packstone.snapshot.SnapshotCounts;
import io.packstone.snapshot.SnapshotRecord;
import io.packstone.snapshot.SnapshotState;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A repository on disk that speaks of millions of chunks: index segments and snapshot records are real, packs are files
 * of the right length that hold nothing. Of the chunks 10 % belong to a forgotten snapshot only: half of them have packs
 * to themselves, the others lie scattered in all packs but a few. One pack in a hundred is stored a second time.
 *
 * <p>Snapshots that stand share their manifests but for the topmost nodes. Nodes refer to {@value #REFS} chunks each.
 */
final class WideGarden {
    static final int ROWS = 1000;
    private static final int REFS = 200;
    private static final int SNAPSHOTS = 10;
    private static final int PACKS_PER_SEGMENT = 64;
    private static final int NODES_PER_PACK = 500;
    private static final int DEAD_PACK_EVERY = 20;
    private static final int COPIED_PACK_EVERY = 100;

    /** Of the rows in other packs, so that a tenth of all is dead. */
    private static final double DEAD_ROWS = 0.05 / 0.95;

    private final Repository repository;
    private final Path root;
    private final SyntheticPacks make;
    private final SplittableRandom random = new SplittableRandom(3);
    private final List<SyntheticPacks.Pack> segment = new ArrayList<>();
    private final Manifests standing = new Manifests();
    private final Manifests forgotten = new Manifests();
    private final List<Row> nodes = new ArrayList<>();

    private WideGarden(Repository repository, Path root) {
        this.repository = repository;
        this.root = root;
        make = new SyntheticPacks(repository.keys(), 1, 1 << 16, 16);
    }

    /** Packs in which nothing is of use, or nothing but second copies, of so many data packs. */
    static int deadPacks(int packs) {
        return packs / DEAD_PACK_EVERY + packs / COPIED_PACK_EVERY;
    }

    /** Makes one with so many packs of data, a multiple of a hundred, {@value #ROWS} chunks each. */
    static void plant(Path root, int packs) throws IOException {
        try (LocalBackend backend = new LocalBackend(root)) {
            Repository.init(
                    backend, InitOptions.defaults().withKeyCost(KeyCost.TEST), Garden.SECRET, Clock.systemUTC());
        }
        RepositoryOptions options = RepositoryOptions.defaults().withPlainIndex(true);
        try (Repository opened = Repository.open(new LocalBackend(root), Garden.SECRET, options)) {
            new WideGarden(opened, root).plant(packs);
        }
    }

    private void plant(int packs) throws IOException {
        for (int pack = 0; pack < packs; pack++) {
            boolean copy = pack % COPIED_PACK_EVERY == 1;
            store(PackClass.DATA, rows(copy ? pack - 1 : pack, !copy));
        }
        List<ChunkId> tops = standing.nodes();
        List<ChunkId> roots = new ArrayList<>();
        for (int i = 0; i < SNAPSHOTS; i++) {
            List<ChunkId> below = new ArrayList<>();
            for (int top = 0; top < tops.size(); top++) {
                if (tops.size() < SNAPSHOTS || top % SNAPSHOTS != i) {
                    below.add(tops.get(top));
                }
            }
            roots.add(node(below));
        }
        ChunkId gone = node(forgotten.nodes());
        storeNodes();
        putSegment();
        for (ChunkId each : roots) {
            snapshot(each);
        }
        repository
                .snapshots()
                .forget(snapshot(gone), repository.snapshots().list().heads());
    }

    /** The chunks of a pack, which are given to manifests once. */
    private List<Row> rows(int pack, boolean referred) throws IOException {
        SplittableRandom drawn = new SplittableRandom(pack);
        byte[] id = new byte[ChunkId.LENGTH];
        List<Row> rows = new ArrayList<>(ROWS);
        for (int i = 0; i < ROWS; i++) {
            drawn.nextBytes(id);
            Row row = new Row(ChunkId.of(id), ChunkType.DATA, false, List.of());
            rows.add(row);
            if (referred) {
                boolean dead = pack % DEAD_PACK_EVERY == DEAD_PACK_EVERY / 2 || random.nextDouble() < DEAD_ROWS;
                (dead ? forgotten : standing).add(row.id());
            }
        }
        return rows;
    }

    /** What refers to the chunks of some snapshots, level above level. */
    private final class Manifests {
        private final List<ChunkId> pending = new ArrayList<>();
        private final List<ChunkId> leaves = new ArrayList<>();

        void add(ChunkId chunk) throws IOException {
            pending.add(chunk);
            if (pending.size() == REFS) {
                leaves.add(node(pending));
                pending.clear();
            }
        }

        /** The nodes above the leaves. */
        List<ChunkId> nodes() throws IOException {
            if (!pending.isEmpty()) {
                leaves.add(node(pending));
            }
            List<ChunkId> above = new ArrayList<>();
            for (int from = 0; from < leaves.size(); from += REFS) {
                above.add(node(leaves.subList(from, Math.min(leaves.size(), from + REFS))));
            }
            return above;
        }
    }

    private ChunkId node(List<ChunkId> refs) throws IOException {
        ChunkId id = make.chunkId();
        nodes.add(new Row(id, ChunkType.NODE, false, List.copyOf(refs)));
        if (nodes.size() == NODES_PER_PACK) {
            storeNodes();
        }
        return id;
    }

    private void storeNodes() throws IOException {
        store(PackClass.TREE, nodes);
        nodes.clear();
    }

    private void store(PackClass packClass, List<Row> rows) throws IOException {
        byte[] name = new byte[PackId.LENGTH];
        random.nextBytes(name);
        SyntheticPacks.Pack pack = make.pack(packClass, rows, PackId.of(name));
        Path folder = Files.createDirectories(
                root.resolve("packs").resolve(pack.id().toHex().substring(0, 2)));
        try (RandomAccessFile file =
                new RandomAccessFile(folder.resolve(pack.id().toHex()).toFile(), "rw")) {
            file.setLength(pack.length());
        }
        if (repository.backend().length(ObjectNames.pack(pack.id())) != pack.length()) {
            throw new IOException("packs are kept elsewhere");
        }
        segment.add(pack);
        if (segment.size() == PACKS_PER_SEGMENT) {
            putSegment();
        }
    }

    private void putSegment() throws IOException {
        SegmentBuilder builder = new SegmentBuilder(repository.keys());
        segment.forEach(pack -> builder.add(pack.id(), pack.length(), pack.table()));
        byte[] bytes = builder.toBytes();
        repository.putSegment(SegmentId.of(Hmac.sha256(bytes, 0, bytes.length)), bytes);
        segment.clear();
    }

    private SnapshotId snapshot(ChunkId manifest) throws IOException {
        SnapshotRecord record = new SnapshotRecord(
                manifest,
                null,
                List.of(),
                repository.snapshots().list().nextOrder(),
                null,
                new Timestamp(1_700_000_000, 0),
                "host",
                "user",
                List.of(RawName.of("/data")),
                List.of(),
                "full",
                SnapshotRecord.COMPLETE,
                List.of(),
                0,
                new SnapshotCounts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
                List.of(),
                "live",
                "test");
        SnapshotId id = repository.protocol().claim(record, repository.randomness());
        repository.protocol().decide(id, SnapshotState.CONFIRMED);
        repository.protocol().copyState(id, SnapshotState.CONFIRMED);
        return id;
    }
}
