package io.packstone.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.id.ChunkId;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java sample of the README compiles as it stands. */
class ReadmeTest {
    private static final Pattern SAMPLE = Pattern.compile("(?s)```java\n(.*?)```");
    private static final Pattern IMPORT = Pattern.compile("(?m)^import .*;$");

    @TempDir
    Path output;

    @Test
    void theSampleCompiles() throws IOException {
        Matcher sample = SAMPLE.matcher(Checkout.text(Path.of("README.md")));
        assertTrue(sample.find(), "README.md shows no Java");
        assertEquals(List.of(), problems(asClass(sample.group(1))));
    }

    /** Where the library was compiled to, whoever runs the test. */
    private static String classPath() {
        String here = Path.of(URI.create(ChunkId.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toString()))
                .toString();
        return here + File.pathSeparator + System.getProperty("java.class.path");
    }

    /** Imports stay above; the rest becomes the body of a method. */
    private static String asClass(String sample) {
        Matcher imports = IMPORT.matcher(sample);
        StringBuilder source = new StringBuilder();
        while (imports.find()) {
            source.append(imports.group()).append('\n');
        }
        String body = IMPORT.matcher(sample).replaceAll("");
        return source + "class Sample {\n void run() throws Exception {\n" + body + "\n}\n}\n";
    }

    private List<String> problems(String source) {
        JavaFileObject file =
                new SimpleJavaFileObject(URI.create("string:///Sample.java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return source;
                    }
                };
        DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
        List<String> options = List.of("-proc:none", "-d", output.toString(), "-classpath", classPath());
        ToolProvider.getSystemJavaCompiler()
                .getTask(null, null, problems, options, null, List.of(file))
                .call();
        return problems.getDiagnostics().stream()
                .filter(problem -> problem.getKind() == Diagnostic.Kind.ERROR)
                .map(problem -> problem.getLineNumber() + ": " + problem.getMessage(Locale.ROOT))
                .toList();
    }
}
