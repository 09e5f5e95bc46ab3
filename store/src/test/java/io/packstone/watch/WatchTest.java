package io.packstone.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.endtoend.Scratch;
import io.packstone.endtoend.Workplace;
import io.packstone.manifest.ManifestEntry;
import io.packstone.metadata.TreePath;
import io.packstone.progress.ProgressListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Files that change while they are watched, told of by the system itself. */
final class WatchTest extends WatchCase {
    private static final long MEGABYTE = 1 << 20;

    @Test
    void foldersThatComeAndGoAndMove() throws Exception {
        Files.createDirectories(source.resolve("old/deep"));
        Files.writeString(source.resolve("old/deep/file"), "first");
        begin((opened, report, whole) -> {});
        Files.createDirectories(source.resolve("new/a/b/c"));
        Files.writeString(source.resolve("new/a/b/c/file"), "at once");
        await(() -> reports.size() == 2);
        Files.move(source.resolve("old"), source.resolve("new/a/moved"));
        await(() -> reports.size() == 3);
        Files.writeString(source.resolve("new/a/moved/deep/file"), "changed below its new name");
        await(() -> reports.size() == 4);
        Path away = place.resolve("away");
        Files.move(source.resolve("new/a/moved"), away);
        await(() -> reports.size() == 5);
        Files.writeString(away.resolve("deep/file"), "nobody's matter");
        Thread.sleep(4 * SETTLE.toMillis());
        assertEquals(5, reports.size());
        Files.move(away, source.resolve("back"));
        await(() -> reports.size() == 6);
        Scratch.delete(source.resolve("new"));
        Files.writeString(source.resolve("new"), "a file now");
        await(() -> reports.size() >= 7);
        end();
        expectNothingMissed();
        assertTrue(states.stream().allMatch(state -> state.unwatched() == 0 && state.errors() == 0));
        int above = TreePath.parse(Workplace.name(source)).toString().split("/").length - 1;
        assertEquals(above + 3, states.get(states.size() - 1).folders(), "source, back, back/deep, what is above them");
    }

    /** Also one that is a file, or that comes back after it was gone, and whatever its neighbours do. */
    @Test
    void whatWasGivenItself() throws Exception {
        Path file = place.resolve("single");
        Files.writeString(file, "a file that was given");
        given = List.of(Workplace.name(source), Workplace.name(file));
        begin((opened, report, whole) -> {});
        Files.writeString(place.resolve("neighbour"), "nobody's matter");
        Files.writeString(file, "another text");
        await(() -> reports.size() == 2);
        assertEquals(1, reports.get(1).filesChanged());
        Files.delete(source);
        await(() -> reports.size() == 3);
        Files.createDirectory(source);
        Files.writeString(source.resolve("file"), "it is there again");
        await(() -> reports.size() == 4);
        Files.writeString(source.resolve("file"), "and watched");
        await(() -> reports.size() == 5);
        end();
        expectNothingMissed();
    }

    @Test
    void whatIsToldOfUntilItIsInterruptedIsTaken() throws Exception {
        begin((opened, report, whole) -> {});
        Files.writeString(source.resolve("last"), "word");
        Thread.sleep(SETTLE.toMillis() / 3);
        end();
        assertEquals(2, reports.size());
        expectNothingMissed();
    }

    @Test
    void interruptedWhileItTakesASnapshotItTakesThatOneStill() throws Exception {
        AtomicInteger stages = new AtomicInteger();
        progress = new ProgressListener() {
            @Override
            public void stage(String name, long files, long bytes) {
                if (stages.incrementAndGet() == 2) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        begin((opened, report, whole) -> {});
        Files.writeString(source.resolve("last"), "word");
        await(() -> !thread.isAlive());
        end();
        assertEquals(2, reports.size());
        assertEquals(0, states.get(states.size() - 1).errors());
        expectNothingMissed();
    }

    /** While its thread is busy, more happens than the kernel remembers (fs.inotify.max_queued_events). */
    @Test
    void moreThanTheSystemCanTell() throws Exception {
        long limit = Long.parseLong(Files.readAllLines(Path.of("/proc/sys/fs/inotify/max_queued_events"))
                .get(0));
        org.junit.jupiter.api.Assumptions.assumeTrue(limit <= 20_000, "events are remembered without end here");
        begin((opened, report, whole) -> {
            if (reports.size() == 1) {
                for (int i = 0; i <= limit / 2; i++) {
                    Files.writeString(source.resolve("f" + i), "");
                    Files.delete(source.resolve("f" + i));
                }
                Files.createDirectory(source.resolve("unheard"));
                Files.writeString(source.resolve("unheard/of"), "found all the same");
            }
        });
        await(() -> reports.size() >= 2);
        end();
        assertTrue(states.get(states.size() - 1).overflows() > 0, states.toString());
        expectNothingMissed();
    }

    /** A change that waits for a snapshot that has it. */
    private record Waiting(Path file, long bytes, long nanos) {}

    @Test
    void aChangeIsSoonInASnapshot() throws Exception {
        changesAtARate(2_000, 50, 6);
    }

    @Test
    @Tag("soak")
    void tenMinutesOfChanges() throws Exception {
        changesAtARate(100_000, 200, Integer.getInteger("packstone.seconds", 600));
    }

    /** Files grow with each change, so that the length which a snapshot has says whether a change is in it. */
    private void changesAtARate(int files, int perSecond, int seconds) throws Exception {
        Random random = new Random(1);
        for (int i = 0; i < files; i++) {
            Path folder = source.resolve("d" + i / 100);
            if (i % 100 == 0) {
                Files.createDirectory(folder);
            }
            Files.write(folder.resolve("f" + i), new byte[random.nextInt(8_000)]);
        }
        ConcurrentLinkedQueue<Waiting> waiting = new ConcurrentLinkedQueue<>();
        List<Long> millis = Collections.synchronizedList(new ArrayList<>());
        List<Long> heap = Collections.synchronizedList(new ArrayList<>());
        begin((opened, report, whole) -> {
            if (report.snapshot() == null) {
                return;
            }
            long now = System.nanoTime();
            var root = opened.snapshots().record(report.snapshot()).root();
            for (Iterator<Waiting> each = waiting.iterator(); each.hasNext(); ) {
                Waiting one = each.next();
                ManifestEntry entry = opened.manifests().find(root, TreePath.parse(Workplace.name(one.file())));
                if (entry != null && entry.body().plainLength() >= one.bytes()) {
                    millis.add((now - one.nanos()) / 1_000_000);
                    each.remove();
                }
            }
            if (reports.size() % 50 == 0) {
                System.gc();
                heap.add((Runtime.getRuntime().totalMemory()
                                - Runtime.getRuntime().freeMemory())
                        / MEGABYTE);
            }
        });
        long begun = System.nanoTime();
        int made = 0;
        while (System.nanoTime() - begun < seconds * 1_000_000_000L) {
            int i = random.nextInt(files);
            Path file = source.resolve("d" + i / 100).resolve("f" + i);
            long length = Files.size(file) + 1 + random.nextInt(20);
            byte[] bytes = new byte[(int) length];
            random.nextBytes(bytes);
            Files.write(file, bytes);
            waiting.add(new Waiting(file, length, System.nanoTime()));
            made++;
            long next = begun + made * 1_000_000_000L / perSecond;
            Thread.sleep(Math.max(0, (next - System.nanoTime()) / 1_000_000));
        }
        await(waiting::isEmpty);
        end();
        expectNothingMissed();
        assertEquals(made, millis.size());
        long[] sorted = millis.stream().mapToLong(Long::longValue).sorted().toArray();
        System.out.println(made + " changes among " + files + " files in " + seconds + " s, " + reports.size()
                + " snapshots; milliseconds until a change was in one: half " + sorted[sorted.length / 2]
                + ", 99 of 100 " + sorted[sorted.length * 99 / 100] + ", all " + sorted[sorted.length - 1]
                + "; overflows " + states.get(states.size() - 1).overflows() + "; MiB of heap every 50 snapshots "
                + heap);
    }
}
