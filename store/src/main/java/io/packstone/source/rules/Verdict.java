package io.packstone.source.rules;

import io.packstone.metadata.RawName;

/**
 * What a rule says of a path.
 *
 * @param takes true when it takes the path back in; only patterns do
 * @param rule the pattern, the name of the tag or the place; empty where the kind says all
 * @param number of the pattern among those of the options, from 0; of its line in the ignore file, from 1; else 0
 * @param folder which holds the ignore file, without a '/' in front; else empty
 */
public record Verdict(LeftOutKind kind, boolean takes, RawName rule, int number, RawName folder) {
    /** Of a rule that is no pattern. */
    public static Verdict of(LeftOutKind kind, RawName rule) {
        return new Verdict(kind, false, rule, 0, RawName.EMPTY);
    }
}
