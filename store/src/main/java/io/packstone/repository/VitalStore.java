package io.packstone.repository;

import io.packstone.backend.Backend;
import io.packstone.error.MissingObjectException;
import io.packstone.error.StoreException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Small objects that everything depends on, stored twice: {@code x}, and the same bytes as {@code x.b}. The first
 * decides; the second is read when the first is absent or damaged.
 */
public final class VitalStore {
    /** What the second copy's name ends in. */
    public static final String COPY_SUFFIX = ".b";

    private final Backend backend;

    /** Reads and writes through {@code backend}. */
    public VitalStore(Backend backend) {
        this.backend = backend;
    }

    /** Turns an object's bytes into what they mean, or refuses them. */
    public interface Decoder<T> {
        /** {@code name} is the object's, for errors. */
        T decode(byte[] bytes, String name) throws IOException;
    }

    /** Puts both copies; durable when it returns. */
    public void put(String name, byte[] bytes) throws IOException {
        backend.put(name, bytes);
        backend.put(name + COPY_SUFFIX, bytes);
    }

    /** Puts both copies unless {@code name} exists; true when this call made it. */
    public boolean putIfAbsent(String name, byte[] bytes) throws IOException {
        if (!backend.putIfAbsent(name, bytes)) {
            return false;
        }
        backend.putIfAbsent(name + COPY_SUFFIX, bytes);
        return true;
    }

    /** Deletes both copies. */
    public void delete(String name) throws IOException {
        backend.delete(name + COPY_SUFFIX);
        backend.delete(name);
    }

    /**
     * The first copy that decodes.
     *
     * @throws MissingObjectException when neither copy is there
     * @throws StoreException when neither decodes or can be read
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
        StoreException first;
        try {
            return decoder.decode(backend.get(name, maxLength), name);
        } catch (StoreException e) {
            first = expectOther(e);
        }
        try {
            return decoder.decode(backend.get(name + COPY_SUFFIX, maxLength), name + COPY_SUFFIX);
        } catch (MissingObjectException e) {
            if (first instanceof MissingObjectException) {
                return null;
            }
            throw first;
        } catch (StoreException e) {
            throw first instanceof MissingObjectException ? e : first;
        }
    }

    /** Returns what is wrong with one copy when the other may still be right, and rethrows anything else. */
    private static StoreException expectOther(StoreException failure) throws StoreException {
        return switch (failure.kind()) {
            case CORRUPTION, MISSING, LIMIT, BACKEND -> failure;
            default -> throw failure;
        };
    }
}
