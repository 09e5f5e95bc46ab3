package io.packstone.restore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.metadata.RawName;
import io.packstone.posix.DirectoryHandle;
import io.packstone.posix.Posix;
import io.packstone.repository.StoredSnapshot;
import io.packstone.restore.patch.LeftoverNames;
import io.packstone.restore.patch.Steps;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Which files are changed where they are, and what becomes of their length, their holes and their other names. */
class PatchTest extends PatchCase {
    private Object inode() throws IOException {
        return Files.getAttribute(inTarget(NAME), "unix:ino");
    }

    /** True when the file itself was changed. */
    private boolean isPatched(StoredSnapshot snapshot) throws IOException {
        Object before = inode();
        assertRestored(snapshot);
        return before.equals(inode());
    }

    private void assumeNoClones(StoredSnapshot snapshot) throws IOException {
        prepare();
        Assumptions.assumeTrue(isPatched(snapshot), "the file system clones files");
    }

    @Test
    void lengthsMayDifferEitherWay() throws IOException {
        StoredSnapshot snapshot = fixture.snapshot();
        for (int more : new int[] {1 << 20, -(1 << 20), 1, -1}) {
            byte[] bytes = Arrays.copyOf(old, LENGTH + more);
            prepare(bytes);
            RestoreReport report = restore(snapshot, Steps.ALL, options -> options);
            assertTrue(report.bytesReused() > LENGTH * 3L / 4, report.toString());
            assertEquals(List.of(), RestoreFixture.differences(fixture.source, fixture.target));
        }
        byte[] longer = Arrays.copyOf(old, LENGTH + (1 << 20));
        Arrays.fill(longer, LENGTH, longer.length, (byte) 7);
        crashBefore(snapshot, Steps.Step.NAME_WHOLE, longer);
        restore(snapshot, Steps.ALL, options -> options.withOverwrite(Overwrite.NEVER));
        assertArrayEquals(longer, Files.readAllBytes(inTarget(NAME)), "the tail came back");
    }

    @Test
    void aFileThatMostlyDiffersIsWrittenAnew() throws IOException {
        StoredSnapshot snapshot = fixture.snapshot();
        assumeNoClones(snapshot);
        byte[] shifted = new byte[LENGTH];
        System.arraycopy(young, 0, shifted, 100, LENGTH - 100);
        prepare(shifted);
        assertTrue(!isPatched(snapshot));
        prepare(Arrays.copyOf(old, LENGTH / 2));
        assertTrue(!isPatched(snapshot));
        prepare(Arrays.copyOf(old, LENGTH * 2));
        assertTrue(!isPatched(snapshot));
    }

    @Test
    void aFileWithASecondNameIsNotTouched() throws IOException {
        StoredSnapshot snapshot = fixture.snapshot();
        prepare();
        Path outside = Files.createLink(place.resolve("outside"), inTarget(NAME));
        assertTrue(!isPatched(snapshot));
        assertArrayEquals(old, Files.readAllBytes(outside));
    }

    @Test
    void whoHasTheFileOpenGoesOnReadingTheOldOne() throws IOException {
        StoredSnapshot snapshot = fixture.snapshot();
        prepare();
        try (InputStream reading = Files.newInputStream(inTarget(NAME))) {
            assertTrue(!isPatched(snapshot));
            assertArrayEquals(old, reading.readAllBytes());
        }
    }

    @Test
    void namesThatAreTakenAreLeftAlone() throws IOException {
        RestoreFixture.file(fixture.source.resolve(PARTIAL), RestoreFixture.bytes(LENGTH, 4));
        RestoreFixture.file(fixture.source.resolve(JOURNAL), RestoreFixture.bytes(LENGTH, 5));
        StoredSnapshot snapshot = fixture.snapshot();
        prepare();
        assertRestored(snapshot);
        for (String gone : List.of(JOURNAL, PARTIAL)) {
            Files.delete(inTarget(gone));
            Files.write(inTarget(NAME), old);
            assertRestored(snapshot);
        }
        byte[] other = RestoreFixture.bytes(LENGTH, 4);
        other[9] ^= 1;
        Files.write(inTarget(NAME), old);
        Files.write(inTarget(PARTIAL), other);
        assertRestored(snapshot);
    }

    @Test
    void longNamesAreShortenedMeanwhile() throws IOException {
        Files.delete(fixture.source.resolve(NAME));
        for (String letter : List.of("x", "\u00e4")) {
            String name = letter.repeat(letter.equals("x") ? 255 : 127);
            RawName raw = RawName.of(name);
            assertTrue(LeftoverNames.partialOf(raw).length() <= 255
                    && LeftoverNames.partialOf(raw).isUtf8());
            assertTrue(LeftoverNames.isJournal(LeftoverNames.journalOf(raw)));
            assertEquals(LeftoverNames.journalOf(raw), LeftoverNames.journalOfPartial(LeftoverNames.partialOf(raw)));
            assertNotEquals(LeftoverNames.partialOf(raw), LeftoverNames.partialOf(RawName.of(name.substring(1) + "y")));
            RestoreFixture.file(fixture.source.resolve(name), young);
            StoredSnapshot snapshot = fixture.snapshot();
            prepare();
            for (int steps : new int[] {12, Integer.MAX_VALUE}) {
                prepare();
                Files.move(inTarget(NAME), inTarget(name));
                crash(snapshot, steps);
                assertRestored(snapshot);
            }
            Files.delete(fixture.source.resolve(name));
        }
    }

    /** The old file has bytes where the new one has a hole, and a hole where the new one has bytes. */
    @Test
    void holesComeBackAsHoles() throws IOException {
        Path source = fixture.source.resolve(NAME);
        Files.delete(source);
        int hole = 1 << 20;
        try (RandomAccessFile file = new RandomAccessFile(source.toFile(), "rw")) {
            file.write(young, 0, LENGTH / 2);
            file.seek(LENGTH / 2 + hole);
            file.write(young, 0, LENGTH / 2 - hole);
        }
        Assumptions.assumeTrue(allocated(source) < LENGTH - hole / 2, "the file system has no holes");
        StoredSnapshot snapshot = fixture.snapshot();
        byte[] bytes = Files.readAllBytes(source);
        Arrays.fill(bytes, LENGTH / 2 + 5000, LENGTH / 2 + hole - 5000, (byte) 3);
        prepare(bytes);
        restore(snapshot, Steps.ALL, options -> options.withVerify(true));
        assertEquals(List.of(), RestoreFixture.differences(fixture.source, fixture.target));
        assertTrue(allocated(inTarget(NAME)) <= allocated(source) + (64 << 10), "a hole was filled");
    }

    private static long allocated(Path file) throws IOException {
        try (DirectoryHandle folder = new Posix().openRoot(RestoreFixture.name(file.getParent()))) {
            return folder.stat(RawName.of(file.getFileName().toString())).allocatedLength();
        }
    }
}
