package io.packstone.browse;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.packstone.metadata.TreePath;
import io.packstone.repository.StoredSnapshot;
import io.packstone.restore.FixtureCase;
import io.packstone.restore.RestoreFixture;
import io.packstone.source.rules.GlobFilter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Listing, finding and comparing. */
class LookingTest extends FixtureCase {
    @BeforeEach
    void makeFiles() throws IOException {
        fixture.file("a/one.txt", 10, 1);
        fixture.file("a/deep/two.txt", 10, 2);
        fixture.file("b/three.bin", 10, 3);
        fixture.file("mode", 10, 4);
        fixture.file("touched", 10, 5);
        fixture.file("kind", 10, 6);
    }

    private TreePath inSource(String name) {
        return TreePath.parse(RestoreFixture.name(name.isEmpty() ? fixture.source : fixture.source.resolve(name)));
    }

    private String relative(TreePath path) {
        String whole = path.toString();
        String source = fixture.source.toString();
        return whole.startsWith(source + "/") ? whole.substring(source.length() + 1) : whole;
    }

    private List<String> list(StoredSnapshot snapshot, TreePath path, boolean recursive) throws IOException {
        List<String> names = new ArrayList<>();
        new Listing(fixture.repository()).list(snapshot, path, recursive, entry -> names.add(relative(entry.path())));
        return names;
    }

    @Test
    void aFolderIsListedInOrder() throws IOException {
        StoredSnapshot snapshot = fixture.snapshot();
        assertEquals(List.of("a", "b", "kind", "mode", "touched"), list(snapshot, inSource(""), false));
        assertEquals(List.of("a/deep", "a/one.txt", "a/deep/two.txt"), list(snapshot, inSource("a"), true));
        assertEquals(List.of("b/three.bin"), list(snapshot, inSource("b/three.bin"), false));
        assertEquals(List.of(), list(snapshot, inSource("c"), false));
        String top = "/" + fixture.source.getName(0);
        assertEquals(List.of(top), list(snapshot, TreePath.ROOT, false), "the folders above are there too");
    }

    @Test
    void findingLooksThroughSnapshots() throws IOException {
        StoredSnapshot first = fixture.snapshot();
        Files.delete(fixture.source.resolve("a/one.txt"));
        StoredSnapshot second = fixture.snapshot();
        List<String> found = new ArrayList<>();
        new Finder(fixture.repository())
                .find(
                        GlobFilter.of("*.txt"),
                        List.of(first, second),
                        (snapshot, entry) -> found.add((snapshot == first ? "1 " : "2 ") + relative(entry.path())));
        assertEquals(List.of("1 a/one.txt", "1 a/deep/two.txt", "2 a/deep/two.txt"), found);
    }

    @Test
    void everyKindOfChangeHasItsWord() throws IOException {
        StoredSnapshot before = fixture.snapshot();
        Files.delete(fixture.source.resolve("a/one.txt"));
        fixture.file("a/new", 10, 7);
        fixture.file("b/three.bin", 10, 8);
        Files.setAttribute(fixture.source.resolve("mode"), "unix:mode", 0100600);
        Files.setLastModifiedTime(fixture.source.resolve("touched"), FileTime.fromMillis(1));
        Files.delete(fixture.source.resolve("kind"));
        Files.createSymbolicLink(fixture.source.resolve("kind"), Path.of("a"));
        StoredSnapshot after = fixture.snapshot();
        List<String> changes = new ArrayList<>();
        new Comparison(fixture.repository())
                .diff(before, after, (path, change) -> changes.add(change + " " + relative(path)));
        List<String> files = changes.stream()
                .filter(line -> !line.startsWith("METADATA /") && !line.endsWith(" a"))
                .toList();
        assertEquals(
                List.of(
                        "TYPE kind",
                        "METADATA mode",
                        "METADATA touched",
                        "ADDED a/new",
                        "REMOVED a/one.txt",
                        "CONTENT b/three.bin"),
                files);
        List<String> none = new ArrayList<>();
        new Comparison(fixture.repository()).diff(after, after, (path, change) -> none.add(path.toString()));
        assertEquals(List.of(), none);
    }
}
