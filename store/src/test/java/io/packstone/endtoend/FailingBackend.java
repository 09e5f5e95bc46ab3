package io.packstone.endtoend;

import io.packstone.backend.Backend;
import io.packstone.backend.ListVisitor;
import io.packstone.backend.Upload;
import io.packstone.error.ErrorKind;
import io.packstone.error.RepositoryException;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/** Stops doing anything from the n-th changing call on, as a process that was killed does. */
final class FailingBackend implements Backend {
    private final Backend backend;
    private final long failFrom;
    private final String failAt;
    private final AtomicLong calls = new AtomicLong();

    FailingBackend(Backend backend, long failFrom) {
        this.backend = backend;
        this.failFrom = failFrom;
        this.failAt = "nowhere";
    }

    /** Stops at the first call for a name that begins with {@code failAt}. */
    FailingBackend(Backend backend, String failAt) {
        this.backend = backend;
        this.failFrom = Long.MAX_VALUE;
        this.failAt = failAt;
    }

    boolean reached() {
        return calls.get() >= failFrom;
    }

    private void step(String name) throws IOException {
        if (calls.incrementAndGet() >= failFrom || name.startsWith(failAt)) {
            throw new RepositoryException(ErrorKind.BACKEND, name, "crashed before " + name);
        }
    }

    @Override
    public void put(String name, byte[] bytes) throws IOException {
        step(name);
        backend.put(name, bytes);
    }

    @Override
    public boolean putIfAbsent(String name, byte[] bytes) throws IOException {
        step(name);
        return backend.putIfAbsent(name, bytes);
    }

    @Override
    public Upload begin() throws IOException {
        step("an upload");
        Upload upload = backend.begin();
        return new Upload() {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                step("a write");
                upload.write(bytes, offset, length);
            }

            @Override
            public void commit(String name) throws IOException {
                step(name);
                upload.commit(name);
            }

            @Override
            public void replace(String name) throws IOException {
                step(name);
                upload.replace(name);
            }

            @Override
            public void close() throws IOException {
                upload.close();
            }
        };
    }

    @Override
    public byte[] get(String name, int maxLength) throws IOException {
        return backend.get(name, maxLength);
    }

    @Override
    public void read(String name, long offset, byte[] target, int targetOffset, int length) throws IOException {
        backend.read(name, offset, target, targetOffset, length);
    }

    @Override
    public long length(String name) throws IOException {
        return backend.length(name);
    }

    @Override
    public void list(String prefix, ListVisitor visitor) throws IOException {
        backend.list(prefix, visitor);
    }

    @Override
    public void delete(String name) throws IOException {
        step(name);
        backend.delete(name);
    }

    @Override
    public String describe() {
        return backend.describe();
    }

    @Override
    public void close() throws IOException {
        backend.close();
    }
}
