package io.packstone.endtoend.power;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.backend.local.LocalBackend;
import io.packstone.backend.local.PowerCut;
import io.packstone.backend.local.PowerCut.Honesty;
import io.packstone.endtoend.Scratch;
import io.packstone.endtoend.Workplace;
import io.packstone.testkit.MemoryBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The power is cut after any call to the disk, and of what was not forced any part is lost or torn: what was acknowledged
 * is there all the same, and the next run needs no repair.
 */
final class PowerCutTest {
    private static final String SEED = "packstone.seed";

    /** So often the objects left are written to a disk, what lies in {@code tmp/} as well, instead of held in memory. */
    private static final int ON_DISK = 8;

    /** Of one seed: cuts, different states of the repository among them, and what went wrong. */
    private record Tally(int calls, int cuts, int states, int torn, List<String> wrong) {}

    /** Of one a process is killed between a deletion and the force of its directory. */
    private static final long[] SEEDS = {1, 2, 1048};

    @Test
    void whatWasAcknowledgedOutlivesAPowerCut() throws Exception {
        Long seed = Long.getLong(SEED);
        cut(
                seed == null ? SEEDS : new long[] {seed},
                seed == null ? 1000 : 2000,
                seed == null ? 120 : Integer.MAX_VALUE);
    }

    @Test
    @Tag("soak")
    void aHundredThousandPowerCuts() throws Exception {
        int lives = Integer.getInteger("packstone.lives", 50);
        cut(LongStream.range(1000, 1000 + lives).toArray(), 2000, Integer.MAX_VALUE);
    }

    /** The proof that the model bites: were directories, or files, not forced, something acknowledged would be lost. */
    @Test
    void aDiskThatLiesAboutAForceIsFoundOut() throws Exception {
        for (Honesty honesty : List.of(Honesty.LIES_ABOUT_FILES, Honesty.LIES_ABOUT_DIRECTORIES)) {
            try (Scratch scratch = new Scratch()) {
                Tally tally = live(scratch, 7, honesty, 100, 20);
                assertNotEquals(List.of(), tally.wrong(), honesty.toString());
            }
        }
    }

    private static void cut(long[] seeds, int cuts, int exams) throws Exception {
        int calls = 0;
        int made = 0;
        int states = 0;
        int torn = 0;
        List<String> wrong = new ArrayList<>();
        for (long seed : seeds) {
            try (Scratch scratch = new Scratch()) {
                Tally tally = live(scratch, seed, Honesty.HONEST, cuts, exams);
                if (!tally.wrong().isEmpty()) {
                    wrong.add("\n-D" + SEED + "=" + seed + ": " + tally.wrong().size() + " such as "
                            + tally.wrong().get(0));
                }
                torn += tally.torn();
                calls += tally.calls();
                made += tally.cuts();
                states += tally.states();
            }
        }
        System.out.println(seeds.length + " lives of " + calls + " calls, " + made + " power cuts, " + states
                + " different repositories examined");
        assertEquals(List.of(), wrong);
        assertEquals(0, torn, "an object got its name before its bytes were forced");
        assertTrue(states > seeds.length * 20, "only " + states + " different repositories");
    }

    private static Tally live(Scratch scratch, long seed, Honesty honesty, int cuts, int exams) throws IOException {
        CutLife life =
                new CutLife(new Workplace(Files.createDirectory(scratch.path().resolve("life"))), seed);
        life.live();
        Random random = new Random(seed);
        PowerCut model = new PowerCut(life.tape, honesty);
        Map<String, Exam> different = new LinkedHashMap<>();
        int torn = 0;
        for (int i = 0; i < cuts; i++) {
            int calls = (int) ((long) life.tape.length() * (i + 1) / cuts);
            model.play(calls);
            PowerCut.Left left = model.cut(random);
            torn += left.torn();
            CutLife.Expected expected = life.expected(calls);
            different.putIfAbsent(expected.hashCode() + " " + left.identity(), new Exam(calls, left, expected));
        }
        List<Exam> shuffled = new ArrayList<>(different.values());
        Collections.shuffle(shuffled, random);
        List<Exam> chosen = shuffled.subList(0, Math.min(exams, shuffled.size()));
        List<String> wrong = IntStream.range(0, chosen.size())
                .parallel()
                .mapToObj(i -> problem(life, chosen.get(i), scratch, i % ON_DISK == 0))
                .filter(problem -> !problem.isEmpty())
                .toList();
        return new Tally(life.tape.length(), cuts, chosen.size(), torn, wrong);
    }

    private record Exam(int calls, PowerCut.Left left, CutLife.Expected expected) {}

    /** Empty when all is well. */
    private static String problem(CutLife life, Exam exam, Scratch scratch, boolean onDisk) {
        try {
            Path folder = Files.createTempDirectory(scratch.path(), "cut");
            MemoryBackend memory = new MemoryBackend();
            exam.left().objects().forEach(memory::putIfAbsent);
            if (onDisk) {
                PowerCut.write(exam.left(), folder);
            }
            Path root = folder.resolve(life.place.repository.getFileName());
            CutExam.Place place = onDisk ? () -> new LocalBackend(root) : () -> memory;
            new CutExam(life, exam.expected(), place, folder).take();
            Scratch.delete(folder);
            return "";
        } catch (IOException | RuntimeException | AssertionError e) {
            return "\nafter call " + exam.calls() + (onDisk ? " on disk" : "") + " of " + life + ": " + e + " "
                    + Arrays.asList(e.getStackTrace()) + "\nthe last calls:"
                    + life.tape.describe(Math.max(0, exam.calls() - 150), exam.calls());
        }
    }
}
