package io.packstone.manifest;

import io.packstone.id.ChunkId;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Finds what differs between two manifests; equal nodes are skipped unread, so it costs what changed. */
public final class ManifestDiff {
    private final ManifestReader reader;

    /** Nodes come from {@code chunks}. */
    public ManifestDiff(ChunkSource chunks) {
        reader = new ManifestReader(chunks);
    }

    /** Told of each path that differs, in order. */
    public interface Visitor {
        /** One of the two is null when only the other manifest has the path. */
        void differs(@Nullable ManifestEntry before, @Nullable ManifestEntry after) throws IOException;
    }

    /** A node not read yet, or an entry. */
    private record Span(@Nullable NodeChild child, int level, @Nullable ManifestEntry entry) {}

    /** Compares two whole manifests. */
    public void diff(ChunkId before, ChunkId after, Visitor visitor) throws IOException {
        if (before.equals(after)) {
            return;
        }
        Deque<Span> left = new ArrayDeque<>();
        Deque<Span> right = new ArrayDeque<>();
        expand(reader.node(before), left);
        expand(reader.node(after), right);
        while (!left.isEmpty() || !right.isEmpty()) {
            step(left, right, visitor);
        }
    }

    private void step(Deque<Span> left, Deque<Span> right, Visitor visitor) throws IOException {
        Span a = left.peek();
        Span b = right.peek();
        if (a != null && b != null && a.child != null && b.child != null && a.child.id().equals(b.child.id())) {
            left.pop();
            right.pop();
        } else if (a != null && a.child != null && (b == null || b.child == null || a.level >= b.level)) {
            left.pop();
            expand(reader.descend(a.child, a.level), left);
        } else if (b != null && b.child != null) {
            right.pop();
            expand(reader.descend(b.child, b.level), right);
        } else {
            compare(left, right, visitor);
        }
    }

    private static void compare(Deque<Span> left, Deque<Span> right, Visitor visitor) throws IOException {
        Span a = left.peek();
        Span b = right.peek();
        ManifestEntry before = a == null ? null : a.entry;
        ManifestEntry after = b == null ? null : b.entry;
        int order = before == null ? 1 : after == null ? -1 : before.path().compareTo(after.path());
        if (order <= 0) {
            left.pop();
        }
        if (order >= 0) {
            right.pop();
        }
        if (order != 0 || before != null && !before.equals(after)) {
            visitor.differs(order <= 0 ? before : null, order >= 0 ? after : null);
        }
    }

    private static void expand(NodeFormat.Node node, Deque<Span> spans) {
        for (int i = node.entries().size() - 1; i >= 0; i--) {
            spans.push(new Span(null, 0, node.entries().get(i)));
        }
        for (int i = node.children().size() - 1; i >= 0; i--) {
            spans.push(new Span(node.children().get(i), node.level(), null));
        }
    }
}
