package io.packstone.repository.objects;

import io.packstone.backend.Backend;
import io.packstone.backend.ObjectNames;
import io.packstone.error.CorruptionException;
import io.packstone.format.FrameKind;
import io.packstone.id.ObjectHash;
import io.packstone.id.RepositoryId;
import io.packstone.parity.ParityEncoder;
import io.packstone.parity.ParityGeometry;
import io.packstone.parity.Sidecar;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The parity of packs and index segments in place. Needs no key. Thread-safe. */
public final class ParityStore {
    private final Backend backend;
    private final RepositoryId repository;

    /** That of a repository. */
    public ParityStore(StoredObjects objects) {
        this.backend = objects.backend();
        this.repository = objects.id();
    }

    /** True for the name of what may have parity: a pack or an index segment. */
    public static boolean isProtectable(String name) {
        return ObjectNames.packId(name) != null || ObjectNames.segmentId(name) != null;
    }

    /**
     * Reads an object back and puts its parity; durable when it returns.
     *
     * @return the length of the parity, in bytes
     * @throws CorruptionException when what is read is not what the name says: parity of that would keep the damage
     */
    public long protect(String name, long length) throws IOException {
        ObjectHash hash = hashOf(name);
        ParityEncoder encoder = new ParityEncoder(ParityGeometry.of(length));
        ObjectHash found =
                new ObjectReader(backend).read(name, length, (bytes, count) -> encoder.update(bytes, 0, count));
        if (!found.equals(hash)) {
            throw new CorruptionException(name, "its SHA-256 is not its name");
        }
        FrameKind kind = name.startsWith(ObjectNames.PACKS) ? FrameKind.PACK : FrameKind.INDEX_SEGMENT;
        byte[] sidecar = encoder.finish(repository, kind, hash);
        backend.put(ObjectNames.parity(hash), sidecar);
        return sidecar.length;
    }

    private static ObjectHash hashOf(String name) {
        ObjectHash hash = ObjectNames.hashOf(name);
        if (hash == null || !isProtectable(name)) {
            throw new IllegalArgumentException(name + " is neither a pack nor an index segment");
        }
        return hash;
    }

    /** The name of the parity of a pack or index segment. */
    public static String nameFor(String object) {
        return ObjectNames.parity(hashOf(object));
    }

    /**
     * What is left of the parity of a pack or index segment, damaged or not; null when there is none.
     *
     * @throws CorruptionException when so little is left that it can't help
     */
    public @Nullable Sidecar find(String object) throws IOException {
        String name = nameFor(object);
        return backend.length(name) < 0
                ? null
                : Sidecar.of(backend.get(name, FrameKind.PARITY.maxLength()), hashOf(object), name);
    }

    /**
     * Compares every byte of the parity of a pack or index segment of {@code length} bytes with what it ends in; false
     * when there is none.
     *
     * @throws CorruptionException when it is not as it was written
     */
    public boolean verify(String object, long length) throws IOException {
        String name = nameFor(object);
        long stored = backend.length(name);
        if (stored < 0) {
            return false;
        }
        ParityGeometry geometry =
                Sidecar.verify(new BackendBytes(backend, name, stored), hashOf(object), repository, name);
        if (geometry.objectLength() != length) {
            throw new CorruptionException(
                    name, "it is of " + geometry.objectLength() + " bytes, " + object + " has " + length);
        }
        return true;
    }
}
