package io.packstone.endtoend.kill;

import io.packstone.id.SnapshotId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A small file in memory that two processes share: one writes where it is, at the cost of a store, the other reads it,
 * also when the first has been killed.
 */
final class StageBoard {
    private static final int LENGTH = 128;
    private static final int STAGE = 0;
    private static final int PAUSED = 4;
    private static final int TOLD = 8;
    private static final int SNAPSHOT = 64;
    private static final int DONE = 1;
    private static final int WITH_SNAPSHOT = 2;

    private final ByteBuffer shared;

    StageBoard(Path file) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            shared = channel.map(FileChannel.MapMode.READ_WRITE, 0, LENGTH);
        }
    }

    /** Tells of a stage; once there is a pause, that of the thread which pauses stands. */
    synchronized void enter(Stage stage) {
        if (!isPaused()) {
            shared.putInt(STAGE, stage.ordinal());
        }
    }

    Stage stage() {
        return Stage.values()[shared.getInt(STAGE)];
    }

    /** Tells that this is the moment, and never returns; other threads go on. */
    void pauseForEver(Stage stage) {
        synchronized (this) {
            enter(stage);
            shared.putInt(PAUSED, 1);
        }
        while (true) {
            java.util.concurrent.locks.LockSupport.park();
        }
    }

    boolean isPaused() {
        return shared.getInt(PAUSED) != 0;
    }

    /** Tells that it is done, without more to tell. */
    void acknowledge() {
        shared.putInt(TOLD, DONE);
    }

    void acknowledge(SnapshotId id) {
        shared.put(SNAPSHOT, id.toBytes());
        shared.putInt(TOLD, WITH_SNAPSHOT);
    }

    /** True when the process has told that it is done. */
    boolean isAcknowledged() {
        return shared.getInt(TOLD) != 0;
    }

    /** The snapshot that was acknowledged; null when none was. */
    @Nullable
    SnapshotId acknowledged() {
        byte[] bytes = new byte[SnapshotId.LENGTH];
        shared.get(SNAPSHOT, bytes);
        return shared.getInt(TOLD) == WITH_SNAPSHOT ? SnapshotId.of(bytes) : null;
    }
}
