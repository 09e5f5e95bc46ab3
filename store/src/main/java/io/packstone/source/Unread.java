package io.packstone.source;

import io.packstone.metadata.ExtendedAttributes;
import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.posix.AttributeAccess;
import io.packstone.posix.PosixException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads what files have besides their bytes and status, and counts what of it can't be read: a number for each kind, and
 * the first place, however many there are. Thread-safe.
 */
public final class Unread {
    private final Map<Kind, Count> counts = new EnumMap<>(Kind.class);

    /** What can be unread. */
    public enum Kind {
        /** Extended attributes, some or all of a file's. */
        ATTRIBUTES("attributes", "extended attributes could not be read"),
        /** Extended attributes that are too long to be kept, {@link ExtendedAttributes#TOTAL_MAX}. */
        LONG_ATTRIBUTES("long-attributes", "extended attributes are too long together, and left out"),
        /** Holes beyond the number that is kept. */
        HOLES("holes", "there are more holes than are kept: the shortest will be zeros");

        private final String word;
        private final String text;

        Kind(String word, String text) {
            this.word = word;
            this.text = text;
        }

        /** As it is stored. */
        public String word() {
            return word;
        }

        /** For people. */
        public String text() {
            return text;
        }
    }

    /**
     * What was not read of one kind.
     *
     * @param count in how many places
     * @param path the first of them
     * @param reason why, there
     */
    public record Count(Kind kind, long count, TreePath path, String reason) {}

    /** Nothing, so far. */
    public Unread() {}

    /** Counts one place. */
    public void add(Kind kind, TreePath path, String reason) {
        synchronized (counts) {
            Count known = counts.get(kind);
            counts.put(
                    kind,
                    known == null
                            ? new Count(kind, 1, path, reason)
                            : new Count(kind, known.count() + 1, known.path(), known.reason()));
        }
    }

    /** What was counted, by kind. */
    public List<Count> counts() {
        synchronized (counts) {
            return new ArrayList<>(counts.values());
        }
    }

    /** All extended attributes of a file that can be read; null when it is not there any more. */
    @Nullable
    ExtendedAttributes attributes(AttributeAccess access, TreePath path) {
        List<RawName> names;
        try {
            names = access.names();
        } catch (PosixException e) {
            return e.isNotFound() ? null : none(path, e.reason());
        }
        if (names.isEmpty()) {
            return ExtendedAttributes.NONE;
        }
        Map<RawName, byte[]> byName = new HashMap<>();
        long total = 0;
        PosixException failure = null;
        for (RawName name : names) {
            try {
                byte[] value = access.get(name);
                if (value != null) {
                    byName.put(name, value);
                    total += name.length() + value.length;
                }
            } catch (PosixException e) {
                failure = e;
            }
            if (total > ExtendedAttributes.TOTAL_MAX) {
                byName.remove(name);
                add(Kind.LONG_ATTRIBUTES, path, total + " bytes and more");
                break;
            }
        }
        if (failure != null) {
            add(Kind.ATTRIBUTES, path, failure.reason());
        }
        return ExtendedAttributes.of(byName);
    }

    /** Counts a file whose attributes can't be read. */
    ExtendedAttributes none(TreePath path, String reason) {
        add(Kind.ATTRIBUTES, path, reason);
        return ExtendedAttributes.NONE;
    }
}
