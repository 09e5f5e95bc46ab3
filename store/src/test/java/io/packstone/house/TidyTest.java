package io.packstone.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** Tidiness that a machine can see. What it cannot: whether the name is right, the comment true, the code needed. */
class TidyTest {
    private static final Path EXCEPTIONS = Path.of("store/src/test/resources/tidy-exceptions.txt");
    private static final int FILE_LINES = 600;
    private static final int PACKAGE_FILES = 20;
    private static final long FILE_BYTES = 1 << 20;
    private static final Set<String> TEXTS = Set.of("java", "md", "xml", "sh", "py", "txt", "yml", "properties");
    private static final Pattern LATER = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b");
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)\\s]+)\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ +(.*?) *$");
    private static final Pattern IGNORED = Pattern.compile("/(target|build|out|bin|tmp)$");
    private static final Pattern FENCE = Pattern.compile("(?ms)^```.*?^```");

    @Test
    void everySourceKeepsTheHouseRules() throws IOException {
        Findings findings = new Findings();
        List<Path> files = Checkout.files();
        for (Path file : files) {
            checkSize(file, findings);
            if (isText(file)) {
                checkText(file, Checkout.text(file), findings);
            }
        }
        checkJava(
                files.stream().filter(file -> file.toString().endsWith(".java")).toList(), findings);
        checkPackages(files, findings);
        List<String> left = findings.against(Checkout.root().resolve(EXCEPTIONS));
        assertTrue(left.isEmpty(), () -> left.size() + " findings\n  " + String.join("\n  ", left));
    }

    @Test
    void linksInDocumentsResolve() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path file : Checkout.files()) {
            if (file.toString().endsWith(".md")) {
                Matcher link = LINK.matcher(FENCE.matcher(Checkout.text(file)).replaceAll(""));
                while (link.find()) {
                    if (!resolves(file, link.group(1))) {
                        broken.add(file + ": " + link.group(1));
                    }
                }
            }
        }
        assertEquals(List.of(), broken, "links that lead nowhere: mend or remove them");
    }

    @Test
    void noFolderOfSourcesIsIgnoredEverywhere() throws IOException {
        List<Path> hidden = new ArrayList<>();
        for (String module : List.of("store", "cli", "bench")) {
            try (Stream<Path> sources =
                    Files.walk(Checkout.root().resolve(module).resolve("src"))) {
                sources.filter(path -> Files.isDirectory(path)
                                && IGNORED.matcher(path.toString()).find())
                        .forEach(hidden::add);
            }
        }
        assertEquals(List.of(), hidden, "people's own lists of ignored files hide these: give them another name");
    }

    private static void checkSize(Path file, Findings findings) throws IOException {
        long bytes = Files.size(Checkout.root().resolve(file));
        if (bytes > FILE_BYTES) {
            findings.addSized("file-bytes", file, "the file", bytes, "at most 1 MiB: have a test make it");
        }
    }

    private static void checkText(Path file, String text, Findings findings) {
        String[] lines = text.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            if (LATER.matcher(lines[i]).find()) {
                findings.add("later", file, i + 1, "do it now, or file an issue");
            }
            if (lines[i].indexOf('\t') >= 0) {
                findings.add("tab", file, i + 1, "indent with spaces");
            }
            if (lines[i].endsWith(" ") || lines[i].endsWith("\r")) {
                findings.add("trailing-space", file, i + 1, "end the line at its last letter");
            }
        }
        if (!text.isEmpty() && !text.endsWith("\n")) {
            findings.add("last-line", file, lines.length, "end the file with a line break");
        }
        if (file.toString().endsWith(".java") && lines.length > FILE_LINES) {
            findings.addSized(
                    "file-length",
                    file,
                    "the file",
                    lines.length,
                    "at most " + FILE_LINES + " lines: two things live here");
        }
    }

    private static void checkJava(List<Path> files, Findings findings) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        Path root = Checkout.root();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, Locale.ROOT, null)) {
            var sources = manager.getJavaFileObjectsFromPaths(
                    files.stream().map(root::resolve).toList());
            JavacTask task = (JavacTask) compiler.getTask(null, manager, null, List.of("-proc:none"), null, sources);
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                Path file = root.relativize(Path.of(unit.getSourceFile().toUri()));
                new JavaRules(file, unit, positions, findings).scan(unit, null);
            }
        }
    }

    private static void checkPackages(List<Path> files, Findings findings) throws IOException {
        Map<Path, Integer> sizes = new TreeMap<>();
        for (Path file : files) {
            if (Checkout.isMain(file) && file.toString().endsWith(".java")) {
                sizes.merge(file.getParent(), file.endsWith("package-info.java") ? 0 : 1, Integer::sum);
            }
        }
        for (Map.Entry<Path, Integer> folder : sizes.entrySet()) {
            Path page = folder.getKey().resolve("package-info.java");
            if (folder.getValue() > PACKAGE_FILES) {
                findings.addSized(
                        "package-files",
                        page,
                        "the package",
                        folder.getValue(),
                        "at most " + PACKAGE_FILES + " classes: split it");
            }
            String text = files.contains(page) ? Checkout.text(page).replaceAll("\\s+(\\* )?", " ") : "";
            for (String answer : List.of("lives here", "does not", "nvariants", "ead on", "@NullMarked")) {
                if (!text.contains(answer)) {
                    findings.add(
                            "package-info",
                            page,
                            1,
                            "say what lives here, what does not, which invariants hold,"
                                    + " where to read on, and @NullMarked (missing: " + answer + ")");
                }
            }
        }
    }

    private static boolean resolves(Path from, String link) throws IOException {
        if (link.matches("[a-z]+:.*")) {
            return true;
        }
        int hash = link.indexOf('#');
        String path = hash < 0 ? link : link.substring(0, hash);
        Path folder = from.getParent() == null ? Path.of("") : from.getParent();
        Path target = path.isEmpty() ? from : folder.resolve(path).normalize();
        if (!Files.exists(Checkout.root().resolve(target))) {
            return false;
        }
        return hash < 0 || anchors(Checkout.text(target)).contains(link.substring(hash + 1));
    }

    private static Set<String> anchors(String page) {
        Set<String> anchors = new java.util.HashSet<>();
        Matcher heading = HEADING.matcher(FENCE.matcher(page).replaceAll(""));
        while (heading.find()) {
            String words = heading.group(1).toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "");
            anchors.add(words.replace(' ', '-'));
        }
        return anchors;
    }

    private static boolean isText(Path file) {
        String name = file.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return dot < 0 ? !name.equals("LICENSE") : TEXTS.contains(name.substring(dot + 1));
    }
}
