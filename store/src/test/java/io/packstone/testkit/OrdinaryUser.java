package io.packstone.testkit;

import io.packstone.posix.Posix;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Runs test methods as nobody when the build runs as root; see {@link AsOrdinaryUser}. */
public final class OrdinaryUser implements InvocationInterceptor {
    private static final String NOBODY = "65534";
    private static final int SECONDS_MAX = 120;

    /** For JUnit. */
    public OrdinaryUser() {}

    @Override
    public void interceptTestMethod(
            Invocation<Void> invocation, ReflectiveInvocationContext<Method> method, ExtensionContext context)
            throws Throwable {
        if (!new Posix().isSuperuser()) {
            invocation.proceed();
            return;
        }
        invocation.skip();
        Method tested = method.getExecutable();
        List<String> command = command(List.of("-Xmx256m", "-Dfile.encoding=UTF-8"), OrdinaryUser.class.getName());
        command.add(tested.getDeclaringClass().getName() + "#" + tested.getName());
        Path output = Files.createTempFile("as-nobody", ".txt");
        try {
            Process child = new ProcessBuilder(command)
                    .directory(new File("/"))
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            boolean ended = child.waitFor(SECONDS_MAX, TimeUnit.SECONDS);
            child.destroyForcibly();
            if (!ended || child.exitValue() != 0) {
                throw new AssertionError("as nobody, " + (ended ? "" : "not ended: ") + Files.readString(output));
            }
        } finally {
            Files.delete(output);
        }
    }

    /**
     * How to start a Java program of this class path as nobody, who can't read the home folder that libraries may lie in:
     * a class path of hard links is made, and deleted when this process ends. The test is skipped where that can't be.
     */
    public static List<String> command(List<String> options, String mainClass) throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Assumptions.assumeTrue(new Posix().isSuperuser(), "only the superuser becomes somebody else");
        List<String> command = new ArrayList<>(List.of("setpriv", "--reuid", NOBODY, "--regid", NOBODY));
        command.addAll(List.of("--clear-groups", java.toString()));
        Assumptions.assumeTrue(canRun(command), "needs setpriv, and a Java that nobody may read");
        command.addAll(options);
        command.addAll(List.of("-cp", Readable.CLASS_PATH, mainClass));
        return command;
    }

    private static boolean canRun(List<String> command) throws IOException {
        List<String> version = new ArrayList<>(command);
        version.add("-version");
        try {
            ProcessBuilder.Redirect nowhere = ProcessBuilder.Redirect.DISCARD;
            Process child = new ProcessBuilder(version)
                    .redirectErrorStream(true)
                    .redirectOutput(nowhere)
                    .start();
            return child.waitFor() == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (IOException e) {
            return false; // there is no such command
        }
    }

    /** The class path where everybody may read it. */
    private static final class Readable {
        static final String CLASS_PATH = make();

        private static String make() {
            try {
                Path folder = Files.createTempDirectory("class-path");
                Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
                Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder.toFile())));
                List<String> entries = new ArrayList<>();
                for (String entry : ClassPath.option().split(File.pathSeparator)) {
                    Path source = Path.of(entry);
                    if (Files.exists(source)) {
                        Path target = folder.resolve(entries.size() + "-" + source.getFileName());
                        link(source, target);
                        entries.add(target.toString());
                    }
                }
                return String.join(File.pathSeparator, entries);
            } catch (IOException e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        private static void link(Path source, Path target) throws IOException {
            try (Stream<Path> all = Files.walk(source)) {
                for (Path path : all.toList()) {
                    Path to = target.resolve(source.relativize(path).toString());
                    if (Files.isDirectory(path)) {
                        Files.createDirectories(to);
                        Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rwxr-xr-x"));
                    } else {
                        linkOrCopy(path, to);
                    }
                }
            }
        }

        private static void linkOrCopy(Path from, Path to) throws IOException {
            try {
                Files.createLink(to, from);
            } catch (FileSystemException e) {
                Files.copy(from, to); // on another file system
            }
        }

        private static void delete(File file) {
            File[] below = file.listFiles();
            if (below != null) {
                for (File each : below) {
                    delete(each);
                }
            }
            file.delete();
        }
    }

    /** The child: one test method, {@code class#method}. */
    public static void main(String[] arguments) {
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(DiscoverySelectors.selectMethod(arguments[0]))
                                .build(),
                        listener);
        TestExecutionSummary summary = listener.getSummary();
        summary.printFailuresTo(new PrintWriter(System.out, true, StandardCharsets.UTF_8), 100);
        System.exit(summary.getTestsSucceededCount() == 1 ? 0 : 1);
    }
}
