package io.packstone.crypto;

import io.packstone.error.CorruptionException;
import io.packstone.id.RepositoryId;
import java.util.Arrays;

/**
 * The keys of a repository, all derived from its root secret and its id (docs/format.md, Keys), and the gear secret,
 * which is drawn by itself. Immutable.
 */
public final class KeyRing {
    private final RepositoryId repository;
    private final byte[] salt;
    private final SecretKey root;
    private final SecretKey gear;
    private final SecretKey id;
    private final SecretKey boundary;
    private final SecretKey content;
    private final SecretKey config;
    private final SecretKey state;
    private final SecretKey job;
    private final SecretKey marker;
    private final SecretKey table;
    private final SecretKey segment;
    private final SecretKey snapshotStructure;
    private final SecretKey snapshotContent;
    private final SecretKey bundle;
    private final SecretKey bundleFront;

    /** Derives everything. */
    public KeyRing(RepositoryId repository, SecretKey root, SecretKey gear) {
        this.repository = repository;
        this.salt = repository.toBytes();
        this.root = root;
        this.gear = gear;
        id = Hkdf.key(root, salt, "chunk id");
        boundary = Hkdf.key(root, salt, "boundary");
        content = Hkdf.key(root, salt, "content");
        SecretKey structure = Hkdf.key(root, salt, "structure");
        config = Hkdf.key(structure, salt, "config");
        state = Hkdf.key(structure, salt, "state");
        job = Hkdf.key(structure, salt, "job");
        marker = Hkdf.key(structure, salt, "marker");
        table = Hkdf.key(structure, salt, "pack table");
        segment = Hkdf.key(structure, salt, "index segment");
        snapshotStructure = Hkdf.key(structure, salt, "snapshot structure");
        snapshotContent = Hkdf.key(content, salt, "snapshot content");
        bundle = Hkdf.key(structure, salt, "bundle");
        bundleFront = Hkdf.key(content, salt, "bundle front");
    }

    /** The repository they belong to. */
    public RepositoryId repository() {
        return repository;
    }

    /** What everything but the gear secret is derived from; for key slots only. */
    public SecretKey root() {
        return root;
    }

    /** What the chunker's table is made from. */
    public SecretKey gear() {
        return gear;
    }

    /** Names chunks. */
    public SecretKey idKey() {
        return id;
    }

    /** Decides where manifest nodes end. */
    public SecretKey boundaryKey() {
        return boundary;
    }

    /** Authenticates the config. */
    public SecretKey configMacKey() {
        return config;
    }

    /** Authenticates snapshot states. */
    public SecretKey stateMacKey() {
        return state;
    }

    /** Authenticates announcements of jobs. */
    public SecretKey jobMacKey() {
        return job;
    }

    /** Authenticates the markers of prunes. */
    public SecretKey markerMacKey() {
        return marker;
    }

    /** Seals pack tables. */
    public SecretKey packTableKey() {
        return table;
    }

    /** Seals index segments. */
    public SecretKey segmentKey() {
        return segment;
    }

    /** Seals what a snapshot record says of structure. */
    public SecretKey snapshotStructureKey() {
        return snapshotStructure;
    }

    /** Seals what a snapshot record says of its source. */
    public SecretKey snapshotContentKey() {
        return snapshotContent;
    }

    /** Seals what a bundle says of the blocks in it. */
    public SecretKey bundleKey() {
        return bundle;
    }

    /** Seals what a bundle says of its snapshot. */
    public SecretKey bundleFrontKey() {
        return bundleFront;
    }

    /** A new envelope that this ring opens. */
    public Envelope newEnvelope(Randomness randomness) {
        byte[] drawn = new byte[Envelope.ID_LENGTH + Envelope.SALT_LENGTH];
        randomness.fill(drawn);
        byte[] envelopeId = Arrays.copyOf(drawn, Envelope.ID_LENGTH);
        byte[] envelopeSalt = Arrays.copyOfRange(drawn, Envelope.ID_LENGTH, drawn.length);
        byte[] commitment = commitment(derivedDataKey(envelopeSalt), envelopeSalt);
        return new Envelope(Envelope.SYMMETRIC, 0, envelopeId, envelopeSalt, new byte[0], commitment);
    }

    /**
     * The data key of a write session.
     *
     * @throws CorruptionException when the envelope is of a kind this ring can't open, or does not commit to the key
     */
    public SecretKey dataKey(Envelope envelope, String name) throws CorruptionException {
        if (envelope.kind() != Envelope.SYMMETRIC) {
            throw new CorruptionException(name, "its envelope is of unknown kind " + envelope.kind());
        }
        SecretKey dataKey = derivedDataKey(envelope.saltArray());
        if (!Hmac.equal(commitment(dataKey, envelope.saltArray()), envelope.commitmentArray())) {
            throw new CorruptionException(name, "its envelope was not made with this repository's keys");
        }
        return dataKey;
    }

    private SecretKey derivedDataKey(byte[] envelopeSalt) {
        return Hkdf.key(content, envelopeSalt, "data key");
    }

    private static byte[] commitment(SecretKey dataKey, byte[] envelopeSalt) {
        return Hkdf.key(dataKey, envelopeSalt, "commitment").toBytes();
    }
}
