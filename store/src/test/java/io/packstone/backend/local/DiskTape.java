package io.packstone.backend.local;

import io.packstone.backend.Backend;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The real disk, with every changing call and its bytes written down one after the other, so that a {@link PowerCut} can
 * tell what a cut at any moment might leave. Backends opened here are processes one after the other, each of which may be
 * killed at one of its calls. Thread-safe: calls wait for each other, so that what is written down is what happened.
 */
public final class DiskTape {
    /** What a call did. */
    enum Kind {
        CREATE,
        WRITE,
        FORCE,
        PUBLISH,
        REPLACE,
        MAKE_DIRECTORY,
        FORCE_DIRECTORY,
        DELETE
    }

    /** One call; {@code to} and {@code bytes} where the kind has them. */
    record Call(Kind kind, Path path, Path to, byte[] bytes) {}

    private final Path root;
    private final List<Call> calls = new ArrayList<>();
    private final FileSystemDisk real = new FileSystemDisk();
    private int processes;

    /** Of a repository in {@code root}. */
    public DiskTape(Path root) {
        this.root = root;
    }

    /** The directory of the repository. */
    public Path root() {
        return root;
    }

    /** How many calls were made so far. */
    public synchronized int length() {
        return calls.size();
    }

    synchronized Call call(int number) {
        return calls.get(number);
    }

    /** The calls from one to another, one a line. */
    public synchronized String describe(int from, int to) {
        StringBuilder lines = new StringBuilder();
        for (int i = from; i < to; i++) {
            Call call = calls.get(i);
            lines.append('\n')
                    .append(i)
                    .append(' ')
                    .append(call.kind())
                    .append(' ')
                    .append(root.relativize(call.path()));
            if (!call.to().equals(call.path())) {
                lines.append(' ').append(root.relativize(call.to()));
            }
        }
        return lines.toString();
    }

    /** A process that does nothing any more from its {@code killedAt}-th changing call on. */
    public synchronized Backend open(int killedAt) {
        int process = ++processes;
        AtomicInteger count = new AtomicInteger();
        return new LocalBackend(root, new Process(killedAt), () -> process + "-" + count.incrementAndGet());
    }

    /** Something done to the real disk, to be written down when it succeeded. */
    private interface Action {
        void run() throws IOException;
    }

    private final class Process implements Disk {
        private final int killedAt;
        private int made;

        Process(int killedAt) {
            this.killedAt = killedAt;
        }

        private void live() throws IOException {
            if (++made >= killedAt) {
                throw new IOException("killed");
            }
        }

        private void call(Kind kind, Path path, Path to, byte[] bytes, Action action) throws IOException {
            synchronized (DiskTape.this) {
                live();
                action.run();
                calls.add(new Call(kind, path, to, bytes));
            }
        }

        private void call(Kind kind, Path path, Action action) throws IOException {
            call(kind, path, path, new byte[0], action);
        }

        @Override
        public NewFile create(Path file) throws IOException {
            NewFile[] made = new NewFile[1];
            call(Kind.CREATE, file, () -> made[0] = real.create(file));
            NewFile inner = made[0];
            return new NewFile() {
                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    byte[] piece = Arrays.copyOfRange(bytes, offset, offset + length);
                    call(Kind.WRITE, file, file, piece, () -> inner.write(bytes, offset, length));
                }

                @Override
                public void force() throws IOException {
                    call(Kind.FORCE, file, inner::force);
                }

                @Override
                public void close() throws IOException {
                    inner.close();
                }
            };
        }

        @Override
        public void publish(Path from, Path to) throws IOException {
            call(Kind.PUBLISH, from, to, new byte[0], () -> real.publish(from, to));
        }

        @Override
        public void replace(Path from, Path to) throws IOException {
            call(Kind.REPLACE, from, to, new byte[0], () -> real.replace(from, to));
        }

        @Override
        public void makeDirectory(Path directory) throws IOException {
            call(Kind.MAKE_DIRECTORY, directory, () -> real.makeDirectory(directory));
        }

        @Override
        public void forceDirectory(Path directory) throws IOException {
            call(Kind.FORCE_DIRECTORY, directory, () -> real.forceDirectory(directory));
        }

        @Override
        public void forceFile(Path file) throws IOException {
            call(Kind.FORCE, file, () -> real.forceFile(file));
        }

        @Override
        public boolean delete(Path file) throws IOException {
            synchronized (DiskTape.this) {
                live();
                boolean deleted = real.delete(file);
                if (deleted) {
                    calls.add(new Call(Kind.DELETE, file, file, new byte[0]));
                }
                return deleted;
            }
        }
    }
}
