package io.packstone.source.rules;

import java.util.Locale;

/** Why something is left out. */
public enum LeftOutKind {
    /** It is the repository or the cache of the run itself. */
    OWN,
    /** A pattern of the options. */
    EXCLUDE,
    /** A pattern in an ignore file of a folder above. */
    IGNORE_FILE,
    /** It lies beside a file of a name that was given. */
    IF_PRESENT,
    /** It lies beside a valid CACHEDIR.TAG. */
    CACHE,
    /** It is on another file system than the given path. */
    FILE_SYSTEM,
    /** It is a file above the size that was given. */
    LARGER_THAN;

    /** As rules of snapshots name it. */
    String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
