package io.packstone.maintenance.healing;

import io.packstone.backend.Backend;
import io.packstone.backend.ListVisitor;
import io.packstone.backend.Upload;
import io.packstone.error.ErrorKind;
import io.packstone.error.RepositoryException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A storage as it would be: what is put goes to a scratch storage, what is deleted is only hidden, and the storage
 * beneath stays as it is. So a dry run is the run itself. Thread-safe; closing it closes both.
 */
public final class TrialBackend implements Backend {
    private final Backend beneath;
    private final Backend scratch;
    private final Set<String> deleted = ConcurrentHashMap.newKeySet();

    /** Over {@code beneath}; {@code scratch} is empty and thrown away afterwards. */
    public TrialBackend(Backend beneath, Backend scratch) {
        this.beneath = beneath;
        this.scratch = scratch;
    }

    private Backend holderOf(String name) throws IOException {
        return deleted.contains(name) || scratch.length(name) >= 0 ? scratch : beneath;
    }

    @Override
    public void put(String name, byte[] bytes) throws IOException {
        if (!putIfAbsent(name, bytes) && !Arrays.equals(get(name, Integer.MAX_VALUE), bytes)) {
            throw new RepositoryException(ErrorKind.OCCUPIED, name, name + " exists already and holds other bytes");
        }
    }

    @Override
    public synchronized boolean putIfAbsent(String name, byte[] bytes) throws IOException {
        return length(name) < 0 && scratch.putIfAbsent(name, bytes);
    }

    @Override
    public Upload begin() throws IOException {
        return scratch.begin();
    }

    @Override
    public byte[] get(String name, int maxLength) throws IOException {
        return holderOf(name).get(name, maxLength);
    }

    @Override
    public void read(String name, long offset, byte[] target, int targetOffset, int length) throws IOException {
        holderOf(name).read(name, offset, target, targetOffset, length);
    }

    @Override
    public long length(String name) throws IOException {
        return holderOf(name).length(name);
    }

    @Override
    public void list(String prefix, ListVisitor visitor) throws IOException {
        scratch.list(prefix, visitor);
        beneath.list(prefix, (name, length) -> {
            if (!deleted.contains(name) && scratch.length(name) < 0) {
                visitor.visit(name, length);
            }
        });
    }

    @Override
    public synchronized void delete(String name) throws IOException {
        deleted.add(name);
        scratch.delete(name);
    }

    @Override
    public String describe() {
        return beneath.describe();
    }

    @Override
    public void close() throws IOException {
        try (beneath) {
            scratch.close();
        }
    }
}
