package io.packstone.simulation;

import io.packstone.backend.Backend;
import io.packstone.backend.ListVisitor;
import io.packstone.backend.ObjectNames;
import io.packstone.backend.Upload;
import java.io.IOException;
import java.util.Set;

/** One actor's way to the storage that all share: each call that others can notice, or that notices others, is a step. */
final class SteppedBackend implements Backend {
    private static final Set<String> ANNOUNCING =
            Set.of(ObjectNames.SNAPSHOTS, ObjectNames.GC, ObjectNames.PACKS, ObjectNames.JOBS);

    private final Backend backend;
    private final Baton.Actor actor;

    SteppedBackend(Backend backend, Baton.Actor actor) {
        this.backend = backend;
        this.actor = actor;
    }

    private void announce(String call, String name) {
        if (ANNOUNCING.contains(Baton.folder(name))) {
            actor.announce(call + Baton.folder(name));
        }
    }

    @Override
    public void put(String name, byte[] bytes) throws IOException {
        actor.step("put ", name);
        backend.put(name, bytes);
        announce("put ", name);
    }

    @Override
    public boolean putIfAbsent(String name, byte[] bytes) throws IOException {
        actor.step("decide ", name);
        boolean made = backend.putIfAbsent(name, bytes);
        announce("decide ", name);
        return made;
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
                actor.step("upload ", name);
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
        if (!name.startsWith(ObjectNames.CONFIG) && !name.startsWith(ObjectNames.KEYS)) {
            actor.step("get ", name);
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
        actor.step("look for ", name);
        return backend.length(name);
    }

    @Override
    public void list(String prefix, ListVisitor visitor) throws IOException {
        if (!prefix.equals(ObjectNames.CONFIG) && !prefix.equals(ObjectNames.KEYS)) {
            actor.step("list ", prefix);
        }
        backend.list(prefix, visitor);
    }

    @Override
    public void delete(String name) throws IOException {
        actor.step("delete ", name);
        backend.delete(name);
        announce("delete ", name);
    }

    @Override
    public String describe() {
        return "simulated storage";
    }

    @Override
    public void close() {}
}
