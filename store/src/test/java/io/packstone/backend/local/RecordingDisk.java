package io.packstone.backend.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The real disk, with the order of calls written down; a test may let any of them fail by overriding {@link #check}.
 */
class RecordingDisk implements Disk {
    final List<String> calls = Collections.synchronizedList(new ArrayList<>());
    private final FileSystemDisk real = new FileSystemDisk();

    void check(String call) throws IOException {}

    private void record(String call, Path... paths) throws IOException {
        StringBuilder line = new StringBuilder(call);
        for (Path path : paths) {
            line.append(' ').append(path.getFileName());
        }
        calls.add(line.toString());
        check(line.toString());
    }

    @Override
    public NewFile create(Path file) throws IOException {
        record("create", file);
        NewFile inner = real.create(file);
        return new NewFile() {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                record("write", file);
                inner.write(bytes, offset, length);
            }

            @Override
            public void force() throws IOException {
                record("force", file);
                inner.force();
            }

            @Override
            public void close() throws IOException {
                calls.add("close " + file.getFileName());
                inner.close();
            }
        };
    }

    @Override
    public void publish(Path from, Path to) throws IOException {
        record("publish", from, to);
        real.publish(from, to);
    }

    @Override
    public void replace(Path from, Path to) throws IOException {
        record("replace", from, to);
        real.replace(from, to);
    }

    @Override
    public void makeDirectory(Path directory) throws IOException {
        record("mkdir", directory);
        real.makeDirectory(directory);
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        record("forceDirectory", directory);
        real.forceDirectory(directory);
    }

    @Override
    public void forceFile(Path file) throws IOException {
        record("forceFile", file);
        real.forceFile(file);
    }

    @Override
    public boolean delete(Path file) throws IOException {
        record("delete", file);
        return real.delete(file);
    }
}
