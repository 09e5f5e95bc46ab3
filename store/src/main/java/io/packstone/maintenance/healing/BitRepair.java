package io.packstone.maintenance.healing;

import io.packstone.backend.Backend;
import io.packstone.backend.ObjectNames;
import io.packstone.backend.Upload;
import io.packstone.crypto.Hmac;
import io.packstone.error.StoreException;
import io.packstone.format.Frame;
import io.packstone.id.ObjectHash;
import io.packstone.parity.ParityRepair;
import io.packstone.parity.Sidecar;
import io.packstone.repository.objects.ObjectReader;
import io.packstone.repository.objects.ParityStore;
import io.packstone.repository.objects.StoredObjects;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives damaged objects their own bytes back: from parity, from the second copy, from a mirror. Needs no key, since what
 * counts is that the bytes have the SHA-256 of the name. For one thread.
 */
final class BitRepair {
    private static final int SLICE_LENGTH = 1 << 20;
    private static final int PIECE_LENGTH = 4096;
    private static final int SMALL_LENGTH_MAX = 64 << 20;

    private final StoredObjects objects;
    private final Backend backend;
    private final ParityStore parity;
    private final @Nullable Backend mirror;

    /**
     * Of the repository that {@code objects} are of.
     *
     * @param mirror of the same repository, null for none
     */
    BitRepair(StoredObjects objects, @Nullable StoredObjects mirror) {
        this.objects = objects;
        this.backend = objects.backend();
        this.parity = new ParityStore(objects);
        this.mirror = mirror == null ? null : mirror.backend();
    }

    /** Where bytes come from. */
    private interface Source {
        /** Gives all of them to {@code sink}, in order. */
        void writeTo(ObjectReader.Sink sink) throws IOException;
    }

    /**
     * Mends an object, if anything can.
     *
     * @return what its bytes were taken from: {@code parity}, {@code copy}, {@code mirror}, for parity {@code object};
     *     null when nothing has them
     */
    @Nullable
    String mend(String name) throws IOException {
        if (ObjectNames.parityOf(name) != null) {
            return mendParity(name);
        }
        return ParityStore.isProtectable(name) ? mendLarge(name) : mendSmall(name);
    }

    private @Nullable String mendLarge(String name) throws IOException {
        if (fromParity(name)) {
            return "parity";
        }
        Backend other = mirror;
        long length = other == null ? -1 : lengthOf(other, name);
        if (other == null || length < 0) {
            return null;
        }
        ObjectReader reader = new ObjectReader(other);
        return put(name, sink -> reader.read(name, length, sink)) ? "mirror" : null;
    }

    private static long lengthOf(Backend backend, String name) throws IOException {
        try {
            return backend.length(name);
        } catch (StoreException e) {
            return -1;
        }
    }

    private boolean fromParity(String name) throws IOException {
        Sidecar sidecar;
        try {
            sidecar = parity.find(name);
        } catch (StoreException e) {
            return false; // Nothing is left of it that could help.
        }
        if (sidecar == null) {
            return false;
        }
        ParityRepair repair = new ParityRepair(sidecar);
        long length = sidecar.geometry().objectLength();
        long stored = Math.min(length, Math.max(0, lengthOf(backend, name)));
        byte[] slice = new byte[(int) Math.min(SLICE_LENGTH, length)];
        for (long at = 0; at < stored; at += SLICE_LENGTH) {
            int count = (int) Math.min(SLICE_LENGTH, stored - at);
            take(name, at, slice, count, repair);
        }
        return repair.solve() && put(name, sink -> patched(name, length, stored, repair, sink));
    }

    /** Hands a slice on; where it can't be read, those pieces of it that can. */
    private void take(String name, long at, byte[] slice, int count, ParityRepair repair) throws IOException {
        if (read(name, at, slice, 0, count)) {
            repair.update(slice, 0, count);
            return;
        }
        for (int from = 0; from < count; from += PIECE_LENGTH) {
            int length = Math.min(PIECE_LENGTH, count - from);
            if (read(name, at + from, slice, from, length)) {
                repair.update(slice, from, length);
            } else {
                repair.skip(length);
            }
        }
    }

    private boolean read(String name, long at, byte[] target, int offset, int length) throws IOException {
        try {
            backend.read(name, at, target, offset, length);
            return true;
        } catch (StoreException e) {
            return false; // What can't be read counts as lost, and that is what parity is for.
        }
    }

    private void patched(String name, long length, long stored, ParityRepair repair, ObjectReader.Sink sink)
            throws IOException {
        byte[] slice = new byte[(int) Math.min(SLICE_LENGTH, length)];
        for (long at = 0; at < length; at += SLICE_LENGTH) {
            int count = (int) Math.min(SLICE_LENGTH, length - at);
            int there = (int) Math.max(0, Math.min(count, stored - at));
            Arrays.fill(slice, there, count, (byte) 0);
            if (there > 0 && !read(name, at, slice, 0, there)) {
                for (int from = 0; from < there; from += PIECE_LENGTH) {
                    read(name, at + from, slice, from, Math.min(PIECE_LENGTH, there - from));
                }
            }
            repair.patch(at, slice, 0, count);
            sink.take(slice, count);
        }
    }

    /** A sidecar follows from its object, which is mended first; a mirror may have it too. */
    private @Nullable String mendParity(String name) throws IOException {
        ObjectHash hash = ObjectNames.parityOf(name);
        for (String folder : List.of(ObjectNames.PACKS, ObjectNames.INDEX)) {
            String object = folder + hash;
            long length = lengthOf(backend, object);
            if (length > 0) {
                try {
                    byte[] bytes = parity.encode(object, length);
                    return put(name, sink -> sink.take(bytes, bytes.length)) ? "object" : null;
                } catch (StoreException e) {
                    return null; // Parity of a damaged object would keep the damage.
                }
            }
        }
        return null;
    }

    private @Nullable String mendSmall(String name) throws IOException {
        String other = ObjectNames.isCopy(name) ? ObjectNames.primaryOf(name) : ObjectNames.copyOf(name);
        if (fromSmall(backend, other, name)) {
            return "copy";
        }
        Backend another = mirror;
        return another != null && (fromSmall(another, name, name) || fromSmall(another, other, name)) ? "mirror" : null;
    }

    private boolean fromSmall(Backend from, String source, String name) throws IOException {
        byte[] bytes;
        try {
            bytes = from.get(source, SMALL_LENGTH_MAX);
            Frame.expectRepository(objects.id(), Frame.checkSmall(bytes, source), source);
        } catch (StoreException e) {
            return false; // Absent or damaged as well.
        }
        return put(name, sink -> sink.take(bytes, bytes.length));
    }

    /** True when the bytes are those of the name; then they are put in its place. */
    private boolean put(String name, Source source) throws IOException {
        MessageDigest digest = Hmac.sha256();
        try (Upload upload = backend.begin()) {
            IOException[] failure = new IOException[1];
            boolean written = isWritten(source, (bytes, count) -> {
                digest.update(bytes, 0, count);
                try {
                    upload.write(bytes, 0, count);
                } catch (IOException e) {
                    failure[0] = e;
                    throw e;
                }
            });
            if (failure[0] != null) {
                throw failure[0];
            }
            if (!written || !isRight(name, digest)) {
                return false;
            }
            upload.replace(name);
        }
        return true;
    }

    private static boolean isWritten(Source source, ObjectReader.Sink sink) throws IOException {
        try {
            source.writeTo(sink);
            return true;
        } catch (StoreException e) {
            return false; // The source is damaged too.
        }
    }

    private static boolean isRight(String name, MessageDigest digest) {
        ObjectHash expected = ObjectNames.hashOf(name);
        return expected == null || expected.equals(ObjectHash.of(digest.digest()));
    }
}
