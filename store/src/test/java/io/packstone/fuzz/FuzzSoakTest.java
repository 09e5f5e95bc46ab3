package io.packstone.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.packstone.testkit.ClassPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Jazzer looks for inputs that reach new branches of each parser, a process for each target. What it finds is kept in the
 * corpus, with the number of runs that each target has had, so that the next run goes on from there.
 *
 * <p>{@code packstone.fuzz.runs} ends a target that has had so many, over all runs; {@code packstone.fuzz.seconds} for each
 * target this time; {@code packstone.fuzz.targets} a regular expression; {@code packstone.fuzz.corpus} the folder of the corpus.
 */
final class FuzzSoakTest {
    private static final Pattern DONE = Pattern.compile("Done (\\d+) runs in (\\d+) second");

    private final int seconds = Integer.getInteger("packstone.fuzz.seconds", 60);
    private final long goal = Long.getLong("packstone.fuzz.runs", 10_000_000);
    private final Path corpus =
            Path.of(System.getProperty("packstone.fuzz.corpus", "target/fuzz")).toAbsolutePath();

    @Test
    @Tag("soak")
    void jazzerFindsNothingThatIsNeitherDecodedNorRefused() throws Exception {
        Pattern wanted = Pattern.compile(System.getProperty("packstone.fuzz.targets", ".*"));
        Map<String, byte[]> seeds = FuzzTargets.seeds();
        Map<String, Long> runs = new TreeMap<>();
        List<String> failed = new ArrayList<>();
        for (String target : FuzzTargets.all().keySet()) {
            if (wanted.matcher(target).matches()) {
                Path inputs = Files.createDirectories(corpus.resolve(target));
                if (seeds.containsKey(target)) {
                    Files.write(inputs.resolve("seed"), seeds.get(target));
                }
                List<byte[]> kept = FuzzTest.kept(target);
                for (int i = 0; i < kept.size(); i++) {
                    Files.write(inputs.resolve("kept-" + i), kept.get(i));
                }
                runs.put(target, before(target));
                if (runs.get(target) < goal) {
                    fuzz(target, inputs, runs, failed);
                    Files.writeString(tally(target), Long.toString(runs.get(target)));
                }
            }
        }
        runs.forEach((target, count) -> System.out.println("fuzz " + target + ": " + count + " runs"));
        System.out.println(
                "fuzz: " + runs.values().stream().mapToLong(Long::longValue).sum() + " runs of " + runs.size()
                        + " targets, this time and before");
        assertEquals(List.of(), failed);
    }

    /** Where the number of runs of {@code target} stands. */
    private Path tally(String target) {
        return corpus.resolve(target + ".runs");
    }

    private long before(String target) throws IOException {
        return Files.exists(tally(target)) ? Long.parseLong(Files.readString(tally(target))) : 0;
    }

    private void fuzz(String target, Path inputs, Map<String, Long> runs, List<String> failed)
            throws IOException, InterruptedException {
        Path log = corpus.resolve(target + ".log");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-Dpackstone.fuzz.target=" + target,
                        "-cp",
                        ClassPath.option(),
                        "com.code_intelligence.jazzer.Jazzer",
                        "--target_class=" + FuzzEntry.class.getName(),
                        "--instrumentation_includes=io.packstone.**",
                        "--disabled_hooks=.*",
                        "--reproducer_path=" + corpus,
                        "-artifact_prefix=" + corpus.resolve(target) + "-found-",
                        "-max_total_time=" + seconds,
                        "-runs=" + (goal - runs.get(target)),
                        "-max_len=8192",
                        "-timeout=10",
                        "-rss_limit_mb=2048",
                        "-print_final_stats=1",
                        inputs.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            if (!process.waitFor(seconds + 120L, TimeUnit.SECONDS)) {
                failed.add(target + " hangs; see " + log);
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        String told = Files.readString(log, StandardCharsets.ISO_8859_1);
        Matcher done = DONE.matcher(told);
        if (done.find()) {
            runs.merge(target, Long.parseLong(done.group(1)), Long::sum);
        } else {
            failed.add(target + ", exit code " + process.exitValue() + "; see " + log + ": "
                    + told.lines()
                            .filter(line -> line.contains("Exception") || line.contains("Error"))
                            .limit(3)
                            .toList());
        }
    }
}
