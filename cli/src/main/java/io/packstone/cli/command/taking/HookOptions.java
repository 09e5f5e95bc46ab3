package io.packstone.cli.command.taking;

import io.packstone.cli.setup.Context;
import io.packstone.cli.setup.UsageException;
import io.packstone.maintenance.retention.TimeSpan;
import io.packstone.metadata.Quoting;
import io.packstone.metadata.RawName;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that name commands to run before and after files are read. */
final class HookOptions {
    @Option(
            names = "--before",
            paramLabel = "CMD",
            description = "run CMD in a shell first; if it fails there is no snapshot")
    @Nullable
    String before;

    @Option(
            names = "--after",
            paramLabel = "CMD",
            description = "run CMD in a shell at the end, also of a snapshot that failed or was interrupted")
    @Nullable
    String after;

    @Option(
            names = "--hook-timeout",
            paramLabel = "D",
            description = "end such a command when it takes longer, such as 90s, 10min or 2h (10min)")
    String timeout = "10min";

    /** What they say, for a snapshot of {@code paths}. */
    Hooks hooks(Context context, List<RawName> paths) throws UsageException {
        return new Hooks(context, before, after, timeout(), paths);
    }

    private Duration timeout() throws UsageException {
        try {
            TimeSpan span = TimeSpan.parse(timeout);
            if (span.period().isZero() && !span.isNone()) {
                return span.duration();
            }
        } catch (IllegalArgumentException e) {
            throw notOne(e);
        }
        throw notOne(null);
    }

    private UsageException notOne(@Nullable Throwable cause) {
        UsageException exception = new UsageException(
                "--hook-timeout: '" + Quoting.quote(timeout) + "' is no such time; write 90s, 10min or 2h");
        exception.initCause(cause);
        return exception;
    }
}
