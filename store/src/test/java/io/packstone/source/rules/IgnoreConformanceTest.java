package io.packstone.source.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.packstone.metadata.RawName;
import io.packstone.posix.DirectoryHandle;
import io.packstone.posix.FileHandle;
import io.packstone.posix.Posix;
import io.packstone.posix.PosixException;
import io.packstone.source.SourceEntry;
import io.packstone.source.SourceOptions;
import io.packstone.source.SourceWalker;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Patterns mean what they mean to git: by a table of its answers, and by asking it where it is installed. */
class IgnoreConformanceTest {
    @TempDir
    Path place;

    private final Posix posix = new Posix();

    @Test
    void theTableHolds() throws IOException {
        int cases = 0;
        List<String> wrong = new ArrayList<>();
        for (IgnoreCases group : IgnoreCases.table()) {
            for (IgnoreCases.Path path : group.paths()) {
                cases++;
                if (group.leavesOut(path) != path.out()) {
                    wrong.add(group.title() + ": " + path);
                }
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(cases > 800, cases + " cases");
    }

    @Test
    void gitSaysTheSame() throws Exception {
        assumeTrue(hasGit(), "git is not installed: its answers in the table were not asked for again");
        List<IgnoreCases> table = IgnoreCases.table();
        Set<RawName> out = gitAndTheWalkAgree(table);
        for (int i = 0; i < table.size(); i++) {
            for (IgnoreCases.Path path : table.get(i).paths()) {
                boolean ignored = out.contains(inGroup(i, path.name()));
                assertEquals(path.out(), ignored, table.get(i).title() + ", git of " + path);
            }
        }
    }

    @Test
    void gitSaysTheSameOfTreesDrawnByChance() throws Exception {
        assumeTrue(hasGit(), "git is not installed: trees drawn by chance were not compared with it");
        Random random = new Random(Long.getLong("packstone.seed", 5));
        gitAndTheWalkAgree(Stream.generate(() -> IgnoreCases.drawn(random))
                .limit(Integer.getInteger("packstone.ignores", 300))
                .toList());
    }

    /** What git ignores is what the walk does not meet, and what the patterns alone leave out. */
    private Set<RawName> gitAndTheWalkAgree(List<IgnoreCases> groups) throws Exception {
        Path tree = make(groups);
        Set<RawName> out = askGit(tree, groups);
        Set<RawName> met = walk(tree);
        for (int i = 0; i < groups.size(); i++) {
            for (IgnoreCases.Path path : groups.get(i).paths()) {
                RawName whole = inGroup(i, path.name());
                String what = groups.get(i) + ": " + path + " below " + tree;
                assertEquals(out.contains(whole), !met.contains(whole), what);
                assertEquals(out.contains(whole), groups.get(i).leavesOut(path), what);
            }
        }
        return out;
    }

    private Set<RawName> walk(Path tree) throws IOException {
        int above = tree.toString().length();
        SourceOptions options = SourceOptions.of(List.of(RawName.of(tree.toString())), place)
                .withRules(Rules.NONE.withIgnoreFiles(true));
        Set<RawName> met = new HashSet<>();
        try (SourceWalker walker = new SourceWalker(options, problem -> {
            throw new AssertionError(problem);
        })) {
            for (SourceEntry entry = walker.next(); entry != null; entry = walker.next()) {
                RawName whole = entry.path().asDirectory();
                if (whole.length() > above) {
                    met.add(RawName.of(whole.array(), above, whole.length() - above));
                }
            }
        }
        return met;
    }

    private static RawName inGroup(int group, RawName path) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.writeBytes(("group" + group + "/").getBytes(StandardCharsets.US_ASCII));
        whole.writeBytes(path.array());
        return RawName.takeOver(whole.toByteArray());
    }

    /** A folder for each group: its top is the one that its patterns are relative to. */
    private Path make(List<IgnoreCases> groups) throws IOException {
        Path tree = Files.createTempDirectory(place, "tree");
        try (DirectoryHandle root = posix.openRoot(RawName.of(tree.toString()))) {
            for (int i = 0; i < groups.size(); i++) {
                IgnoreCases group = groups.get(i);
                for (IgnoreCases.Path path : group.paths()) {
                    put(root, inGroup(i, path.name()), path.folder(), new byte[0]);
                }
                for (RawName folder : group.files().keySet()) {
                    for (String name : List.of(".gitignore", ".packstoneignore")) {
                        String path = folder.length() == 0 ? name : folder.toText() + "/" + name;
                        put(
                                root,
                                inGroup(i, RawName.of(path)),
                                false,
                                group.files().get(folder));
                    }
                }
            }
        }
        return tree;
    }

    private static void put(DirectoryHandle top, RawName path, boolean folder, byte[] content) throws PosixException {
        DirectoryHandle here = top;
        int start = 0;
        for (int i = 0; i <= path.length(); i++) {
            boolean last = i == path.length();
            if (!last && path.at(i) != '/') {
                continue;
            }
            RawName name = RawName.of(path.array(), start, i - start);
            start = i + 1;
            if (last && !folder) {
                try (FileHandle file = here.createFile(name, 0644)) {
                    file.write(0, content, 0, content.length);
                }
            } else {
                if (here.statIfPresent(name) == null) {
                    here.makeDirectory(name, 0755);
                }
                DirectoryHandle next = here.openDirectory(name);
                if (here != top) {
                    here.close();
                }
                here = next;
            }
        }
        if (here != top) {
            here.close();
        }
    }

    private static boolean hasGit() throws InterruptedException {
        try {
            Process git = new ProcessBuilder("git", "--version").start();
            return git.waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static ProcessBuilder git(Path tree, String... arguments) {
        List<String> command = new ArrayList<>(List.of("git", "-C", tree.toString()));
        command.addAll(List.of("-c", "core.excludesFile=/dev/null", "-c", "core.ignoreCase=false"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
        builder.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
        builder.environment().put("HOME", tree.toString());
        return builder;
    }

    /** What git ignores of the groups' paths. */
    private Set<RawName> askGit(Path tree, List<IgnoreCases> groups) throws Exception {
        assertEquals(0, git(tree, "init", "-q", "--template=").start().waitFor());
        Path asked = place.resolve("asked");
        try (OutputStream paths = Files.newOutputStream(asked)) {
            for (int i = 0; i < groups.size(); i++) {
                for (IgnoreCases.Path path : groups.get(i).paths()) {
                    paths.write(inGroup(i, path.name()).array());
                    paths.write(0);
                }
            }
        }
        List<String> arguments = List.of("check-ignore", "--no-index", "-z", "--stdin", "-v", "-n");
        Process git = git(tree, arguments.toArray(new String[0]))
                .redirectInput(asked.toFile())
                .start();
        List<RawName> fields = new ArrayList<>();
        byte[] output = git.getInputStream().readAllBytes();
        for (int i = 0, start = 0; i < output.length; i++) {
            if (output[i] == 0) {
                fields.add(RawName.of(output, start, i - start));
                start = i + 1;
            }
        }
        assertTrue(git.waitFor() < 2, "git check-ignore failed");
        Set<RawName> out = new HashSet<>();
        for (int i = 0; i < fields.size(); i += 4) {
            if (fields.get(i).length() > 0 && fields.get(i + 2).at(0) != '!') {
                out.add(fields.get(i + 3));
            }
        }
        return out;
    }
}
