package io.packstone.repository;

import io.packstone.backend.Backend;
import io.packstone.error.ErrorKind;
import io.packstone.error.MissingObjectException;
import io.packstone.error.RepositoryException;
import io.packstone.error.StoreException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import org.jspecify.annotations.Nullable;

/**
 * Small objects that everything depends on, stored twice: {@code x}, and the same bytes as {@code x.b}. The first
 * decides; the second is read when the first is absent, damaged or can't be read.
 */
public final class VitalStore {
    /** What the second copy's name ends in. */
    public static final String COPY_SUFFIX = ".b";

    private final Backend backend;
    private final boolean urgent;

    /** Reads and writes through {@code backend}. */
    public VitalStore(Backend backend) {
        this(backend, false);
    }

    private VitalStore(Backend backend, boolean urgent) {
        this.backend = backend;
        this.urgent = urgent;
    }

    /** The same, but what it puts may use the room that was set aside: for whoever is about to free much more. */
    public VitalStore urgent() {
        return new VitalStore(backend, true);
    }

    /** A put, which is done once more when room was made. */
    private interface Put {
        boolean run() throws IOException;
    }

    private boolean put(Put put) throws IOException {
        try {
            return put.run();
        } catch (RepositoryException e) {
            if (urgent && e.kind() == ErrorKind.NO_ROOM && backend.releaseReserve()) {
                return put.run();
            }
            throw e;
        }
    }

    /** Turns an object's bytes into what they mean, or refuses them. */
    public interface Decoder<T> {
        /** {@code name} is the object's, for errors. */
        T decode(byte[] bytes, String name) throws IOException;
    }

    /** Puts both copies; durable when it returns. */
    public void put(String name, byte[] bytes) throws IOException {
        put(() -> {
            backend.put(name, bytes);
            return true;
        });
        put(() -> {
            backend.put(name + COPY_SUFFIX, bytes);
            return true;
        });
    }

    /** Puts both copies unless {@code name} exists; true when this call made it. The second copy never comes to stand alone. */
    public boolean putIfAbsent(String name, byte[] bytes) throws IOException {
        if (!put(() -> backend.putIfAbsent(name, bytes))) {
            return false;
        }
        put(() -> backend.putIfAbsent(name + COPY_SUFFIX, bytes));
        deleteLoneCopy(name);
        return true;
    }

    /**
     * Puts the second copy of an object whose first one has these bytes. Either that is still there afterwards, or whoever
     * deletes it at the same time deletes the copy too, or this call does.
     */
    void putCopy(String name, byte[] bytes) throws IOException {
        backend.putIfAbsent(name + COPY_SUFFIX, bytes);
        deleteLoneCopy(name);
    }

    /** Deletes the second copy when the first is gone: after a put of what others may delete meanwhile. */
    void deleteLoneCopy(String name) throws IOException {
        if (backend.length(name) < 0) {
            backend.delete(name + COPY_SUFFIX);
        }
    }

    /** Deletes both copies. The second goes first, so that it never stands alone, and again if it was just completed. */
    public void delete(String name) throws IOException {
        backend.delete(name + COPY_SUFFIX);
        backend.delete(name);
        backend.delete(name + COPY_SUFFIX);
    }

    /**
     * The first copy that can be read and decodes.
     *
     * @throws MissingObjectException when neither copy is there
     * @throws io.packstone.error.CorruptionException when neither decodes
     */
    public <T> T get(String name, int maxLength, String referrer, Decoder<T> decoder) throws IOException {
        T value = find(name, maxLength, decoder);
        if (value == null) {
            throw new MissingObjectException(name, referrer);
        }
        return value;
    }

    /** As {@link #get}, but null when neither copy is there. */
    public <T> @Nullable T find(String name, int maxLength, Decoder<T> decoder) throws IOException {
        IOException first;
        try {
            return decoder.decode(backend.get(name, maxLength), name);
        } catch (IOException e) {
            first = survivable(e);
        }
        try {
            return decoder.decode(backend.get(name + COPY_SUFFIX, maxLength), name + COPY_SUFFIX);
        } catch (IOException e) {
            IOException second = survivable(e);
            if (!(first instanceof MissingObjectException)) {
                throw first;
            }
            if (!(second instanceof MissingObjectException)) {
                throw second;
            }
            return null;
        }
    }

    /** Returns what may be a matter of one copy only, and throws anything else. */
    private static IOException survivable(IOException failure) throws IOException {
        if (!(failure instanceof StoreException known)) {
            if (failure instanceof InterruptedIOException || failure instanceof ClosedByInterruptException) {
                throw failure;
            }
            return failure;
        }
        return switch (known.kind()) {
            case CORRUPTION, MISSING, LIMIT, BACKEND -> failure;
            case UNSUPPORTED_FORMAT, UNLOCK, NO_REPOSITORY, OCCUPIED, NO_ROOM, NOT_FOUND -> throw failure;
        };
    }
}
