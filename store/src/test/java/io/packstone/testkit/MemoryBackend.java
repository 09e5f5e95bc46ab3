package io.packstone.testkit;

import io.packstone.backend.Backend;
import io.packstone.backend.ListVisitor;
import io.packstone.backend.ObjectNames;
import io.packstone.backend.Upload;
import io.packstone.crypto.Hmac;
import io.packstone.error.CorruptionException;
import io.packstone.error.ErrorKind;
import io.packstone.error.LimitExceededException;
import io.packstone.error.MissingObjectException;
import io.packstone.error.RepositoryException;
import io.packstone.id.ObjectHash;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** A backend in memory, for tests; keeps to the whole contract. */
public final class MemoryBackend implements Backend {
    private final ConcurrentSkipListMap<String, byte[]> stored = new ConcurrentSkipListMap<>();

    /** All that is stored, live and sorted by name; a test may look and may tamper. */
    public Map<String, byte[]> stored() {
        return stored;
    }

    /** How many bytes all objects below {@code prefix} have. */
    public long bytes(String prefix) {
        return stored.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(prefix))
                .mapToLong(entry -> entry.getValue().length)
                .sum();
    }

    /** How many objects there are below {@code prefix}. */
    public long count(String prefix) {
        return stored.keySet().stream().filter(name -> name.startsWith(prefix)).count();
    }

    /** A second backend with the same objects; later changes to either do not touch the other. */
    public MemoryBackend copy() {
        MemoryBackend copy = new MemoryBackend();
        copy.stored.putAll(stored);
        return copy;
    }

    @Override
    public void put(String name, byte[] bytes) throws IOException {
        byte[] before = stored.putIfAbsent(ObjectNames.check(name), bytes.clone());
        if (before != null && !Arrays.equals(before, bytes)) {
            throw new RepositoryException(ErrorKind.OCCUPIED, name, name + " exists already and holds other bytes");
        }
    }

    @Override
    public boolean putIfAbsent(String name, byte[] bytes) {
        return stored.putIfAbsent(ObjectNames.check(name), bytes.clone()) == null;
    }

    @Override
    public Upload begin() {
        return new Upload() {
            private @Nullable ByteArrayOutputStream written = new ByteArrayOutputStream();

            @Override
            public void write(byte[] bytes, int offset, int length) {
                open().write(bytes, offset, length);
            }

            @Override
            public void commit(String name) throws IOException {
                byte[] bytes = open().toByteArray();
                written = null;
                put(name, bytes);
            }

            @Override
            public void replace(String name) throws IOException {
                byte[] bytes = open().toByteArray();
                ObjectHash expected = ObjectNames.hashOf(name);
                if (expected != null && !expected.equals(ObjectHash.of(Hmac.sha256(bytes, 0, bytes.length)))) {
                    throw new CorruptionException(name, "what should take its place has another SHA-256");
                }
                written = null;
                stored.put(ObjectNames.check(name), bytes);
            }

            @Override
            public void close() {
                written = null;
            }

            private ByteArrayOutputStream open() {
                if (written == null) {
                    throw new IllegalStateException("this upload has ended");
                }
                return written;
            }
        };
    }

    private byte[] require(String name) throws IOException {
        byte[] bytes = stored.get(ObjectNames.check(name));
        if (bytes == null) {
            throw new MissingObjectException(name, "a reader");
        }
        return bytes;
    }

    @Override
    public byte[] get(String name, int maxLength) throws IOException {
        byte[] bytes = require(name);
        if (bytes.length > maxLength) {
            throw new LimitExceededException(name, "its length", bytes.length, maxLength);
        }
        return bytes.clone();
    }

    @Override
    public void read(String name, long offset, byte[] target, int targetOffset, int length) throws IOException {
        if (offset < 0) {
            throw new IllegalArgumentException("negative offset " + offset);
        }
        byte[] bytes = require(name);
        if (length > 0 && offset > bytes.length - (long) length) {
            throw new CorruptionException(name, bytes.length, "more bytes", "the end");
        }
        if (length > 0) {
            System.arraycopy(bytes, (int) offset, target, targetOffset, length);
        }
    }

    @Override
    public long length(String name) {
        byte[] bytes = stored.get(ObjectNames.check(name));
        return bytes == null ? -1 : bytes.length;
    }

    @Override
    public void list(String prefix, ListVisitor visitor) throws IOException {
        ObjectNames.checkPrefix(prefix);
        for (Map.Entry<String, byte[]> entry : stored.tailMap(prefix).entrySet()) {
            if (!entry.getKey().startsWith(prefix)) {
                break;
            }
            visitor.visit(entry.getKey(), entry.getValue().length);
        }
    }

    @Override
    public void delete(String name) {
        stored.remove(ObjectNames.check(name));
    }

    @Override
    public String describe() {
        return "memory";
    }

    @Override
    public void close() {}
}
