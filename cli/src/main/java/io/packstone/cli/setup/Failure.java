package io.packstone.cli.setup;

import io.packstone.cli.text.Console;
import io.packstone.cli.text.Json;
import io.packstone.error.ErrorKind;
import io.packstone.error.SourceException;
import io.packstone.error.StoreException;
import io.packstone.metadata.Quoting;
import io.packstone.posix.Refusal;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileSystemException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A failure as it is told: by a line, a JSON document, an exit code.
 *
 * @param kind one word for scripts
 * @param message one line, quoted
 * @param object the stored object concerned, if there is one
 * @param path the file concerned, quoted, if there is one
 */
public record Failure(
        String kind,
        String message,
        @Nullable String object,
        @Nullable String path,
        ExitCode code) {

    /** What {@code thrown} means. */
    public static Failure of(Throwable thrown) {
        if (thrown instanceof StoreException failure) {
            String message = Quoting.quote(String.valueOf(failure.getMessage()));
            return new Failure(word(failure.kind()), message, failure.object(), null, ExitCode.of(failure.kind()));
        }
        if (thrown instanceof UncheckedIOException wrapped && wrapped.getCause() instanceof StoreException cause) {
            return of(cause);
        }
        if (thrown instanceof SourceException failure) {
            return new Failure("source", String.valueOf(failure.getMessage()), null, failure.path(), ExitCode.FAILED);
        }
        if (thrown instanceof UsageException) {
            return usage(String.valueOf(thrown.getMessage()));
        }
        if (thrown instanceof FileSystemException failure) {
            String path = Quoting.quote(String.valueOf(failure.getFile()));
            String message = path + ": " + Quoting.quote(Refusal.of(failure).toString());
            return new Failure("system", message, null, path, ExitCode.FAILED);
        }
        if (thrown instanceof IOException || thrown instanceof UncheckedIOException) {
            return new Failure("system", Quoting.quote(message(thrown)), null, null, ExitCode.FAILED);
        }
        if (thrown instanceof OutOfMemoryError) {
            String message = "out of memory; give the program more with PACKSTONE_JAVA_OPTS=-Xmx512m";
            return new Failure("memory", message, null, null, ExitCode.FAILED);
        }
        String message = "a fault in the program: " + Quoting.quote(thrown.toString())
                + "; run it again with --debug and report what it prints";
        return new Failure("internal", message, null, null, ExitCode.FAILED);
    }

    /** The command line is wrong. */
    public static Failure usage(String message) {
        return new Failure("usage", Quoting.quote(message), null, null, ExitCode.USAGE);
    }

    /** The run was stopped by a signal that means {@code code}. */
    public static Failure interrupted(ExitCode code) {
        String message = code == ExitCode.TERMINATED ? "terminated" : "interrupted";
        return new Failure(
                message,
                message + "; what was stored so far is kept, run the same command again to go on",
                null,
                null,
                code);
    }

    /** True for what an interrupted thread throws. */
    public static boolean isInterruption(Throwable thrown) {
        return thrown instanceof InterruptedIOException
                || thrown instanceof ClosedByInterruptException
                || thrown instanceof InterruptedException
                || thrown.getCause() != null && isInterruption(thrown.getCause());
    }

    private static String message(Throwable thrown) {
        return thrown.getMessage() == null ? thrown.getClass().getSimpleName() : thrown.getMessage();
    }

    /** The word for a kind, in JSON: {@code NO_ROOM} is {@code noRoom}. */
    public static String word(ErrorKind kind) {
        StringBuilder word = new StringBuilder();
        for (String part : kind.name().toLowerCase(Locale.ROOT).split("_")) {
            word.append(word.isEmpty() ? part : Character.toUpperCase(part.charAt(0)) + part.substring(1));
        }
        return word.toString();
    }

    /** Prints the line, and with {@code json} the document in place of a result that has not left yet. */
    public void tell(Console console, boolean json) {
        if (json && console.results().takeBack()) {
            try (Json document = new Json(console.results())) {
                document.beginObject().beginObject("error");
                document.field("kind", kind)
                        .field("message", message)
                        .field("object", object)
                        .field("path", path);
                document.endObject().field("exitCode", code.number()).endObject();
            }
        }
        console.tell("packstone: " + message);
    }
}
