package io.packstone.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.properties.HasOwner;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadPoolExecutor;
import org.junit.jupiter.api.Test;

/** Holds the floors of docs/architecture.md: who may import whom, who may touch which library, who may make threads. */
class ArchitectureTest {
    private static final String ROOT = "io.packstone.";
    private static final Path SOURCES = Checkout.root().resolve("store/src/main/java");

    private static final List<String> A = List.of("id", "error", "bytes", "metadata", "progress");
    private static final List<String> B = List.of("crypto", "chunker", "compress", "format", "posix");
    private static final List<String> C = List.of("backend", "source");
    private static final List<String> D = List.of("pack", "segment", "manifest", "snapshot", "keyslot", "parity");
    private static final List<String> E = List.of("index", "pipeline", "repository");
    private static final List<String> F =
            List.of("backup", "restore", "copy", "maintenance", "bundle", "browse", "watch");

    /** Above what the floors say: the doors that docs/architecture.md names. */
    private static final Map<String, Set<String>> DOORS = Map.of(
            "backup", Set.of("chunker", "compress", "crypto", "format", "source"),
            "restore", Set.of("crypto", "posix", "source"),
            "browse", Set.of("source"),
            "watch", Set.of("backup", "maintenance", "posix", "source"),
            "bundle", Set.of("compress", "crypto", "format"),
            "maintenance", Set.of("backend", "crypto", "format"));

    /** The only packages that may touch a library, by the prefix of its classes. */
    private static final Map<String, Set<String>> LIBRARIES = Map.of(
            "com.sun.jna", Set.of("posix"),
            "org.rocksdb", Set.of("index"),
            "org.bouncycastle", Set.of("crypto"),
            "com.amazon.corretto", Set.of("crypto"),
            "com.github.luben.zstd", Set.of("compress"),
            "net.jpountz", Set.of("compress"),
            "com.fasterxml.jackson", Set.of("format", "manifest", "snapshot", "keyslot"));

    private static final Set<String> THREADS = Set.of("pipeline", "restore", "backup", "repository", "maintenance");

    private static final JavaClasses CLASSES = load();

    /** A class counts when its source stands in src/main, wherever it was compiled to. */
    private static JavaClasses load() {
        return new ClassFileImporter().importPackages("io.packstone").that(new DescribedPredicate<>("shipped") {
            @Override
            public boolean test(JavaClass type) {
                String outer = type.getName().replaceFirst("\\$.*", "").replace('.', '/');
                return Files.exists(SOURCES.resolve(outer + ".java"));
            }
        });
    }

    @Test
    void everyPackageStandsOnAFloor() throws IOException {
        Set<String> known = new HashSet<>();
        List.of(A, B, C, D, E, F).forEach(known::addAll);
        Set<String> strangers = new TreeSet<>();
        try (var folders = Files.list(SOURCES.resolve("io/packstone"))) {
            folders.map(folder -> folder.getFileName().toString())
                    .filter(name -> !known.contains(name))
                    .forEach(strangers::add);
        }
        assertEquals(Set.of(), strangers, "packages on no floor: give each a place in docs/architecture.md and here");
    }

    @Test
    void packagesImportLowerFloorsOnly() {
        Map<String, Set<String>> allowed = allowed();
        Map<String, List<String>> wrong = new TreeMap<>();
        for (JavaClass type : CLASSES) {
            String from = home(type);
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                JavaClass target = dependency.getTargetClass();
                if (target.getPackageName().startsWith(ROOT)
                        && !home(target).equals(from)
                        && !allowed.getOrDefault(from, Set.of()).contains(home(target))) {
                    wrong.computeIfAbsent(from + " may not use " + home(target), pair -> new ArrayList<>())
                            .add(dependency.getDescription());
                }
            }
        }
        List<String> summary = new ArrayList<>();
        wrong.forEach((pair, uses) -> summary.add(pair + ", " + uses.size() + " times, such as " + uses.get(0)));
        assertNone(summary, "imports against the floors: move the class down, or hand in what it needs");
    }

    @Test
    void kindsOfStorageKnowOnlyTheBackend() {
        List<String> wrong = new ArrayList<>();
        for (JavaClass type : CLASSES) {
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                String from = type.getPackageName();
                String to = dependency.getTargetClass().getPackageName();
                if (from.startsWith(ROOT + "backend") && to.startsWith(ROOT + "backend.") && !to.equals(from)) {
                    wrong.add(dependency.getDescription());
                }
            }
        }
        assertNone(wrong, "a kind of storage imports backend and no other kind; backend imports none");
    }

    @Test
    void noCycles() {
        slices().matching("io.packstone.(**)")
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void librariesStayInTheirPackage() {
        List<String> wrong = new ArrayList<>();
        for (JavaClass type : CLASSES) {
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                String used = dependency.getTargetClass().getBaseComponentType().getName();
                if (isForeign(used) && !mayTouch(home(type), used)) {
                    wrong.add(dependency.getDescription());
                }
            }
        }
        assertNone(
                wrong, "a library outside the package that owns it: go through that package, or add it to LIBRARIES");
    }

    @Test
    void pureFloorsDoNoInputOrOutput() {
        List<String> pure = new ArrayList<>(A);
        pure.addAll(B);
        pure.remove("posix");
        pure.addAll(D);
        noClasses()
                .that()
                .resideInAnyPackage(packages(pure))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.nio.file..", "java.nio.channels..", "java.net..", "java.util.logging..")
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("java\\.io\\.(File|RandomAccessFile|Console).*")
                .orShould()
                .callMethodWhere(owner(System.class, "nanoTime", "currentTimeMillis"))
                .because("floors A, B and D take bytes and give bytes; hand the time or the file in")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void threadsAreMadeInFewPlaces() {
        noClasses()
                .that(new DescribedPredicate<>("are not " + THREADS) {
                    @Override
                    public boolean test(JavaClass type) {
                        return !THREADS.contains(home(type));
                    }
                })
                .should()
                .callConstructorWhere(owner(Thread.class))
                .orShould()
                .callConstructorWhere(owner(ThreadPoolExecutor.class))
                .orShould()
                .callConstructorWhere(owner(ForkJoinPool.class))
                .orShould()
                .callMethodWhere(owner(Executors.class))
                .orShould()
                .callMethodWhere(owner(CompletableFuture.class, "runAsync", "supplyAsync"))
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.Timer")
                .because("an executor is handed in by who owns the operation")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void aLibraryNeitherPrintsNorExits() {
        noClasses()
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethodWhere(owner(System.class, "exit"))
                .orShould()
                .callMethodWhere(owner(Runtime.class, "exit", "halt", "addShutdownHook"))
                .because(
                        "only the command line talks to a person and ends the process; report through a ProgressListener")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void nothingStaticChanges() {
        fields().that()
                .areStatic()
                .and()
                .doNotHaveModifier(JavaModifier.SYNTHETIC)
                .should()
                .beFinal()
                .because("state arrives through constructors, so that two repositories live in one JVM")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void theWalkNeverHandlesFailuresOfTheStore() {
        noClasses()
                .that()
                .resideInAnyPackage(ROOT + "source..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName(ROOT + "error.StoreException")
                .because("one unreadable file is no reason to stop, and a full repository no reason to go on")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    private static Map<String, Set<String>> allowed() {
        Map<String, Set<String>> allowed = new LinkedHashMap<>();
        addFloor(allowed, A, List.of());
        addFloor(allowed, B, List.of(A));
        addFloor(allowed, C, List.of(A, List.of("posix")));
        addFloor(allowed, D, List.of(A, B));
        addFloor(allowed, E, List.of(A, B, C, D));
        addFloor(allowed, F, List.of(A, D, E));
        DOORS.forEach((from, to) -> allowed.get(from).addAll(to));
        D.forEach(name -> allowed.get(name).remove("posix"));
        return allowed;
    }

    /** A package imports lower floors and those listed before it on its own. */
    private static void addFloor(Map<String, Set<String>> allowed, List<String> floor, List<List<String>> lower) {
        for (int i = 0; i < floor.size(); i++) {
            Set<String> targets = new HashSet<>(floor.subList(0, i));
            lower.forEach(targets::addAll);
            allowed.put(floor.get(i), targets);
        }
        allowed.getOrDefault("source", new HashSet<>()).remove("backend");
    }

    private static boolean isForeign(String name) {
        return name.contains(".")
                && !name.startsWith("java.")
                && !name.startsWith("javax.crypto.")
                && !name.startsWith(ROOT)
                && !name.startsWith("org.jspecify.");
    }

    private static boolean mayTouch(String home, String name) {
        return LIBRARIES.entrySet().stream()
                .anyMatch(library -> name.startsWith(library.getKey() + ".")
                        && library.getValue().contains(home));
    }

    /** The package of floor A to F that a class belongs to: the first name below the root. */
    private static String home(JavaClass type) {
        String name = type.getPackageName() + ".";
        return name.startsWith(ROOT) ? name.substring(ROOT.length(), name.indexOf('.', ROOT.length())) : "";
    }

    private static String[] packages(List<String> names) {
        return names.stream().map(name -> ROOT + name + "..").toArray(String[]::new);
    }

    private static <T extends JavaAccess<?>> DescribedPredicate<T> owner(Class<?> owner, String... names) {
        return new DescribedPredicate<>(owner.getSimpleName() + List.of(names)) {
            @Override
            public boolean test(T access) {
                return ((HasOwner<JavaClass>) access.getTarget()).getOwner().isEquivalentTo(owner)
                        && (names.length == 0
                                || List.of(names).contains(access.getTarget().getName()));
            }
        };
    }

    private static void assertNone(List<String> wrong, String rule) {
        assertTrue(
                wrong.isEmpty(),
                () -> rule + "\n  " + String.join("\n  ", wrong.subList(0, Math.min(20, wrong.size()))));
    }
}
