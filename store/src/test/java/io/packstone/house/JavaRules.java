package io.packstone.house;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.CatchTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The rules for one Java source, over the compiler's own tree. One scanner a file. */
final class JavaRules extends TreeScanner<@Nullable Void, @Nullable Void> {
    private static final int METHOD_LINES = 60;
    private static final Set<String> CLASS_WORDS = Set.of(
            "Manager",
            "Helper",
            "Helpers",
            "Util",
            "Utils",
            "Impl",
            "Handler",
            "Processor",
            "Common",
            "Misc",
            "Info",
            "Data");
    private static final Set<String> CLASS_FIRST_WORDS = Set.of("Abstract", "Base");
    private static final Set<String> NAME_WORDS = Set.of("blob", "blobs", "archive", "archives", "item", "items");
    private static final Pattern WORDS = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|_");
    private static final Set<String> CLOCKS =
            Set.of("System.currentTimeMillis", "Clock.systemUTC", "Clock.systemDefaultZone");
    private static final Set<String> DICE = Set.of("Math.random", "ThreadLocalRandom.current", "UUID.randomUUID");

    private final Path file;
    private final String text;
    private final CompilationUnitTree unit;
    private final SourcePositions positions;
    private final LineMap lines;
    private final Findings findings;
    private final boolean main;
    private final boolean library;

    JavaRules(Path file, CompilationUnitTree unit, SourcePositions positions, Findings findings) throws IOException {
        this.file = file;
        this.text = unit.getSourceFile().getCharContent(true).toString();
        this.unit = unit;
        this.positions = positions;
        this.lines = unit.getLineMap();
        this.findings = findings;
        this.main = Checkout.isMain(file);
        this.library = main && file.startsWith("store");
    }

    @Override
    public @Nullable Void visitClass(ClassTree type, @Nullable Void nothing) {
        List<String> words = List.of(WORDS.split(type.getSimpleName()));
        for (String word : words) {
            if (CLASS_WORDS.contains(word) || CLASS_FIRST_WORDS.contains(words.get(0))) {
                add("class-name", type, type.getSimpleName() + " says nothing: name what it is or what sets it apart");
                break;
            }
        }
        checkWord(type.getSimpleName().toString(), type);
        return super.visitClass(type, nothing);
    }

    @Override
    public @Nullable Void visitMethod(MethodTree method, @Nullable Void nothing) {
        BlockTree body = method.getBody();
        if (body != null) {
            long length = line(positions.getEndPosition(unit, body)) - line(start(method)) + 1;
            if (length > METHOD_LINES) {
                String name = method.getName().toString();
                findings.addSized(
                        "method-length", file, name, length, "at most " + METHOD_LINES + " lines: take a step out");
            }
        }
        checkWord(method.getName().toString(), method);
        return super.visitMethod(method, nothing);
    }

    @Override
    public @Nullable Void visitVariable(VariableTree variable, @Nullable Void nothing) {
        checkWord(variable.getName().toString(), variable);
        return super.visitVariable(variable, nothing);
    }

    @Override
    public @Nullable Void visitCatch(CatchTree clause, @Nullable Void nothing) {
        BlockTree block = clause.getBlock();
        int from = (int) start(block);
        String body = text.substring(from, (int) positions.getEndPosition(unit, block));
        if (body.replaceAll("[{}\\s]", "").isEmpty()) {
            add("empty-catch", clause, "say in a comment why nothing is to be done, or do it");
        }
        String caught = clause.getParameter().getType().toString();
        if (main && Set.of("Exception", "Throwable", "RuntimeException").contains(caught)) {
            add("broad-catch", clause, "catch what can happen; only a worker's edge and Main catch " + caught);
        }
        return super.visitCatch(clause, nothing);
    }

    @Override
    public @Nullable Void visitMethodInvocation(MethodInvocationTree call, @Nullable Void nothing) {
        ExpressionTree select = call.getMethodSelect();
        if (select instanceof MemberSelectTree member) {
            checkCall(
                    call,
                    member.getExpression().toString(),
                    member.getIdentifier().toString());
        }
        return super.visitMethodInvocation(call, nothing);
    }

    private void checkCall(MethodInvocationTree call, String owner, String name) {
        int arguments = call.getArguments().size();
        String both = owner + "." + name;
        if (name.equals("printStackTrace")) {
            add("stack-trace", call, "throw it on, or report it to the listener");
        } else if (main && name.equals("getBytes") && arguments == 0) {
            add("default-charset", call, "name the charset: getBytes(StandardCharsets.UTF_8)");
        } else if (main && Set.of("toLowerCase", "toUpperCase").contains(name) && arguments == 0) {
            add("default-locale", call, "name the locale: " + name + "(Locale.ROOT)");
        } else if (main && name.equals("formatted")) {
            add("default-locale", call, "formatted() takes the machine's locale: String.format(Locale.ROOT, ...)");
        } else if (main
                && Set.of("format", "printf").contains(name)
                && arguments > 0
                && isText(call.getArguments().get(0))) {
            add("default-locale", call, name + " takes the machine's locale: pass Locale.ROOT first");
        } else if (DICE.contains(both)) {
            add("randomness", call, both + " cannot be repeated: have the randomness handed in");
        } else if (library && (CLOCKS.contains(both) || both.equals("Instant.now") && arguments == 0)) {
            add("clock", call, both + " cannot be repeated: have a Clock handed in");
        } else if (main && both.equals("System.exit") && !file.endsWith("Main.java")) {
            add("exit", call, "only Main ends the process: return an exit code");
        }
    }

    @Override
    public @Nullable Void visitNewClass(NewClassTree creation, @Nullable Void nothing) {
        String type = creation.getIdentifier().toString();
        int arguments = creation.getArguments().size();
        if (main && type.equals("String") && (arguments == 1 || arguments == 3)) {
            add("default-charset", creation, "name the charset of new String(bytes), or use String.valueOf(chars)");
        } else if (main
                && arguments == 1
                && Set.of("InputStreamReader", "OutputStreamWriter", "FileReader", "FileWriter", "Scanner")
                        .contains(type)) {
            add("default-charset", creation, "name the charset of new " + type + "(...)");
        } else if (arguments == 0 && Set.of("Random", "SplittableRandom").contains(type)) {
            add("randomness", creation, "seed it, so that a failure can be repeated");
        } else if (library && type.equals("SecureRandom") && !file.endsWith("crypto/Randomness.java")) {
            add("randomness", creation, "have Randomness handed in");
        }
        return super.visitNewClass(creation, nothing);
    }

    @Override
    public @Nullable Void visitMemberSelect(MemberSelectTree select, @Nullable Void nothing) {
        if (library && Set.of("System.out", "System.err").contains(select.toString())) {
            add("prints", select, "a library does not print: report to the listener");
        }
        return super.visitMemberSelect(select, nothing);
    }

    private void checkWord(String name, Tree tree) {
        if (!main) {
            return;
        }
        for (String word : WORDS.split(name)) {
            if (NAME_WORDS.contains(word.toLowerCase(Locale.ROOT))) {
                add(
                        "vocabulary",
                        tree,
                        "'" + name
                                + "' is not in the vocabulary of docs/architecture.md: chunk, block, pack, entry, ...");
                return;
            }
        }
    }

    private static boolean isText(Tree argument) {
        return argument instanceof LiteralTree || argument.getKind() == Tree.Kind.PLUS;
    }

    private long start(Tree tree) {
        return positions.getStartPosition(unit, tree);
    }

    private long line(long position) {
        return lines.getLineNumber(position);
    }

    private void add(String rule, Tree tree, String remedy) {
        findings.add(rule, file, line(start(tree)), remedy);
    }
}
