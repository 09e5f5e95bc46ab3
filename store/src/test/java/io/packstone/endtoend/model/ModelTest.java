package io.packstone.endtoend.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.endtoend.Scratch;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Random histories: whatever was done and however it failed, the repository holds what the model says. */
final class ModelTest {
    private static final String SEED = "packstone.seed";
    private static final int STEPS = 25;

    @Test
    void fortyHistories() throws Exception {
        live(Long.getLong(SEED, 1), Long.getLong(SEED) == null ? 40 : 1);
    }

    @Test
    @Tag("soak")
    void threeThousandHistories() throws Exception {
        live(100_000, Integer.getInteger("packstone.histories", 3000));
    }

    private static void live(long first, int count) throws Exception {
        Map<String, Integer> done = new ConcurrentSkipListMap<>();
        try (Scratch scratch = new Scratch()) {
            List<String> failures = LongStream.range(first, first + count)
                    .parallel()
                    .mapToObj(seed -> failureOf(seed, scratch, done))
                    .filter(failure -> !failure.isEmpty())
                    .toList();
            assertEquals(List.of(), failures);
        }
        System.out.println(count + " histories: " + new TreeMap<>(done));
        if (count > 1) {
            List<String> missing = new ArrayList<>();
            Arrays.stream(History.Operation.values())
                    .map(Enum::name)
                    .filter(name -> done.keySet().stream().noneMatch(kind -> kind.startsWith(name)))
                    .forEach(missing::add);
            assertTrue(missing.isEmpty(), missing + " never happened");
        }
    }

    private static String kind(String line) {
        String[] words = line.split(" ");
        boolean isCrash = words[0].equals(History.Operation.CRASHED.name());
        return words[0] + (isCrash ? " " + words[words.length - 1] : "");
    }

    /** Empty when all is well. */
    private static String failureOf(long seed, Scratch scratch, Map<String, Integer> done) {
        List<String> log = new ArrayList<>();
        try {
            History history = new History(Files.createTempDirectory(scratch.path(), "h"), seed, log);
            history.live(STEPS);
            log.forEach(line -> done.merge(kind(line), 1, Integer::sum));
            return "";
        } catch (Exception | AssertionError e) {
            return "\nto repeat: mvn -B -pl store test -Dtest=ModelTest -D" + SEED + "=" + seed + "\nhistory: " + log
                    + "\n" + e + " " + Arrays.asList(e.getStackTrace());
        }
    }
}
