package io.packstone.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;

/**
 * Starts programs from the class path of the tests, for those that start hundreds: the largest native library is
 * unpacked once, class folders become jars, and the classes that a first process has loaded go to an archive that later
 * ones map into memory, which saves a third of a short one's time. Thread-safe.
 */
public final class FastJvm {
    private final Path folder;
    private final String classPath;
    private final AtomicInteger lessons = new AtomicInteger();

    /** Keeps what it makes in {@code folder}, which exists and is the caller's to delete. */
    public FastJvm(Path folder) throws IOException {
        this.folder = folder;
        List<String> entries = new ArrayList<>();
        for (URL entry : ClassPath.entries()) {
            Path path = Path.of(entry.getPath());
            entries.add((Files.isDirectory(path) ? jar(path, entries.size()) : path).toString());
        }
        classPath = String.join(java.io.File.pathSeparator, entries);
        String library = Environment.getJniLibraryFileName("rocksdb");
        try (InputStream packed = Objects.requireNonNull(RocksDB.class.getResourceAsStream("/" + library))) {
            Files.copy(packed, folder.resolve(library));
        }
    }

    /** Archives are made of jars only. */
    private Path jar(Path classes, int number) throws IOException {
        Path jar = folder.resolve("classes-" + number + ".jar");
        try (JarOutputStream output = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> all = Files.walk(classes)) {
            output.setLevel(java.util.zip.Deflater.NO_COMPRESSION);
            for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
                output.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                Files.copy(file, output);
                output.closeEntry();
            }
        }
        return jar;
    }

    private Path archive() {
        return folder.resolve("classes.jsa");
    }

    /** True once an archive was made. */
    public boolean hasLearned() {
        return Files.exists(archive());
    }

    /**
     * The beginning of a command line that only lacks the program's arguments.
     *
     * @param temporary a folder for what the process unpacks, which it does not clear away when it is killed
     */
    public List<String> command(String heap, Path temporary, Class<?> main) {
        List<String> words = new ArrayList<>(List.of(MeasuredChild.java().toString(), "-Xmx" + heap, "-Xshare:auto"));
        words.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        words.addAll(List.of("-Xlog:disable", "-Xlog:all=error:stderr"));
        words.addAll(List.of("-Djava.io.tmpdir=" + temporary, "-Djava.library.path=" + folder));
        if (hasLearned()) {
            words.add("-XX:SharedArchiveFile=" + archive());
        }
        words.addAll(List.of("-cp", classPath, main.getName()));
        return words;
    }

    /** A process that runs to its end and teaches others. */
    public final class Lesson {
        private final int number = lessons.incrementAndGet();
        private final Path classes = folder.resolve("lesson-" + number + ".list");

        /** As {@link FastJvm#command}, but slow. */
        public List<String> command(String heap, Path temporary, Class<?> main) {
            List<String> words = FastJvm.this.command(heap, temporary, main);
            words.removeIf(word -> word.startsWith("-XX:SharedArchiveFile="));
            words.add(1, "-XX:DumpLoadedClassList=" + classes);
            return words;
        }

        /** To be called when the process has ended; where no archive can be made others go on without. */
        public void end() throws IOException, InterruptedException {
            Set<String> names = new LinkedHashSet<>();
            for (String line : Files.readAllLines(classes, StandardCharsets.UTF_8)) {
                if (!line.contains("source:")) {
                    names.add(line.replaceFirst(" id: [0-9]+$", ""));
                }
            }
            Files.write(classes, names, StandardCharsets.UTF_8);
            Path made = folder.resolve("lesson-" + number + ".jsa");
            List<String> words = List.of(
                    MeasuredChild.java().toString(),
                    "-Xshare:dump",
                    "-XX:+UseSerialGC",
                    "-XX:SharedClassListFile=" + classes,
                    "-XX:SharedArchiveFile=" + made,
                    "-cp",
                    classPath);
            Process dump = new ProcessBuilder(words)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (dump.waitFor() == 0) {
                Files.move(made, archive(), StandardCopyOption.ATOMIC_MOVE);
            }
        }
    }
}
