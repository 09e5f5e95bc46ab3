package io.packstone.repository;

import io.packstone.backend.Backend;
import io.packstone.backend.ObjectNames;
import io.packstone.compress.Compression;
import io.packstone.crypto.KeyRing;
import io.packstone.crypto.Randomness;
import io.packstone.crypto.SecretKey;
import io.packstone.error.CorruptionException;
import io.packstone.error.ErrorKind;
import io.packstone.error.LimitExceededException;
import io.packstone.error.MissingObjectException;
import io.packstone.error.RepositoryException;
import io.packstone.error.StoreException;
import io.packstone.format.ConfigFormat;
import io.packstone.format.FrameKind;
import io.packstone.format.RepositoryConfig;
import io.packstone.id.RepositoryId;
import io.packstone.id.SegmentId;
import io.packstone.id.SlotId;
import io.packstone.index.ChunkIndex;
import io.packstone.index.IndexFolder;
import io.packstone.index.SegmentIndex;
import io.packstone.keyslot.Secret;
import io.packstone.manifest.ManifestReader;
import io.packstone.repository.memory.ProvenPacks;
import io.packstone.repository.memory.SeenSnapshots;
import io.packstone.repository.objects.NamingBackend;
import io.packstone.repository.objects.ParityStore;
import io.packstone.repository.objects.StoredObjects;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A repository whose keys are known: where every operation begins.
 *
 * <p>Thread-safe. The backend given to {@link #open} is closed with it.
 */
public final class Repository implements Closeable {
    private final Backend backend;
    private volatile RepositoryConfig config;
    private final KeyRing keys;
    private final VitalStore vital;
    private final SnapshotLog snapshots;
    private final HistoryWatch history;
    private final RepairLog repairs;
    private final BlockStore blocks;
    private final JobLog jobs;
    private final RepositoryOptions options;
    private Workings workings;
    private @Nullable Indexed indexed;
    private final List<StoreException> damage = new ArrayList<>();
    private final List<String> notes = new CopyOnWriteArrayList<>();

    /** What there is once the index is loaded. */
    private record Indexed(ChunkIndex index, IndexLoader loader, ChunkStore chunks) {}

    /**
     * What a repository works with besides its backend. This is the seam at which tests put a repeatable randomness,
     * writing without threads, and protocols with a step wrong.
     */
    record Workings(Protocol protocol, Randomness randomness, boolean threads) {}

    private Repository(Backend backend, RepositoryConfig config, KeyRing keys, RepositoryOptions options) {
        this.backend = NamingBackend.of(backend);
        this.config = config;
        this.keys = keys;
        vital = new VitalStore(this.backend);
        snapshots = new SnapshotLog(this.backend, keys);
        repairs = new RepairLog(this.backend, keys);
        jobs = new JobLog(this.backend, keys);
        workings = new Workings(new Protocol(this.backend, keys, snapshots), Randomness.secure(), true);
        blocks = new BlockStore(this.backend, keys, options.blockCacheBytes());
        this.options = options;
        Path cache = options.cacheDirectory();
        SeenSnapshots seen = cache == null ? null : new SeenSnapshots(cache, config.repository());
        history = new HistoryWatch(seen, options.clock(), backend, workings.protocol());
        snapshots.tell(history::observe);
    }

    /**
     * Makes a repository: draws its id and its secrets, puts the first key slot and then the config. What an init that was
     * killed left is cleared away.
     *
     * @throws RepositoryException when there is one already, or what is left of one ({@link ErrorKind#OCCUPIED})
     */
    public static RepositoryId init(Backend place, InitOptions options, Secret secret, Clock clock) throws IOException {
        Backend backend = NamingBackend.of(place);
        Randomness randomness = Randomness.secure();
        refuseOccupied(backend);
        byte[] idBytes = new byte[RepositoryId.LENGTH];
        randomness.fill(idBytes);
        RepositoryId id = RepositoryId.of(idBytes, 0);
        KeyRing keys = new KeyRing(id, SecretKey.random(randomness), SecretKey.random(randomness));
        RepositoryConfig config = RepositoryConfig.first(
                id, options.chunkAverage(), options.compression().toText(), options.parity());
        KeyRegistry registry = new KeyRegistry(backend, keys);
        SlotId slot = registry.add(secret, "first", options.keyCost(), clock);
        byte[] bytes = ConfigFormat.encode(config, keys.configMacKey());
        if (!new VitalStore(backend).putIfAbsent(ObjectNames.config(1), bytes)) {
            registry.remove(slot);
            throw new RepositoryException(
                    ErrorKind.OCCUPIED, ObjectNames.config(1), "another program has just made a repository here");
        }
        registry.removeStrangers();
        return id;
    }

    private static void refuseOccupied(Backend backend) throws IOException {
        if (exists(backend)) {
            throw new RepositoryException(
                    ErrorKind.OCCUPIED,
                    ObjectNames.config(1),
                    "there is a repository at " + backend.describe() + " already");
        }
        for (String prefix : List.of(ObjectNames.PACKS, ObjectNames.INDEX, ObjectNames.SNAPSHOTS, ObjectNames.JOBS)) {
            backend.list(prefix, (name, length) -> {
                throw new RepositoryException(
                        ErrorKind.OCCUPIED,
                        name,
                        "there is " + name + " at " + backend.describe() + ", of a repository whose config is lost;"
                                + " nothing was changed: bring back config/1 or choose another place");
            });
        }
    }

    /** True when there is a repository at {@code backend}. */
    public static boolean exists(Backend backend) throws IOException {
        return !ConfigSearch.numbers(NamingBackend.of(backend)).isEmpty();
    }

    /**
     * Opens with any secret that has a key slot.
     *
     * @throws RepositoryException when there is no repository ({@link ErrorKind#NO_REPOSITORY})
     * @throws io.packstone.error.UnlockException when no slot opens
     * @throws io.packstone.error.UnsupportedFormatException when a newer program made it
     */
    public static Repository open(Backend place, Secret secret, RepositoryOptions options) throws IOException {
        Backend backend = NamingBackend.of(place);
        ConfigSearch.Found found = new ConfigSearch(backend, secret).run();
        return new Repository(backend, found.config(), found.keys(), options);
    }

    /** Its id. */
    public RepositoryId id() {
        return config.repository();
    }

    /** What was fixed at init. */
    public RepositoryConfig config() {
        return config;
    }

    /**
     * The config in an object of that name, whether it is the one that holds or an older one.
     *
     * @throws StoreException when it is not one of this repository's, or has another number
     */
    public RepositoryConfig verifyConfig(byte[] bytes, String name) throws StoreException {
        return ConfigSearch.verify(bytes, name, keys);
    }

    /** Fails when the repository is not where it was opened any more, such as on a disk that was taken away. */
    void expectConfig() throws IOException {
        String name = ObjectNames.config(config.number());
        if (backend.length(name) < 0 && backend.length(ObjectNames.copyOf(name)) < 0) {
            throw new RepositoryException(
                    ErrorKind.NO_REPOSITORY,
                    name,
                    "the repository is gone from " + backend.describe() + ": " + name
                            + " is not there any more; see that the disk is attached and mounted, then run again");
        }
    }

    /** Puts the second copy of the config when an init was killed before it did. */
    void completeConfig() throws IOException {
        String name = ObjectNames.config(config.number());
        if (backend.length(ObjectNames.copyOf(name)) < 0) {
            try {
                byte[] bytes = backend.get(name, FrameKind.CONFIG.maxLength());
                verifyConfig(bytes, name);
                vital.putCopy(name, bytes);
            } catch (CorruptionException | MissingObjectException | LimitExceededException e) {
                return; // A damaged first copy is for repair to see to; this repository was opened all the same.
            }
        }
    }

    /**
     * Turns parity of what is written from now on, by whoever opens the repository after this, on or off.
     *
     * @throws RepositoryException when somebody else changed the config at the same time
     */
    public void changeParity(boolean wanted) throws IOException {
        if (config.parity() == wanted) {
            return;
        }
        RepositoryConfig next = config.withParity(wanted);
        String name = ObjectNames.config(next.number());
        if (!vital.putIfAbsent(name, ConfigFormat.encode(next, keys.configMacKey()))) {
            throw new RepositoryException(
                    ErrorKind.OCCUPIED, name, "another program has just changed the config; run this again");
        }
        config = next;
    }

    /** What is known of it without keys. */
    public StoredObjects objects() {
        return new StoredObjects(backend, config.repository());
    }

    /** The parity of packs and index segments. */
    public ParityStore parity() {
        return new ParityStore(objects());
    }

    /** The keys derived from its secrets. */
    public KeyRing keys() {
        return keys;
    }

    /** Where it is stored. */
    public Backend backend() {
        return backend;
    }

    /** Small objects in two copies. */
    public VitalStore vital() {
        return vital;
    }

    /** The snapshot records. */
    public SnapshotLog snapshots() {
        return snapshots;
    }

    /** Whether the snapshots are those that this client saw before. */
    public HistoryWatch history() {
        return history;
    }

    /** When this client last proved each pack; null where it keeps no cache. */
    public @Nullable ProvenPacks proven() {
        Path cache = options.cacheDirectory();
        return cache == null ? null : new ProvenPacks(cache, config.repository());
    }

    /** The key slots. */
    public KeyRegistry keyRegistry() {
        return new KeyRegistry(backend, keys);
    }

    /** The records of repairs. */
    public RepairLog repairs() {
        return repairs;
    }

    /** Where chunks are, as far as {@link #loadIndex} has read. */
    public ChunkIndex index() {
        return indexed().index;
    }

    private synchronized Indexed indexed() {
        if (indexed == null) {
            throw new IllegalStateException("the index is not loaded");
        }
        return indexed;
    }

    /** What fills the index. */
    public IndexLoader loader() {
        return indexed().loader;
    }

    /** Brings the index up to date with the segments in the repository; what is damaged is kept in {@link #damage}. */
    public synchronized Repository loadIndex() throws IOException {
        if (indexed == null) {
            ChunkIndex index = options.plainIndex()
                    ? new SegmentIndex()
                    : IndexFolder.open(options.cacheDirectory(), config.repository(), notes::add);
            IndexLoader loader = new IndexLoader(backend, keys, index, this::note);
            indexed = new Indexed(index, loader, new ChunkStore(index, loader, blocks, keys));
        }
        repairs.list(this::note).retired().forEach(indexed.loader::retire);
        indexed.loader.loadSegments(this::note);
        return this;
    }

    private void note(StoreException cause) {
        synchronized (damage) {
            damage.add(cause);
        }
    }

    /** Index segments and packs that {@link #loadIndex} could not read. */
    public List<StoreException> damage() {
        synchronized (damage) {
            return List.copyOf(damage);
        }
    }

    /** What a person should know of {@link #loadIndex} that is no damage; lines. */
    public List<String> notes() {
        return List.copyOf(notes);
    }

    /** Plain blocks. */
    public BlockStore blocks() {
        return blocks;
    }

    /** Chunks by id. */
    public ChunkStore chunks() {
        return indexed().chunks;
    }

    /** Reads manifests. */
    public ManifestReader manifests() {
        return new ManifestReader(chunks());
    }

    /** The compression that snapshots use unless they say otherwise. */
    public Compression compression() {
        return Compression.parse(config.compression());
    }

    /** Begins to write; announces a job. The index should be loaded. */
    public WriteSession begin(Compression compression) throws IOException {
        return new WriteSession(this, compression);
    }

    /** Puts an index segment, and its parity when the repository keeps parity. */
    public void putSegment(SegmentId id, byte[] segment) throws IOException {
        backend.put(ObjectNames.segment(id), segment);
        SegmentOutput.protect(this, ObjectNames.segment(id), segment.length);
    }

    /** Begins to repack; announces a job. The index should be loaded. */
    public RepackOutput beginRepack() throws IOException {
        return new RepackOutput(this);
    }

    /** The announcements of jobs. */
    public JobLog jobs() {
        return jobs;
    }

    /** The steps that order backups and prunes. */
    public Protocol protocol() {
        return workings().protocol();
    }

    /** Where what is written takes its random bytes from. */
    public Randomness randomness() {
        return workings().randomness();
    }

    /** Whether work is spread over threads; in simulations whoever has work does it. */
    public boolean threads() {
        return workings().threads();
    }

    synchronized Workings workings() {
        return workings;
    }

    /** For tests: works with something else from here on. */
    synchronized void work(Workings other) {
        workings = other;
    }

    @Override
    public synchronized void close() throws IOException {
        try (backend;
                blocks) {
            if (indexed != null) {
                indexed.index.close();
            }
        }
    }
}
