package io.packstone.maintenance.healing;

import io.packstone.backend.Backend;
import io.packstone.backend.ObjectNames;
import io.packstone.crypto.Hmac;
import io.packstone.error.CorruptionException;
import io.packstone.error.MissingObjectException;
import io.packstone.error.StoreException;
import io.packstone.format.Frame;
import io.packstone.format.FrameKind;
import io.packstone.id.ObjectHash;
import io.packstone.id.RepositoryId;
import io.packstone.parity.Sidecar;
import io.packstone.repository.objects.BackendBytes;
import io.packstone.repository.objects.ObjectReader;
import java.io.IOException;
import java.util.Arrays;

/** Proves one object at a time by what its name and its checksums say. Needs no key. For one thread. */
final class ObjectProof {
    private final Backend backend;
    private final RepositoryId repository;
    private final ObjectReader reader;

    ObjectProof(Backend backend, RepositoryId repository) {
        this.backend = backend;
        this.repository = repository;
        this.reader = new ObjectReader(backend);
    }

    /**
     * Proves an object.
     *
     * @throws StoreException that says what is wrong with it
     */
    void prove(String name, long length) throws IOException {
        ObjectHash protectedObject = ObjectNames.parityOf(name);
        if (protectedObject != null) {
            Sidecar.verify(new BackendBytes(backend, name, length), protectedObject, repository, name);
        } else if (name.startsWith(ObjectNames.PACKS) || name.startsWith(ObjectNames.INDEX)) {
            large(name, length);
        } else {
            small(name);
        }
    }

    private void large(String name, long length) throws IOException {
        FrameKind kind = name.startsWith(ObjectNames.PACKS) ? FrameKind.PACK : FrameKind.INDEX_SEGMENT;
        byte[] header = new byte[Frame.HEADER_LENGTH];
        ObjectHash found = reader.read(name, length, (bytes, count) -> {
            if (header[0] == 0) {
                System.arraycopy(bytes, 0, header, 0, Math.min(count, header.length));
            }
        });
        compare(found, name);
        Frame.expectRepository(repository, Frame.checkHeader(kind, header, 0, name), name);
    }

    private void small(String name) throws IOException {
        byte[] bytes = backend.get(name, FrameKind.SNAPSHOT.maxLength());
        if (ObjectNames.hashOf(name) != null) {
            compare(ObjectHash.of(Hmac.sha256(bytes, 0, bytes.length)), name);
        }
        Frame.expectRepository(repository, Frame.checkSmall(bytes, name), name);
        if (ObjectNames.isCopy(name)) {
            compareWithFirst(name, bytes);
        }
    }

    private static void compare(ObjectHash found, String name) throws StoreException {
        ObjectHash expected = ObjectNames.hashOf(name);
        if (expected != null && !expected.equals(found)) {
            throw new CorruptionException(name, "its SHA-256 is not its name");
        }
    }

    /** Two copies that are each whole must still be the same; of a damaged or missing first one its own turn tells. */
    private void compareWithFirst(String copy, byte[] bytes) throws IOException {
        String first = ObjectNames.primaryOf(copy);
        byte[] other;
        try {
            other = backend.get(first, FrameKind.SNAPSHOT.maxLength());
            Frame.checkSmall(other, first);
        } catch (CorruptionException | MissingObjectException e) {
            return;
        }
        if (!Arrays.equals(bytes, other)) {
            throw new CorruptionException(copy, "it is not the same as " + first);
        }
    }
}
