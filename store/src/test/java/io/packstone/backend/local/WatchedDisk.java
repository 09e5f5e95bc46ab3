package io.packstone.backend.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/** Local backends whose calls to the disk a test hears of, each before it is made. */
public final class WatchedDisk {
    private WatchedDisk() {}

    /** Hears of calls; may be called from any thread. */
    public interface Watcher {
        /** {@code call} is "create", "write", "force", "publish", "mkdir", "forceDirectory", "forceFile" or "delete" and names of files. */
        void before(String call) throws IOException;
    }

    /** The repository in {@code root}, on the real disk. */
    public static LocalBackend open(Path root, Watcher watcher) {
        AtomicLong count = new AtomicLong();
        String process = ProcessHandle.current().pid() + "-" + Long.toHexString(System.nanoTime());
        RecordingDisk disk = new RecordingDisk() {
            @Override
            void check(String call) throws IOException {
                watcher.before(call);
            }
        };
        return new LocalBackend(root, disk, () -> process + "-" + count.incrementAndGet());
    }
}
