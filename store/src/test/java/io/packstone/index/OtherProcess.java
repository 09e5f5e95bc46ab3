package io.packstone.index;

import io.packstone.id.SegmentId;
import io.packstone.testkit.ClassPath;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Another JVM that opens an index and does what it is told, a line at a time: the main class of the child, and the
 * parent's hold on it. Packs are those of {@link #pack}, the same in both.
 */
final class OtherProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader answers;

    OtherProcess(Path cache) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // A process that ends by halt does not clear away the libraries that it unpacked.
        Path temporary = Files.createDirectories(cache.resolve("tmp"));
        command.add("-Djava.io.tmpdir=" + temporary);
        command.addAll(List.of("-Xmx128m", "-cp", ClassPath.option()));
        command.addAll(List.of(OtherProcess.class.getName(), cache.toString()));
        process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    static SyntheticPacks.Pack pack(long seed) throws IOException {
        SyntheticPacks make = new SyntheticPacks(seed);
        return make.pack(make.rows(200));
    }

    static SyntheticPacks.Segment segment(long seed) throws IOException {
        SyntheticPacks make = new SyntheticPacks(seed);
        return make.segment(List.of(make.pack(make.rows(200))));
    }

    /** True when the last chunk of that pack is found in that pack. */
    static boolean knows(ChunkIndex index, long seed) throws IOException {
        SyntheticPacks.Pack pack = pack(seed);
        ChunkLocation found = index.find(pack.table().rowId(199), pack.table().rowType(199));
        return found != null && found.pack().equals(pack.id());
    }

    static void add(ChunkIndex index, long seed) throws IOException {
        SyntheticPacks.Pack pack = pack(seed);
        index.addPack(pack.id(), pack.length(), pack.table());
    }

    /** Says a line and returns the answer; null when the child has ended. */
    String tell(String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
        return String.valueOf(answers.readLine());
    }

    /** Waits until the child has ended. */
    int end() throws InterruptedException {
        return process.waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    /** The child: {@code add SEED}, {@code segments SEED COUNT}, {@code knows SEED}, {@code crash}, {@code crash-loading SEED}, {@code close}. */
    public static void main(String[] arguments) throws IOException {
        OutputStream output = System.out;
        try (ChunkIndex index = IndexFolder.open(Path.of(arguments[0]), SyntheticPacks.repository(1));
                BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = input.readLine(); line != null && !line.equals("close"); line = input.readLine()) {
                output.write((obey(index, line.split(" ")) + "\n").getBytes(StandardCharsets.UTF_8));
                output.flush();
            }
        }
    }

    private static String obey(ChunkIndex index, String[] words) throws IOException {
        switch (words[0]) {
            case "kind":
                return index.getClass().getSimpleName();
            case "add":
                add(index, Long.parseLong(words[1]));
                return "added";
            case "segments":
                load(index, Integer.parseInt(words[1]), Integer.parseInt(words[2]), false);
                return "loaded";
            case "knows":
                return String.valueOf(knows(index, Long.parseLong(words[1])));
            case "crash-loading":
                load(index, Integer.parseInt(words[1]), 20, true);
                return "not reached";
            default:
                Runtime.getRuntime().halt(9);
                return "not reached";
        }
    }

    private static void load(ChunkIndex index, int seed, int count, boolean crash) throws IOException {
        List<SyntheticPacks.Segment> segments = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            segments.add(segment(seed + i));
        }
        SyntheticPacks[] make = new SyntheticPacks[count];
        List<SegmentId> ids = segments.stream().map(SyntheticPacks.Segment::id).toList();
        index.addSegments(
                ids,
                id -> {
                    int i = ids.indexOf(id);
                    if (crash && i == count / 2) {
                        Runtime.getRuntime().halt(9);
                    }
                    make[i] = new SyntheticPacks(seed + i);
                    return make[i].open(segments.get(i));
                },
                (id, cause) -> {
                    throw new AssertionError(cause);
                });
    }
}
