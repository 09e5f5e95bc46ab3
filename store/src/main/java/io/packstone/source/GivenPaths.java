package io.packstone.source;

import io.packstone.metadata.RawName;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The given paths as a tree of components, so that duplicates and paths below others vanish. */
final class GivenPaths {
    private final Map<RawName, GivenPaths> children = new TreeMap<>();
    private boolean whole;

    /** Adds a path that no other one covers. */
    void add(RawName[] components) {
        GivenPaths current = this;
        for (RawName component : components) {
            current = current.children.computeIfAbsent(component, name -> new GivenPaths());
        }
        current.whole = true;
    }

    /** How many components the path has that covers this one; -1 when none does. */
    int coveredDepth(RawName[] components) {
        GivenPaths current = this;
        for (int depth = 0; ; depth++) {
            if (current.whole) {
                return depth;
            }
            GivenPaths below = depth == components.length ? null : current.children.get(components[depth]);
            if (below == null) {
                return -1;
            }
            current = below;
        }
    }

    /** True for a given path itself, below which everything is covered. */
    boolean whole() {
        return whole;
    }

    /** The next components of the given paths below this one, in order; empty when {@link #whole}. */
    Iterable<RawName> names() {
        return children.keySet();
    }

    /** What is below a component; null when nothing given is. */
    @Nullable
    GivenPaths child(RawName name) {
        return children.get(name);
    }
}
