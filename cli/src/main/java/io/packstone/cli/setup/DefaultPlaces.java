package io.packstone.cli.setup;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Where things are unless a person says otherwise, by the XDG base directory specification. */
public final class DefaultPlaces {
    private final Surroundings surroundings;

    /** Those of the person in {@code surroundings}. */
    public DefaultPlaces(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** The embedded repository. */
    public Path repository() {
        return base("XDG_DATA_HOME", ".local/share").resolve("repository");
    }

    /** The key of the embedded repository. */
    public Path keyFile() {
        return base("XDG_CONFIG_HOME", ".config").resolve("default.key");
    }

    /** The cache of every repository. */
    public Path cache() {
        String given = surroundings.variable("PACKSTONE_CACHE_DIR");
        return given == null
                ? base("XDG_CACHE_HOME", ".cache")
                : RawText.path(surroundings.folder()).resolve(given);
    }

    private Path base(String variable, String below) {
        String given = surroundings.variable(variable);
        Path base = given != null && given.startsWith("/") ? Path.of(given) : home().resolve(below);
        return base.resolve("packstone");
    }

    private Path home() {
        @Nullable String home = surroundings.variable("HOME");
        return Path.of(home == null ? System.getProperty("user.home", "/") : home);
    }
}
