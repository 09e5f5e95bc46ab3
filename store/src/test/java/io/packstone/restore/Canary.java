package io.packstone.restore;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.packstone.metadata.RawName;
import io.packstone.posix.DirectoryHandle;
import io.packstone.posix.Posix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A folder beside a target that nothing may change. Change times are looked at as well, so that what was changed and set
 * back is seen too.
 */
public final class Canary {
    private static final String WHAT = "unix:mode,uid,gid,ino,nlink,size,rdev,lastModifiedTime,ctime";

    public final Path folder;
    private final Map<String, String> before;

    /** Makes {@code folder}, with a folder for each of {@code names} that holds files of the same names. */
    public Canary(Path folder, String... names) throws IOException {
        this.folder = Files.createDirectory(folder);
        for (String name : names) {
            for (String inner : names) {
                Path file = RestoreFixture.file(folder.resolve(name).resolve(inner), RestoreFixture.bytes(1000, 5));
                Files.setAttribute(file, "unix:mode", 0604);
            }
        }
        RestoreFixture.file(folder.resolve("secret"), RestoreFixture.bytes(1000, 6));
        Files.createSymbolicLink(folder.resolve("a link"), Path.of("secret"));
        before = describe();
    }

    private Map<String, String> describe() throws IOException {
        Map<String, String> entries = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.toList()) {
                StringBuilder text = new StringBuilder();
                new TreeMap<>(Files.readAttributes(path, WHAT, LinkOption.NOFOLLOW_LINKS))
                        .forEach((name, value) ->
                                text.append(name).append('=').append(value).append(' '));
                try (DirectoryHandle above = new Posix().openRoot(RestoreFixture.name(path.getParent()))) {
                    RawName name = RawName.of(path.getFileName().toString());
                    above.attributes(name)
                            .names()
                            .forEach(each -> text.append(each).append(' '));
                }
                if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                    text.append(Arrays.hashCode(Files.readAllBytes(path)));
                }
                entries.put(folder.relativize(path).toString(), text.toString());
            }
        }
        return entries;
    }

    /** Fails when anything in it, or the folder itself, is not as it was made. */
    public void assertUntouched(String when) throws IOException {
        Map<String, String> now = describe();
        if (!now.equals(before)) {
            List<String> lines = before.keySet().stream()
                    .filter(name -> !before.get(name).equals(now.get(name)))
                    .map(name -> name + ": " + before.get(name) + " became " + now.get(name))
                    .toList();
            assertEquals(before.keySet(), now.keySet(), when);
            assertEquals(List.of(), lines, when);
        }
    }
}
