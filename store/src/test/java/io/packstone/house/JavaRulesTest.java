package io.packstone.house;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules bite: each bad line is found by its rule, and decent ones by none. */
class JavaRulesTest {
    private static final Path LIBRARY = Path.of("store/src/main/java/io/packstone/A.java");

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "class PackManager {}                                                | class-name",
                "class AbstractPack {}                                               | class-name",
                "class A { int blobCount; }                                          | vocabulary",
                "class A { void put(int itemIndex) {} }                              | vocabulary",
                "class A { void a() { try { b(); } catch (IOException e) { } } }     | empty-catch",
                "class A { void a() { try { b(); } catch (Exception e) { c(); } } }  | broad-catch",
                "class A { void a(Throwable t) { t.printStackTrace(); } }            | stack-trace",
                "class A { Object a(String s) { return s.getBytes(); } }             | default-charset",
                "class A { Object a(byte[] b) { return new String(b); } }            | default-charset",
                "class A { Object a(String s) { return s.toLowerCase(); } }          | default-locale",
                "class A { Object a(int n) { return \"%d\".formatted(n); } }         | default-locale",
                "class A { Object a(int n) { return String.format(\"%d\", n); } }    | default-locale",
                "class A { Object a() { return new Random(); } }                     | randomness",
                "class A { Object a() { return new SecureRandom(); } }               | randomness",
                "class A { Object a() { return UUID.randomUUID(); } }                | randomness",
                "class A { Object a() { return Instant.now(); } }                    | clock",
                "class A { long a() { return System.currentTimeMillis(); } }         | clock",
                "class A { void a() { System.out.println(); } }                      | prints",
                "class A { void a() { System.exit(1); } }                            | exit"
            })
    void badLinesAreFound(String source, String rule) throws IOException {
        assertEquals(Set.of(rule), rulesBrokenBy(source));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "class PackWriter { FileMetadata metadata; int archivedCount; }",
                "class A { void a() { try { b(); } catch (IOException e) { /* nothing is lost */ } } }",
                "class A { Object a(byte[] b) { return new String(b, UTF_8).toLowerCase(Locale.ROOT); } }",
                "class A { Object a(long seed, Clock clock) { return new Random(seed).nextLong() + Instant.now(clock); } }",
                "class A { Object a(int n) { return String.format(Locale.ROOT, \"%d\", n); } }"
            })
    void decentLinesAreNot(String source) throws IOException {
        assertEquals(Set.of(), rulesBrokenBy(source));
    }

    @Test
    void aLongMethodIsFoundAndItsExceptionMayOnlyShrink() throws IOException {
        String source = "class A {\nvoid a() {\n" + "b();\n".repeat(68) + "}\n}\n";
        assertEquals(Set.of("method-length"), rulesBrokenBy(source));
        assertEquals(List.of(), left(source, "method-length " + LIBRARY + " 70"));
        assertEquals(1, left(source, "method-length " + LIBRARY + " 69").size());
        assertEquals(1, left(source, "method-length " + LIBRARY + " 71").size());
        assertEquals(1, left("class A {}", "method-length " + LIBRARY + " 70").size());
    }

    private Set<String> rulesBrokenBy(String source) throws IOException {
        Set<String> rules = new TreeSet<>();
        for (String message : left(source, "")) {
            rules.add(message.split(": ")[1]);
        }
        return rules;
    }

    private List<String> left(String source, String exceptions) throws IOException {
        Path list = Files.writeString(folder.resolve("exceptions.txt"), exceptions);
        JavaFileObject file = new SimpleJavaFileObject(URI.create("string:///A.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
        JavacTask task = (JavacTask) ToolProvider.getSystemJavaCompiler()
                .getTask(null, null, null, List.of("-proc:none"), null, List.of(file));
        Findings findings = new Findings();
        for (CompilationUnitTree unit : task.parse()) {
            new JavaRules(LIBRARY, unit, Trees.instance(task).getSourcePositions(), findings).scan(unit, null);
        }
        return findings.against(list);
    }
}
