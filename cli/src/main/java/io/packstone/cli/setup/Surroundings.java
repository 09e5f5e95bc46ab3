package io.packstone.cli.setup;

import io.packstone.cli.text.Console;
import io.packstone.metadata.RawName;
import java.io.BufferedInputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a run finds around it. A test hands in its own.
 *
 * @param environment variables by name
 * @param folder the current folder, absolute
 * @param clock the time, and the zone that times are shown in
 * @param prompt how to ask for a password
 * @param resultsAreTerminal standard output is a terminal
 */
public record Surroundings(
        Map<String, String> environment,
        RawName folder,
        Console console,
        Clock clock,
        Prompt prompt,
        boolean resultsAreTerminal) {

    /** Asks a person for a secret. */
    public interface Prompt {
        /**
         * The bytes typed in answer, without the line's end and without echo; null when there is no terminal.
         *
         * @throws IOException when the terminal fails or its input ends
         */
        byte @Nullable [] ask(String question) throws IOException;
    }

    /** Those of this process. */
    public static Surroundings ofProcess() throws IOException {
        boolean messages = Terminal.is(2);
        InputStream input = new BufferedInputStream(ProcessInput.standard());
        Console console = new Console(
                input,
                new FileOutputStream(FileDescriptor.out),
                new FileOutputStream(FileDescriptor.err),
                messages && !"dumb".equals(System.getenv("TERM")) ? Terminal.columns() : null);
        Prompt prompt = messages || Terminal.is(0) ? new HiddenPrompt() : question -> null;
        RawName folder = RawText.name(Files.readSymbolicLink(Path.of("/proc/self/cwd")));
        return new Surroundings(System.getenv(), folder, console, new ComputerClock(), prompt, Terminal.is(1));
    }

    /** A variable; null when it is absent or empty. */
    public @Nullable String variable(String name) {
        String value = environment.get(name);
        return value == null || value.isEmpty() ? null : value;
    }

    /** This computer's name, as the kernel has it. */
    public String host() throws IOException {
        String host = Files.readString(Path.of("/proc/sys/kernel/hostname"), StandardCharsets.UTF_8)
                .strip();
        return host.isEmpty() ? "localhost" : host;
    }

    /** Who runs this. */
    public String user() {
        return System.getProperty("user.name", "unknown");
    }

    /** {@code given} as an absolute name without {@code .}, {@code ..} and doubled slashes. */
    public RawName absolute(String given) throws IOException {
        return absolute(RawText.encode(given));
    }

    /** The same for bytes. */
    public RawName absolute(RawName given) throws IOException {
        return Absolute.of(folder, given);
    }

    /** {@code given} as a path of the file system. */
    public Path path(String given) throws IOException {
        return RawText.path(absolute(given));
    }
}
