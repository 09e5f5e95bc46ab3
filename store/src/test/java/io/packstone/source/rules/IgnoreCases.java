package io.packstone.source.rules;

import io.packstone.metadata.RawName;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Trees with ignore files, read from gitignore.txt or drawn by chance. */
public record IgnoreCases(String title, Map<RawName, byte[]> files, List<Path> paths) {
    private static final String[] NAMES = {
        "a", "b", "ab", "a b", "a.o", "b.o", ".h", "#a", "!b", "aa", "c-d", "[a]", "a*", "\u00e9"
    };
    private static final String[] PARTS = {
        "a",
        "b",
        "ab",
        "*",
        "?",
        "**",
        "a*",
        "*b",
        "*.o",
        "[ab]",
        "[!a]",
        "[a-c]*",
        "a?",
        "*a*",
        ".h",
        "\\a",
        "\\*",
        "**b",
        "a**",
        "[[:alpha:]]",
        "c-d",
        "\u00e9",
        "??",
        "[",
        "[a-",
        "*?*",
        "a\\"
    };

    /** A path below the tree's top, and whether the table says that it is out. */
    public record Path(RawName name, boolean folder, boolean out) {}

    /** Those of the table. */
    public static List<IgnoreCases> table() throws IOException {
        String text;
        try (InputStream input =
                Objects.requireNonNull(IgnoreCases.class.getResourceAsStream("/io/packstone/source/gitignore.txt"))) {
            text = new String(input.readAllBytes(), StandardCharsets.US_ASCII);
        }
        List<IgnoreCases> all = new ArrayList<>();
        IgnoreCases current = null;
        for (String line : text.lines().toList()) {
            if (line.startsWith("#") || line.isEmpty()) {
                current = new IgnoreCases(line, new LinkedHashMap<>(), new ArrayList<>());
                continue;
            }
            String[] words = line.split(" ", 3);
            if (words[0].equals("ignore")) {
                RawName folder = words[1].equals(".") ? RawName.EMPTY : RawName.takeOver(unescape(words[1]));
                Objects.requireNonNull(current)
                        .files()
                        .put(folder, words[2].equals("-") ? new byte[0] : unescape(words[2]));
            } else {
                Objects.requireNonNull(current).paths().add(path(unescape(words[1]), words[0].equals("out")));
            }
            if (!all.contains(current)) {
                all.add(current);
            }
        }
        return all;
    }

    private static Path path(byte[] bytes, boolean out) {
        boolean folder = bytes[bytes.length - 1] == '/';
        return new Path(RawName.of(bytes, 0, folder ? bytes.length - 1 : bytes.length), folder, out);
    }

    private static byte[] unescape(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) != '\\') {
                bytes.write(text.charAt(i));
            } else if (text.charAt(++i) == 'x') {
                bytes.write(Integer.parseInt(text.substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                bytes.write(text.charAt(i) == 'n' ? '\n' : '\\');
            }
        }
        return bytes.toByteArray();
    }

    /** A tree by chance, of which nothing is expected. */
    static IgnoreCases drawn(Random random) {
        Map<String, Path> paths = new LinkedHashMap<>();
        List<String> folders = new ArrayList<>(List.of(""));
        Map<RawName, byte[]> files = new LinkedHashMap<>();
        files.put(RawName.EMPTY, patterns(random, 1 + random.nextInt(4)));
        for (int i = 0; i < 16; i++) {
            String path = folders.get(random.nextInt(folders.size())) + NAMES[random.nextInt(NAMES.length)];
            boolean folder = random.nextInt(9) < 4;
            if (paths.putIfAbsent(path, new Path(RawName.of(path), folder, false)) == null && folder) {
                folders.add(path + "/");
                if (random.nextInt(6) == 0) {
                    files.put(RawName.of(path), patterns(random, 1 + random.nextInt(2)));
                }
            }
        }
        return new IgnoreCases("drawn", files, List.copyOf(paths.values()));
    }

    private static byte[] patterns(Random random, int count) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < count; i++) {
            lines.append(random.nextInt(4) == 0 ? "!" : "").append(random.nextInt(4) == 0 ? "/" : "");
            for (int parts = random.nextInt(3); parts >= 0; parts--) {
                lines.append(PARTS[random.nextInt(PARTS.length)]).append(parts > 0 ? "/" : "");
            }
            lines.append(random.nextInt(5) == 0 ? "/" : "")
                    .append(random.nextInt(20) == 0 ? " " : "")
                    .append('\n');
        }
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Whether our patterns leave out that path, or a folder above it. */
    boolean leavesOut(Path path) {
        RawName whole = path.name();
        @Nullable FolderRules rules = null;
        int start = 0;
        for (int end = 0; end <= whole.length(); end++) {
            if (end < whole.length() && whole.at(end) != '/') {
                continue;
            }
            RawName folder = RawName.of(whole.array(), 0, Math.max(0, start - 1));
            byte[] content = files.get(folder);
            rules = content == null ? rules : new FolderRules(rules, folder, IgnoreLines.parse(content));
            boolean directory = end < whole.length() || path.folder();
            Verdict verdict = new PatternView(GlobFilter.NONE, rules, folder)
                    .decide(whole.array(), start, end - start, directory);
            if (verdict != null && !verdict.takes()) {
                return true;
            }
            start = end + 1;
        }
        return false;
    }
}
