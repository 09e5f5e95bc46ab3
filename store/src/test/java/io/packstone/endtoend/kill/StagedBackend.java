package io.packstone.endtoend.kill;

import io.packstone.backend.Backend;
import io.packstone.backend.ListVisitor;
import io.packstone.backend.ObjectNames;
import io.packstone.backend.Upload;
import io.packstone.backend.local.WatchedDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.function.BiConsumer;

/** A repository on disk that tells of each call before it is made, and in which stage that is. */
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
        if (name.startsWith(ObjectNames.GC)) {
            return !name.startsWith(ObjectNames.GC_EXEC)
                    ? Stage.DONE
                    : name.contains(".final") ? Stage.FINAL : Stage.EXEC;
        }
        if (name.startsWith(ObjectNames.SNAPSHOTS)) {
            return name.contains(".state") ? Stage.STATE : Stage.CLAIM;
        }
        return switch (name.substring(0, name.indexOf('/') + 1)) {
            case ObjectNames.JOBS -> Stage.JOB;
            case ObjectNames.INDEX -> Stage.SEGMENT;
            case ObjectNames.KEYS -> Stage.KEY;
            case ObjectNames.PARITY -> Stage.PARITY;
            case ObjectNames.REPAIRS -> Stage.RECORD;
            default -> throw new IllegalArgumentException("nothing that is killed here puts " + name);
        };
    }

    private static Stage stageOfDelete(String name) {
        return switch (name.substring(0, name.indexOf('/') + 1)) {
            case ObjectNames.PACKS -> Stage.DELETING;
            case ObjectNames.INDEX -> Stage.SUPERSEDING;
            case ObjectNames.SNAPSHOTS -> Stage.REMOVING;
            case ObjectNames.KEYS -> Stage.OLD_KEY;
            case ObjectNames.PARITY -> Stage.PARITY;
            default -> Stage.ENDING;
        };
    }

    /** Packs of data and of nodes are written by threads of their own. */
    private static Stage stageOfUpload() {
        String thread = Thread.currentThread().getName();
        return thread.startsWith("pack-data") ? Stage.DATA : thread.startsWith("pack-") ? Stage.TREE : Stage.MENDING;
    }

    private void reading(String what) {
        if (!begun) {
            listener.accept(Stage.STARTING, what);
        }
    }

    private void looking(String what) {
        listener.accept(begun ? Stage.LOOKING : Stage.STARTING, what);
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
        Upload upload = in(stageOfUpload(), inner::begin);
        return new Upload() {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                in(stageOfUpload(), () -> {
                    upload.write(bytes, offset, length);
                    return true;
                });
            }

            @Override
            public void commit(String name) throws IOException {
                in(stageOfUpload(), () -> {
                    upload.commit(name);
                    return true;
                });
            }

            @Override
            public void replace(String name) throws IOException {
                in(stageOfUpload(), () -> {
                    upload.replace(name);
                    return true;
                });
            }

            @Override
            public void close() throws IOException {
                in(stageOfUpload(), () -> {
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
        looking("length");
        return inner.length(name);
    }

    @Override
    public void list(String prefix, ListVisitor visitor) throws IOException {
        looking("list");
        inner.list(prefix, visitor);
    }

    @Override
    public void delete(String name) throws IOException {
        in(stageOfDelete(name), () -> {
            inner.delete(name);
            return true;
        });
    }

    @Override
    public void settle() throws IOException {
        inner.settle();
    }

    @Override
    public boolean releaseReserve() throws IOException {
        return inner.releaseReserve();
    }

    @Override
    public void keepReserve() throws IOException {
        inner.keepReserve();
    }

    @Override
    public int sweepTemporary(Instant limit) throws IOException {
        return inner.sweepTemporary(limit);
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
