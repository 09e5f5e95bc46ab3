package io.packstone.source;

import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The given paths as a tree: above them only what leads to them is walked, below them everything. */
final class GivenPaths {
    private final TreeMap<RawName, GivenPaths> below = new TreeMap<>();
    private boolean whole;

    void add(RawName path) {
        GivenPaths node = this;
        TreePath rest = TreePath.parse(path);
        for (RawName component : components(rest.asDirectory())) {
            node = node.below.computeIfAbsent(component, name -> new GivenPaths());
        }
        node.whole = true;
    }

    private static java.util.List<RawName> components(RawName path) {
        java.util.List<RawName> components = new java.util.ArrayList<>();
        int start = 0;
        for (int i = 0; i <= path.length() && path.length() > 0; i++) {
            if (i == path.length() || path.at(i) == '/') {
                components.add(RawName.of(path.array(), start, i - start));
                start = i + 1;
            }
        }
        return components;
    }

    /** True when everything from here down was asked for. */
    boolean isWhole() {
        return whole;
    }

    /** The names that lead on, sorted. */
    java.util.Set<RawName> names() {
        return below.keySet();
    }

    @Nullable
    GivenPaths under(RawName name) {
        return below.get(name);
    }
}
