package io.packstone.cli.command.taking;

import io.packstone.cli.setup.RawText;
import io.packstone.cli.setup.Surroundings;
import io.packstone.cli.setup.UsageException;
import io.packstone.metadata.Quoting;
import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.source.rules.PathMap;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** The option that says what is read from a snapshot of its file system; the same for all commands that read files. */
final class MapOptions {
    @Option(
            names = "--map",
            paramLabel = "PATH=DIR",
            description = "read folder PATH from DIR, where a snapshot of its file system is mounted, and record it as"
                    + " PATH; may be repeated")
    List<String> maps = new ArrayList<>();

    private final Map<RawName, RawName> places = new LinkedHashMap<>();

    /** What they say; each must have to do with what is {@code given}. */
    PathMap map(Surroundings surroundings, List<RawName> given) throws IOException, UsageException {
        for (String each : maps) {
            int sign = each.indexOf('=');
            if (sign < 1 || sign == each.length() - 1) {
                throw new UsageException(
                        "--map: '" + Quoting.quote(each) + "' is no pair; write --map /srv=/mnt/snapshot/srv");
            }
            RawName path = surroundings.absolute(each.substring(0, sign));
            TreePath inTree = TreePath.parse(path);
            boolean used =
                    given.stream().map(TreePath::parse).anyMatch(one -> one.contains(inTree) || inTree.contains(one));
            if (!used) {
                throw new UsageException("--map: " + path + " has nothing to do with the paths given");
            }
            if (places.put(path, surroundings.absolute(each.substring(sign + 1))) != null) {
                throw new UsageException("--map: " + path + " is given twice");
            }
        }
        return PathMap.of(places);
    }

    /**
     * Looks at both sides once they must be there. A folder that a snapshot was to be mounted on and was not is empty: it
     * would be taken for one whose files are all gone.
     */
    void prove() throws IOException {
        for (Map.Entry<RawName, RawName> each : places.entrySet()) {
            require(each.getKey());
            require(each.getValue());
            if (isEmpty(each.getValue()) && !isEmpty(each.getKey())) {
                throw new IOException("--map: " + each.getValue() + " is empty and " + each.getKey()
                        + " is not; is the file-system snapshot mounted there?");
            }
        }
    }

    private static void require(RawName folder) throws IOException {
        if (!Files.isDirectory(RawText.path(folder))) {
            throw new IOException("--map: " + folder + " is no folder");
        }
    }

    private static boolean isEmpty(RawName folder) throws IOException {
        try (DirectoryStream<Path> names = Files.newDirectoryStream(RawText.path(folder))) {
            return !names.iterator().hasNext();
        }
    }
}
