package io.packstone.simulation;

import io.packstone.backend.Backend;
import io.packstone.backend.ListVisitor;
import io.packstone.backend.Upload;
import java.io.IOException;

/** One actor's way to the storage that all share: each call that others can notice, or that notices others, is a step. */
final class SteppedBackend implements Backend {
    private final Backend backend;
    private final Baton.Actor actor;

    SteppedBackend(Backend backend, Baton.Actor actor) {
        this.backend = backend;
        this.actor = actor;
    }

    @Override
    public void put(String name, byte[] bytes) throws IOException {
        actor.step();
        backend.put(name, bytes);
    }

    @Override
    public boolean putIfAbsent(String name, byte[] bytes) throws IOException {
        actor.step();
        return backend.putIfAbsent(name, bytes);
    }

    @Override
    public Upload begin() throws IOException {
        Upload upload = backend.begin();
        return new Upload() {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                upload.write(bytes, offset, length);
            }

            @Override
            public void commit(String name) throws IOException {
                actor.step();
                upload.commit(name);
            }

            @Override
            public void close() throws IOException {
                upload.close();
            }
        };
    }

    @Override
    public byte[] get(String name, int maxLength) throws IOException {
        if (!name.startsWith("config/") && !name.startsWith("keys/")) {
            actor.step();
        }
        return backend.get(name, maxLength);
    }

    /** What is read in part is never changed; whether it is there shows in other calls. */
    @Override
    public void read(String name, long offset, byte[] target, int targetOffset, int length) throws IOException {
        backend.read(name, offset, target, targetOffset, length);
    }

    @Override
    public long length(String name) throws IOException {
        actor.step();
        return backend.length(name);
    }

    @Override
    public void list(String prefix, ListVisitor visitor) throws IOException {
        if (!prefix.equals("config/") && !prefix.equals("keys/")) {
            actor.step();
        }
        backend.list(prefix, visitor);
    }

    @Override
    public void delete(String name) throws IOException {
        actor.step();
        backend.delete(name);
    }

    @Override
    public String describe() {
        return "simulated storage";
    }

    @Override
    public void close() {}
}
