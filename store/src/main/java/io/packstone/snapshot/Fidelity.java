package io.packstone.snapshot;

import io.packstone.metadata.RawName;
import java.util.List;

/**
 * What of the files' metadata is not in a snapshot: everything that this program knows of is, but for what stands here.
 *
 * @param lacks one for each kind
 */
public record Fidelity(List<Lack> lacks) {
    /** The kind of attributes that only the superuser is shown, so that nobody knows how many there are. */
    public static final String TRUSTED = "trusted";

    /**
     * What could not be read of one kind.
     *
     * @param kind a word: {@code attributes}, {@code long-attributes}, {@code holes} or {@code trusted}
     * @param count in how many places; 0 when that can't be known
     * @param path the first of them, absolute; empty when unknown
     */
    public record Lack(String kind, long count, RawName path) {}

    /** Copies the list. */
    public Fidelity {
        lacks = List.copyOf(lacks);
    }

    /** True when nothing of that kind is lacking. */
    public boolean isWhole(String kind) {
        for (Lack lack : lacks) {
            if (lack.kind().equals(kind)) {
                return false;
            }
        }
        return true;
    }
}
