package io.packstone.browse;

import io.packstone.error.ErrorKind;
import io.packstone.error.RepositoryException;
import io.packstone.manifest.ManifestEntry;
import io.packstone.metadata.Quoting;
import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.repository.Repository;
import io.packstone.repository.SnapshotLog;
import io.packstone.repository.StoredSnapshot;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Understands how people name snapshots: the beginning of an id (four digits or more), {@code latest}, {@code latest:HOST},
 * {@code latest~N}, {@code @TIME}; then, after a colon, a path in it.
 */
public final class SnapshotSelector {
    private static final int PREFIX_MIN = 4;
    private static final RawName HERE = RawName.of(".");
    private static final RawName ABOVE = RawName.of("..");

    private final Repository repository;
    private final String host;
    private final RawName currentFolder;

    /** {@code host} is whose snapshots {@code latest} means; relative paths are tried below {@code currentFolder}. */
    public SnapshotSelector(Repository repository, String host, RawName currentFolder) {
        this.repository = repository;
        this.host = host;
        this.currentFolder = currentFolder;
    }

    /** A snapshot and a path in it; the root when none was given. */
    public record Selection(StoredSnapshot snapshot, TreePath path) {}

    /** Finds what {@code text} names; says what there is when it names nothing, or more than one thing. */
    public Selection select(String text) throws IOException {
        return select(RawName.of(text));
    }

    /** The same for a path that may be no text. */
    public Selection select(RawName text) throws IOException {
        int split = indexOf(text, ":/", 0);
        if (split > 0) {
            return at(snapshot(part(text, 0, split).toText()), part(text, split + 1, text.length()));
        }
        split = indexOf(text, ":", 0);
        if (split <= 0 || text.at(0) == '@') {
            return new Selection(snapshot(text.toText()), TreePath.ROOT);
        }
        String before = part(text, 0, split).toText();
        if (before.equals("latest")) {
            int end = indexOf(text, ":", split + 1);
            String hostPart =
                    part(text, split + 1, end < 0 ? text.length() : end).toText();
            if (isHost(hostPart)) {
                StoredSnapshot snapshot = snapshot("latest:" + hostPart);
                return end < 0
                        ? new Selection(snapshot, TreePath.ROOT)
                        : relative(snapshot, part(text, end + 1, text.length()));
            }
        }
        return relative(snapshot(before), part(text, split + 1, text.length()));
    }

    private static RawName part(RawName text, int from, int to) {
        return RawName.of(text.array(), from, to - from);
    }

    private static int indexOf(RawName text, String wanted, int from) {
        for (int at = from; at + wanted.length() <= text.length(); at++) {
            int same = 0;
            while (same < wanted.length() && text.at(at + same) == wanted.charAt(same)) {
                same++;
            }
            if (same == wanted.length()) {
                return at;
            }
        }
        return -1;
    }

    /** True for a host that has snapshots, with or without {@code ~N}. */
    private boolean isHost(String text) throws IOException {
        String name = text.replaceFirst("~[0-9]+$", "");
        return snapshots().stream().anyMatch(s -> s.record().host().equals(name));
    }

    private Selection relative(StoredSnapshot snapshot, RawName path) throws IOException {
        TreePath below = join(currentFolder, path);
        if (below.isRoot() || repository.manifests().find(snapshot.record().root(), below) != null) {
            return new Selection(snapshot, below);
        }
        List<RawName> paths = snapshot.record().paths();
        if (paths.size() == 1) {
            TreePath suffix = join(paths.get(0), path);
            if (repository.manifests().find(snapshot.record().root(), suffix) != null) {
                return new Selection(snapshot, suffix);
            }
        }
        throw notFound("'" + path + "' is neither a host nor a path in snapshot "
                + snapshot.id().toShortHex() + ": look with snapshots, or with ls");
    }

    /** The path that {@code relative} leads to from {@code folder}; "." and ".." mean what they mean everywhere. */
    private static TreePath join(RawName folder, RawName relative) {
        TreePath path = TreePath.parse(folder);
        int from = 0;
        for (int at = 0; at <= relative.length(); at++) {
            if (at == relative.length() || relative.at(at) == '/') {
                RawName component = part(relative, from, at);
                from = at + 1;
                if (component.equals(ABOVE)) {
                    path = TreePath.parse(path.directory());
                } else if (component.length() > 0 && !component.equals(HERE)) {
                    path = new TreePath(path.asDirectory(), component);
                }
            }
        }
        return path;
    }

    private Selection at(StoredSnapshot snapshot, RawName path) throws IOException {
        TreePath parsed = join(RawName.EMPTY, path);
        ManifestEntry entry = parsed.isRoot()
                ? null
                : repository.manifests().find(snapshot.record().root(), parsed);
        if (entry == null && !parsed.isRoot()) {
            throw notFound(parsed + " is not in snapshot " + snapshot.id().toShortHex() + "; look with ls");
        }
        return new Selection(snapshot, parsed);
    }

    /** The snapshots there are, in record order. */
    private List<StoredSnapshot> snapshots() throws IOException {
        return repository.snapshots().list().snapshots();
    }

    private StoredSnapshot snapshot(String text) throws IOException {
        if (text.startsWith("@")) {
            return atTime(text.substring(1));
        }
        if (text.startsWith("latest")) {
            return latest(text.substring("latest".length()));
        }
        String prefix = text.toLowerCase(Locale.ROOT);
        if (!prefix.matches("[0-9a-f]{" + PREFIX_MIN + ",64}")) {
            throw notFound("'" + Quoting.quote(text)
                    + "' names no snapshot: use the first digits of an id, latest, latest~1 or @TIME");
        }
        StoredSnapshot found = only(prefix, snapshots());
        if (found == null) {
            unreadable(prefix);
            throw notFound("no snapshot begins with " + prefix + "; list them with snapshots");
        }
        return found;
    }

    /** The one whose id begins with {@code prefix}, null when none does. */
    static @Nullable StoredSnapshot only(String prefix, List<StoredSnapshot> snapshots) throws RepositoryException {
        List<StoredSnapshot> matching = snapshots.stream()
                .filter(s -> s.id().toHex().startsWith(prefix))
                .toList();
        if (matching.size() > 1) {
            throw notFound("several snapshots begin with " + prefix + ": "
                    + matching.stream()
                            .map(s -> s.id().toHex().substring(0, 16))
                            .collect(Collectors.joining(", "))
                    + "; give more digits");
        }
        return matching.isEmpty() ? null : matching.get(0);
    }

    private void unreadable(String prefix) throws IOException {
        for (SnapshotLog.Unreadable record : repository.snapshots().list().unreadable()) {
            if (record.id().toHex().startsWith(prefix)) {
                throw record.cause();
            }
        }
    }

    private StoredSnapshot latest(String rest) throws IOException {
        int tilde = rest.indexOf('~');
        String hostPart = tilde < 0 ? rest : rest.substring(0, tilde);
        String back = tilde < 0 ? "0" : rest.substring(tilde + 1);
        if (!hostPart.isEmpty() && !hostPart.startsWith(":") || !back.matches("[0-9]{1,6}")) {
            throw notFound("'latest" + rest + "' is not understood: use latest, latest:HOST or latest~N");
        }
        String wanted = hostPart.isEmpty() ? host : hostPart.substring(1);
        List<StoredSnapshot> ofHost = snapshots().stream()
                .filter(s -> s.record().host().equals(wanted))
                .toList();
        int index = ofHost.size() - 1 - Integer.parseInt(back);
        if (index < 0) {
            throw notFound(String.format(
                    Locale.ROOT, "there are %d snapshots of host %s; list them with snapshots", ofHost.size(), wanted));
        }
        return ofHost.get(index);
    }

    private StoredSnapshot atTime(String text) throws IOException {
        Instant limit = instant(text);
        StoredSnapshot newest = null;
        for (StoredSnapshot snapshot : snapshots()) {
            Instant taken = Instant.ofEpochSecond(
                    snapshot.record().time().seconds(), snapshot.record().time().nanos());
            newest = taken.isAfter(limit) ? newest : snapshot;
        }
        if (newest == null) {
            throw notFound("no snapshot was taken at or before " + limit);
        }
        return newest;
    }

    private static Instant instant(String text) throws RepositoryException {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            try {
                String full = text.length() == 10 ? text + "T00:00" : text;
                return LocalDateTime.parse(full).atZone(ZoneId.systemDefault()).toInstant();
            } catch (DateTimeParseException inner) {
                throw notFound("'" + text + "' is not a time: write it like 2026-11-23T12:00 or 2026-11-23T12:00:00Z");
            }
        }
    }

    private static RepositoryException notFound(String message) {
        return new RepositoryException(ErrorKind.NOT_FOUND, null, message);
    }
}
