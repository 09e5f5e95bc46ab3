package io.packstone.source.rules;

import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rules that a snapshot was taken by and what became of them, as its record keeps them. Immutable and thread-safe. */
public final class RecordedRules {
    /** Of a snapshot that nothing was left out of. */
    public static final RecordedRules NONE = new RecordedRules(Rules.NONE, Heeded.NOTHING);

    private final Rules rules;
    private final Heeded heeded;
    private final Map<RawName, GlobFilter> ignoreFiles = new HashMap<>();
    private final Set<RawName> holders;

    /** Of those rules and what a walk made of them. */
    public RecordedRules(Rules rules, Heeded heeded) {
        this.rules = rules;
        this.heeded = heeded;
        heeded.ignoreFiles().forEach(each -> ignoreFiles.put(each.folder(), GlobFilter.of(each.patterns())));
        this.holders = new HashSet<>(heeded.holders());
    }

    /** One text for each rule, in the order in which they apply. */
    public List<String> format() {
        return RuleTexts.format(rules, heeded);
    }

    /**
     * The rules that {@code texts} speak of.
     *
     * @throws IllegalArgumentException when one of them is not known to this version; its message names it
     */
    public static RecordedRules parse(List<String> texts) {
        return new RuleTexts(texts).parse();
    }

    /** How many things each kind of rule left out, as far as {@code texts} can be read. */
    public static Map<LeftOutKind, Long> counts(List<String> texts) {
        return RuleTexts.counts(texts);
    }

    /** Those of {@code texts} that are rules, not what came of them, for people to read: quoted, names as names. */
    public static List<String> forPeople(List<String> texts) {
        return texts.stream()
                .filter(text -> !RuleTexts.isCount(text))
                .map(RuleTexts::forPeople)
                .toList();
    }

    /** What the walk was told. */
    public Rules rules() {
        return rules;
    }

    /** What it found. */
    public Heeded heeded() {
        return heeded;
    }

    /** Whether patterns of the options or of an ignore file left out {@code path}, not asking about directories above it. */
    public boolean patternsLeaveOut(TreePath path, boolean directory) {
        byte[] whole = path.asDirectory().array();
        int name = whole.length - path.name().length();
        GlobFilter filter = rules.excludes();
        int index = filter.deciding(whole, 0, name, whole.length, directory);
        if (index >= 0) {
            return !filter.takesBack(index);
        }
        for (int end = Math.max(0, name - 1); !ignoreFiles.isEmpty(); end = lastSlash(whole, end)) {
            GlobFilter inner = ignoreFiles.get(RawName.of(whole, 0, end));
            int base = end == 0 ? 0 : end + 1;
            index = inner == null ? -1 : inner.deciding(whole, base, name, whole.length, directory);
            if (inner != null && index >= 0) {
                return !inner.takesBack(index);
            }
            if (end == 0) {
                break;
            }
        }
        return false;
    }

    private static int lastSlash(byte[] path, int end) {
        int at = end - 1;
        while (at > 0 && path[at] != '/') {
            at--;
        }
        return Math.max(0, at);
    }

    /** Whether the walk left out what {@code directory} (without a '/' in front) holds, but for a tag. */
    public boolean isHolder(@Nullable RawName directory) {
        return holders.contains(directory);
    }
}
