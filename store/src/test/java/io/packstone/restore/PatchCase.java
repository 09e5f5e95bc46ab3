package io.packstone.restore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.posix.DirectoryHandle;
import io.packstone.posix.FileHandle;
import io.packstone.posix.Posix;
import io.packstone.posix.PosixException;
import io.packstone.progress.ProgressListener;
import io.packstone.repository.StoredSnapshot;
import io.packstone.restore.patch.Steps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;

/** Tests that change a large file where it is, step by step. */
class PatchCase extends FixtureCase {
    static final int LENGTH = 9 << 20;
    static final String NAME = "image";
    static final String PARTIAL = NAME + ".packstone-partial";
    static final String JOURNAL = NAME + ".packstone-journal";
    private static final FileTime OLD_TIME = FileTime.fromMillis(1_000_000_000_123L);

    final byte[] young = RestoreFixture.bytes(LENGTH, 1);
    final byte[] old = young.clone();
    final List<String> warnings = Collections.synchronizedList(new ArrayList<>());
    private final PosixException full = fullDisk();

    /** The failure of a write to a device that is always full. */
    private static PosixException fullDisk() {
        try (DirectoryHandle devices = new Posix().openRoot(RawName.of("/dev"));
                FileHandle device = devices.openFileToWrite(RawName.of("full"))) {
            device.write(0, new byte[1], 0, 1);
        } catch (PosixException e) {
            return e;
        }
        throw new IllegalStateException("/dev/full is not");
    }

    @BeforeEach
    void makeFile() throws IOException {
        for (int at = 1000; at < LENGTH; at += LENGTH / 4) {
            old[at] ^= 1;
        }
        RestoreFixture.file(fixture.source.resolve(NAME), young);
    }

    /** Puts the old file into an empty target. */
    Path prepare() throws IOException {
        return prepare(old);
    }

    Path prepare(byte[] bytes) throws IOException {
        if (Files.exists(fixture.target)) {
            try (Stream<Path> all = Files.walk(fixture.target)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
        Path file = RestoreFixture.file(fixture.target.resolve(NAME), bytes);
        Files.setLastModifiedTime(file, OLD_TIME);
        Files.setAttribute(file, "unix:mode", 0640);
        return file;
    }

    Path inTarget(String name) {
        return fixture.target.resolve(name);
    }

    RestoreReport restore(StoredSnapshot snapshot, Steps steps, UnaryOperator<RestoreOptions> change)
            throws IOException {
        RestoreOptions options = RestoreOptions.to(RestoreFixture.name(fixture.target))
                .withPath(TreePath.parse(RestoreFixture.name(fixture.source)));
        ProgressListener progress = new ProgressListener() {
            @Override
            public void warn(String message) {
                warnings.add(message);
            }
        };
        return new Restore(fixture.repository(), steps).run(snapshot, change.apply(options), progress);
    }

    /** Takes steps up to a number of them; then one fails, or that one and all after it: as if the process were dead. */
    final class Counted implements Steps {
        private final int last;
        private final boolean end;
        private final List<Step> taken = new ArrayList<>();

        Counted(int last, boolean end) {
            this.last = last;
            this.end = end;
        }

        @Override
        public synchronized void before(Step step) throws PosixException {
            int number = taken.size();
            taken.add(step);
            if (end ? number >= last : number == last) {
                throw full;
            }
        }

        synchronized List<Step> taken() {
            return List.copyOf(taken);
        }

        /** False when there were not as many steps. */
        synchronized boolean wasReached() {
            return taken.size() > last;
        }
    }

    /** Restores until that many steps were taken, and leaves what a process killed then would leave. */
    boolean crash(StoredSnapshot snapshot, int steps) throws IOException {
        Counted counted = new Counted(steps, true);
        try {
            restore(snapshot, counted, options -> options);
        } catch (IOException e) {
            assertTrue(Files.exists(inTarget(".packstone-restore")), "a restore that failed took its mark away");
        }
        if (counted.wasReached() && !Files.exists(inTarget(".packstone-restore"))) {
            Files.writeString(inTarget(".packstone-restore"), "dead\n");
        }
        return counted.wasReached();
    }

    /** Leaves a file half written, and its journal. */
    void crashMidway(StoredSnapshot snapshot) throws IOException {
        crashBefore(snapshot, Steps.Step.WRITE, old);
    }

    /** Leaves what a restore leaves that is killed before the last step of that kind. */
    void crashBefore(StoredSnapshot snapshot, Steps.Step step, byte[] there) throws IOException {
        prepare(there);
        Counted counted = new Counted(Integer.MAX_VALUE, true);
        restore(snapshot, counted, options -> options);
        int last = counted.taken().lastIndexOf(step);
        Assumptions.assumeTrue(last >= 0, "the file system clones files: none is changed where it is");
        prepare(there);
        assertTrue(crash(snapshot, last));
        assertTrue(fixture.namesInTarget().containsAll(List.of(JOURNAL, PARTIAL)), fixture.namesInTarget()::toString);
    }

    void assertOld() throws IOException {
        assertArrayEquals(old, Files.readAllBytes(inTarget(NAME)));
        assertEquals(OLD_TIME, Files.getLastModifiedTime(inTarget(NAME)));
        assertEquals(0640, (int) Files.getAttribute(inTarget(NAME), "unix:mode") & 07777);
    }

    boolean isOldOrNew() throws IOException {
        byte[] there = Files.readAllBytes(inTarget(NAME));
        return Arrays.equals(there, old) || Arrays.equals(there, young);
    }

    void assertRestored(StoredSnapshot snapshot) throws IOException {
        assertEquals(List.of(), restore(snapshot, Steps.ALL, options -> options).problems());
        assertEquals(List.of(), RestoreFixture.differences(fixture.source, fixture.target));
    }
}
