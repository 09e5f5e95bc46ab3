package io.packstone.cli.setup;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options that every command takes, before or after its name. Filled by the parser. */
public final class GlobalOptions {
    @Option(
            names = "--repo",
            paramLabel = "URL",
            scope = ScopeType.INHERIT,
            order = 100,
            description = "where the repository is: a folder or file:FOLDER"
                    + " (else PACKSTONE_REPOSITORY, else one in your own data folder)")
    @Nullable
    String repository;

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            order = 101,
            description = "the password is the first line of FILE (PACKSTONE_PASSWORD_FILE)")
    @Nullable
    String passwordFile;

    @Option(
            names = "--password-command",
            paramLabel = "CMD",
            scope = ScopeType.INHERIT,
            order = 102,
            description = "the password is what CMD prints (PACKSTONE_PASSWORD_COMMAND)")
    @Nullable
    String passwordCommand;

    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            order = 103,
            description = "a key file, or a recovery sheet typed into a file (PACKSTONE_KEY_FILE)")
    @Nullable
    String keyFile;

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            order = 104,
            description = "print one JSON document instead of text")
    boolean json;

    @Option(
            names = {"-q", "--quiet"},
            scope = ScopeType.INHERIT,
            order = 105,
            description = "print errors only")
    boolean quiet;

    @Option(
            names = "--progress",
            scope = ScopeType.INHERIT,
            order = 106,
            description = "show progress also where there is no terminal; with --json as JSON lines")
    boolean progress;

    @Option(
            names = "--cache-dir",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            order = 107,
            description = "where the index is kept between runs (PACKSTONE_CACHE_DIR)")
    @Nullable
    String cacheFolder;

    @Option(names = "--no-cache", scope = ScopeType.INHERIT, order = 108, description = "keep no index between runs")
    boolean noCache;

    @Option(
            names = "--debug",
            scope = ScopeType.INHERIT,
            order = 109,
            description = "print where in the program a failure came from")
    boolean debug;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            order = 110,
            description = "print this help")
    boolean help;

    /** Results as one JSON document. */
    public boolean json() {
        return json;
    }

    /** Errors only. */
    public boolean quiet() {
        return quiet;
    }

    /** A stack trace for every failure. */
    public boolean debug() {
        return debug;
    }
}
