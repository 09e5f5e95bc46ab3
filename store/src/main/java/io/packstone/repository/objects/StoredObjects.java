package io.packstone.repository.objects;

import io.packstone.backend.Backend;
import io.packstone.backend.ObjectNames;
import io.packstone.error.CorruptionException;
import io.packstone.error.ErrorKind;
import io.packstone.error.RepositoryException;
import io.packstone.error.StoreException;
import io.packstone.format.Frame;
import io.packstone.format.FrameKind;
import io.packstone.id.RepositoryId;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A repository whose keys are not known: what a machine that only stores can see of it. Thread-safe. */
public final class StoredObjects implements Closeable {
    private final Backend backend;
    private final RepositoryId id;

    /** Of a repository that is known already; {@code backend} names what it fails at. */
    public StoredObjects(Backend backend, RepositoryId id) {
        this.backend = backend;
        this.id = id;
    }

    /**
     * The repository at {@code backend}, which is closed with it.
     *
     * @throws RepositoryException when there is none ({@link ErrorKind#NO_REPOSITORY})
     * @throws CorruptionException when nothing there says which repository it is
     */
    public static StoredObjects at(Backend backend) throws IOException {
        Backend named = NamingBackend.of(backend);
        List<String> witnesses = new ArrayList<>();
        named.list(ObjectNames.CONFIG, (name, length) -> witnesses.add(name));
        if (witnesses.isEmpty()) {
            throw new RepositoryException(
                    ErrorKind.NO_REPOSITORY, null, "there is no repository at " + backend.describe());
        }
        RepositoryId id = firstReadable(named, witnesses);
        if (id == null) {
            witnesses.clear();
            named.list(ObjectNames.KEYS, (name, length) -> witnesses.add(name));
            named.list(ObjectNames.SNAPSHOTS, (name, length) -> witnesses.add(name));
            id = firstReadable(named, witnesses);
        }
        if (id == null) {
            throw new CorruptionException(
                    ObjectNames.config(1), "no config, key slot or snapshot at " + backend.describe() + " can be read");
        }
        return new StoredObjects(named, id);
    }

    private static @Nullable RepositoryId firstReadable(Backend backend, List<String> names) throws IOException {
        for (String name : names) {
            try {
                return Frame.checkSmall(backend.get(name, FrameKind.SNAPSHOT.maxLength()), name);
            } catch (StoreException e) {
                continue; // Another one says the same; which are damaged is found out later.
            }
        }
        return null;
    }

    /** Which repository it is. */
    public RepositoryId id() {
        return id;
    }

    /** Its objects. */
    public Backend backend() {
        return backend;
    }

    @Override
    public void close() throws IOException {
        backend.close();
    }
}
