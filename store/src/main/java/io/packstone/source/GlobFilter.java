package io.packstone.source;

import io.packstone.metadata.RawName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Patterns as git and restic know them: {@code *} and {@code ?} within a component, {@code **} across, {@code [a-z]}; a
 * leading {@code /} anchors at the root, a trailing one takes directories only, a leading {@code !} takes back; a pattern
 * without a slash fits any component. The last pattern that fits decides. Immutable.
 */
public final class GlobFilter {
    private final List<Rule> rules = new ArrayList<>();

    private record Rule(Pattern pattern, boolean directoriesOnly, boolean takesBack) {}

    /** Empty patterns and those that begin with {@code #} are comments. */
    public GlobFilter(List<String> patterns) {
        for (String pattern : patterns) {
            if (!pattern.isBlank() && !pattern.startsWith("#")) {
                rules.add(parse(pattern.strip()));
            }
        }
    }

    private static Rule parse(String text) {
        boolean takesBack = text.startsWith("!");
        String glob = takesBack ? text.substring(1) : text;
        boolean directories = glob.endsWith("/") && glob.length() > 1;
        if (directories) {
            glob = glob.substring(0, glob.length() - 1);
        }
        boolean anchored = glob.startsWith("/");
        String bytes = new String(glob.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        String regex = anchored ? translate(bytes.substring(1)) : "(?:.*/)?" + translate(bytes);
        return new Rule(Pattern.compile(regex, Pattern.DOTALL), directories, takesBack);
    }

    private static String translate(String glob) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            if (glob.startsWith("**/", i)) {
                regex.append("(?:.*/)?");
                i += 2;
            } else if (glob.startsWith("**", i)) {
                regex.append(".*");
                i++;
            } else if (c == '*') {
                regex.append("[^/]*");
            } else if (c == '?') {
                regex.append("[^/]");
            } else if (c == '[' && glob.indexOf(']', i + 2) > 0) {
                int end = glob.indexOf(']', i + 2);
                String set = glob.substring(i + 1, end)
                        .replace("\\", "\\\\")
                        .replace("[", "\\[")
                        .replace("&&", "&\\&");
                regex.append('[')
                        .append(set.startsWith("!") ? "^" + set.substring(1) : set)
                        .append(']');
                i = end;
            } else {
                regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return regex.toString();
    }

    /** True when the path (without a leading slash) is left out. */
    public boolean matches(RawName path, boolean isDirectory) {
        if (rules.isEmpty()) {
            return false;
        }
        String bytes = new String(path.array(), StandardCharsets.ISO_8859_1);
        for (int i = rules.size() - 1; i >= 0; i--) {
            Rule rule = rules.get(i);
            if ((isDirectory || !rule.directoriesOnly)
                    && rule.pattern.matcher(bytes).matches()) {
                return !rule.takesBack;
            }
        }
        return false;
    }

    /** True when there are no patterns. */
    public boolean isEmpty() {
        return rules.isEmpty();
    }
}
