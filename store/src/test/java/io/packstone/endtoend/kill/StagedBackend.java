package io.packstone.endtoend.kill;

import io.packstone.backend.Backend;
import io.packstone.backend.ListVisitor;
import io.packstone.backend.Upload;
import io.packstone.backend.local.WatchedDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.BiConsumer;

/** A repository on disk that tells of each call before it is made, and in which stage of a snapshot that is. */
final class StagedBackend implements Backend {
    private final Backend inner;
    private final BiConsumer<Stage, String> listener;
    private final ThreadLocal<Stage> writing = ThreadLocal.withInitial(() -> Stage.READING);
    private volatile boolean begun;

    StagedBackend(Path root, BiConsumer<Stage, String> listener) {
        this.listener = listener;
        this.inner = WatchedDisk.open(root, call -> listener.accept(writing.get(), call.split(" ")[0]));
    }

    private interface Call<T> {
        T run() throws IOException;
    }

    private <T> T in(Stage stage, Call<T> call) throws IOException {
        begun = true;
        writing.set(stage);
        try {
            return call.run();
        } finally {
            writing.set(Stage.READING);
            if (stage == Stage.JOB) {
                listener.accept(Stage.READING, "walk");
            }
        }
    }

    private static Stage stageOf(String name) {
        if (name.startsWith("jobs/")) {
            return Stage.JOB;
        }
        if (name.startsWith("index/")) {
            return Stage.SEGMENT;
        }
        return name.contains(".state") ? Stage.STATE : Stage.CLAIM;
    }

    /** Packs of data and of nodes are written by threads of their own. */
    private static Stage stageOfPack() {
        return Thread.currentThread().getName().startsWith("pack-data") ? Stage.DATA : Stage.TREE;
    }

    private void reading(String what) {
        if (!begun) {
            listener.accept(Stage.STARTING, what);
        }
    }

    @Override
    public void put(String name, byte[] bytes) throws IOException {
        in(stageOf(name), () -> {
            inner.put(name, bytes);
            return true;
        });
    }

    @Override
    public boolean putIfAbsent(String name, byte[] bytes) throws IOException {
        return in(stageOf(name), () -> inner.putIfAbsent(name, bytes));
    }

    @Override
    public Upload begin() throws IOException {
        Upload upload = in(stageOfPack(), inner::begin);
        return new Upload() {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                in(stageOfPack(), () -> {
                    upload.write(bytes, offset, length);
                    return true;
                });
            }

            @Override
            public void commit(String name) throws IOException {
                in(stageOfPack(), () -> {
                    upload.commit(name);
                    return true;
                });
            }

            @Override
            public void close() throws IOException {
                in(stageOfPack(), () -> {
                    upload.close();
                    return true;
                });
            }
        };
    }

    @Override
    public byte[] get(String name, int maxLength) throws IOException {
        reading("get");
        return inner.get(name, maxLength);
    }

    @Override
    public void read(String name, long offset, byte[] target, int targetOffset, int length) throws IOException {
        reading("read");
        inner.read(name, offset, target, targetOffset, length);
    }

    @Override
    public long length(String name) throws IOException {
        return inner.length(name);
    }

    @Override
    public void list(String prefix, ListVisitor visitor) throws IOException {
        reading("list");
        inner.list(prefix, visitor);
    }

    @Override
    public void delete(String name) throws IOException {
        in(Stage.ENDING, () -> {
            inner.delete(name);
            return true;
        });
    }

    @Override
    public String describe() {
        return inner.describe();
    }

    @Override
    public void close() throws IOException {
        inner.close();
    }
}
