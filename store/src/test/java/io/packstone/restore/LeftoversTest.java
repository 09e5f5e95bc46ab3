package io.packstone.restore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.metadata.RawName;
import io.packstone.posix.DirectoryHandle;
import io.packstone.posix.Posix;
import io.packstone.repository.StoredSnapshot;
import io.packstone.restore.patch.Steps;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What somebody put where a killed restore leaves things is neither obeyed nor lost, and it is told of. */
class LeftoversTest extends PatchCase {
    /** Puts something in the place of the journal or the file that it belongs to. */
    private interface Prank {
        void play(Path journal, Path partial) throws IOException;
    }

    private Canary canary;

    private static void makePipe(Path path) throws IOException {
        try (DirectoryHandle folder = new Posix().openRoot(RestoreFixture.name(path.getParent()))) {
            folder.makeFifo(RawName.of(path.getFileName().toString()), 0600);
        }
    }

    private static void change(Path file, long offset) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.seek(offset);
            int value = open.read();
            open.seek(offset);
            open.write(value ^ 1);
        }
    }

    private void play(StoredSnapshot snapshot, String what, Prank prank) throws IOException {
        crashMidway(snapshot);
        prank.play(inTarget(JOURNAL), inTarget(PARTIAL));
        List<String> before = fixture.namesInTarget();
        warnings.clear();
        boolean folder = Files.isDirectory(inTarget(JOURNAL), LinkOption.NOFOLLOW_LINKS);
        RestoreReport report = restore(snapshot, Steps.ALL, options -> options.withDelete(!folder));
        canary.assertUntouched(what);
        assertArrayEquals(young, Files.readAllBytes(inTarget(NAME)), what);
        for (String name : before) {
            boolean mine = name.equals(JOURNAL) || name.equals(PARTIAL);
            assertTrue(!mine || Files.exists(inTarget(name), LinkOption.NOFOLLOW_LINKS), what + ": lost " + name);
        }
        assertTrue(
                warnings.stream().anyMatch(line -> line.contains(JOURNAL) && line.contains("remove")),
                what + " is not told of: " + warnings);
        assertTrue(report.problems().isEmpty() || report.errors() > 0);
    }

    @Test
    void whatIsNoJournalIsToldOfAndLeftAlone() throws IOException {
        canary = new Canary(place.resolve("canary"), "x");
        Path secret = canary.folder.resolve("secret");
        StoredSnapshot snapshot = fixture.snapshot();
        play(snapshot, "a link", (journal, partial) -> {
            Files.delete(journal);
            Files.createSymbolicLink(journal, secret);
        });
        play(snapshot, "a pipe", (journal, partial) -> {
            Files.delete(journal);
            makePipe(journal);
        });
        play(snapshot, "a folder", (journal, partial) -> {
            Files.delete(journal);
            Files.createDirectory(journal);
        });
        play(snapshot, "garbage", (journal, partial) -> Files.write(journal, RestoreFixture.bytes(100_000, 8)));
        play(snapshot, "nothing in it", (journal, partial) -> Files.write(journal, new byte[0]));
        play(snapshot, "a terabyte of zeros", (journal, partial) -> {
            try (RandomAccessFile open = new RandomAccessFile(journal.toFile(), "rw")) {
                open.setLength(0);
                open.setLength(1L << 40);
            }
        });
        play(snapshot, "a journal cut short", (journal, partial) -> {
            byte[] bytes = Files.readAllBytes(journal);
            Files.write(journal, Arrays.copyOf(bytes, bytes.length - 36));
        });
        play(snapshot, "a journal of another file", (journal, partial) -> {
            Files.move(partial, partial.resolveSibling("a"));
            Files.move(partial.resolveSibling("a"), partial);
            Files.write(partial.resolveSibling("b"), old);
            Files.delete(partial);
            Files.move(partial.resolveSibling("b"), partial);
        });
        for (long at : new long[] {0, 4, 30, 60, 200, 70_000}) {
            play(snapshot, "a journal with a flipped bit at " + at, (journal, partial) -> change(journal, at));
        }
    }

    @Test
    void anAuthenticJournalWritesNowhereElse() throws IOException {
        canary = new Canary(place.resolve("canary"), "x");
        StoredSnapshot snapshot = fixture.snapshot();
        Path secret = canary.folder.resolve("secret");
        play(snapshot, "a link in place of the file", (journal, partial) -> {
            Files.delete(partial);
            Files.createSymbolicLink(partial, secret);
        });
        play(snapshot, "a pipe in place of the file", (journal, partial) -> {
            Files.delete(partial);
            makePipe(partial);
        });
        play(snapshot, "the file is gone", (journal, partial) -> Files.delete(partial));
        play(snapshot, "somebody made a new file", (journal, partial) -> Files.write(inTarget(NAME), new byte[100]));
        crashMidway(snapshot);
        Path outside = Files.createLink(place.resolve("outside"), inTarget(PARTIAL));
        byte[] half = Files.readAllBytes(outside);
        RestoreReport report = restore(snapshot, Steps.ALL, options -> options);
        assertFalse(report.problems().isEmpty());
        assertArrayEquals(half, Files.readAllBytes(outside), "a second name of it was written to");
    }

    @Test
    void theMarkLeadsNowhereElse() throws IOException {
        StoredSnapshot snapshot = fixture.snapshot();
        crashMidway(snapshot);
        Path other = Files.createDirectory(place.resolve("other"));
        for (String name : List.of(JOURNAL, PARTIAL)) {
            Files.move(inTarget(name), other.resolve(name));
        }
        Files.createSymbolicLink(inTarget("way"), other);
        Canary watched = new Canary(place.resolve("canary"), "x");
        StringBuilder mark = new StringBuilder("dead\n");
        for (String path : List.of("../other/" + NAME, "way/" + NAME, "./../other/" + NAME, "", "/", "..", "a/b/c")) {
            mark.append(Base64.getEncoder().encodeToString(path.getBytes())).append("\n\n");
        }
        Files.writeString(inTarget(".packstone-restore"), mark + "*** no base64 ***\n");
        restore(snapshot, Steps.ALL, options -> options);
        watched.assertUntouched("a mark");
        assertTrue(Files.exists(other.resolve(JOURNAL)) && Files.exists(other.resolve(PARTIAL)));
        assertFalse(Files.exists(other.resolve(NAME)), "a mark led out of the target");
        assertArrayEquals(young, Files.readAllBytes(inTarget(NAME)));
    }

    @Test
    void aDryRunTellsAndLeavesAll() throws IOException {
        StoredSnapshot snapshot = fixture.snapshot();
        crashMidway(snapshot);
        List<String> before = fixture.namesInTarget();
        byte[] half = Files.readAllBytes(inTarget(PARTIAL));
        warnings.clear();
        restore(snapshot, Steps.ALL, options -> options.withDryRun(true).withDelete(true));
        assertEquals(before, fixture.namesInTarget());
        assertArrayEquals(half, Files.readAllBytes(inTarget(PARTIAL)));
        assertTrue(warnings.stream().anyMatch(line -> line.contains(PARTIAL)), warnings::toString);
        assertRestored(snapshot);
    }

    @Test
    void whatAnotherRestoreIsAtWorkOnIsNotTouched() throws IOException {
        StoredSnapshot snapshot = fixture.snapshot();
        prepare();
        List<String> problems = new ArrayList<>();
        AtomicBoolean begun = new AtomicBoolean();
        Steps meanwhile = step -> {
            if (step == Steps.Step.WRITE && begun.compareAndSet(false, true)) {
                try {
                    problems.addAll(
                            restore(snapshot, Steps.ALL, options -> options).problems());
                } catch (IOException e) {
                    problems.add("failed: " + e);
                }
            }
        };
        assertEquals(List.of(), restore(snapshot, meanwhile, options -> options).problems());
        Assumptions.assumeTrue(begun.get(), "the file system clones files");
        assertEquals(1, problems.size(), problems::toString);
        assertTrue(problems.get(0).contains("another restore is at work"), problems.get(0));
        assertRestored(snapshot);
        assertEquals(List.of(NAME), fixture.namesInTarget());
    }
}
