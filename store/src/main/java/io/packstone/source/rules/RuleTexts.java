package io.packstone.source.rules;

import io.packstone.metadata.Quoting;
import io.packstone.metadata.RawName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rules as texts in the record of a snapshot, and back (docs/format.md, Snapshots). */
final class RuleTexts {
    private static final String IGNORE = "ignore=";
    private static final String IGNORE_BYTES = "ignore-bytes=";
    private static final String FORMER = "exclude=";
    private static final String FORMER_BYTES = "exclude-bytes=";
    private static final String LEFT_OUT = "left-out=";
    private static final String ONE_FILE_SYSTEM = "one-file-system";
    private static final String LARGER_THAN = "exclude-larger-than=";
    private static final String CACHES = "exclude-caches";
    private static final String IF_PRESENT = "exclude-if-present=";
    private static final String IGNORE_FILES = "ignore-files";
    private static final String IGNORE_FILE = "ignore-file=";
    private static final String HOLDER = "holder=";
    private static final String NOT_ALL = "not-all-listed";
    private static final String COUNT = "count-";
    private static final String REWRITTEN = "rewritten";

    private final List<String> texts;
    private final List<RawName> excludes = new ArrayList<>();
    private final List<RawName> leftOut = new ArrayList<>();
    private final List<RawName> ifPresent = new ArrayList<>();
    private final List<List<RawName>> dropped = new ArrayList<>();
    private final List<Heeded.InFolder> ignoreFiles = new ArrayList<>();
    private final List<RawName> holders = new ArrayList<>();
    private final Map<LeftOutKind, Long> counts = new EnumMap<>(LeftOutKind.class);
    private Rules rules = Rules.NONE;
    private boolean complete = true;

    RuleTexts(List<String> texts) {
        this.texts = texts;
    }

    static List<String> format(Rules rules, Heeded heeded) {
        List<String> texts = new ArrayList<>();
        patterns(rules.excludes().patterns(), texts);
        rules.leftOut().forEach(path -> texts.add(LEFT_OUT + hex(path)));
        add(rules.oneFileSystem(), ONE_FILE_SYSTEM, texts);
        add(rules.largerThan() >= 0, LARGER_THAN + rules.largerThan(), texts);
        add(rules.caches(), CACHES, texts);
        rules.ifPresent().forEach(name -> texts.add(IF_PRESENT + hex(name)));
        add(rules.ignoreFiles(), IGNORE_FILES, texts);
        for (Heeded.InFolder file : heeded.ignoreFiles()) {
            texts.add(IGNORE_FILE + hex(file.folder()));
            patterns(file.patterns(), texts);
        }
        heeded.holders().forEach(directory -> texts.add(HOLDER + hex(directory)));
        add(!heeded.complete(), NOT_ALL, texts);
        for (LeftOutKind kind : LeftOutKind.values()) {
            Long count = heeded.counts().get(kind);
            if (count != null) {
                texts.add(COUNT + kind.key() + "=" + count);
            }
        }
        for (GlobFilter filter : rules.dropped()) {
            texts.add(REWRITTEN);
            patterns(filter.patterns(), texts);
        }
        return texts;
    }

    /** True for a text that only counts. */
    static boolean isCount(String text) {
        return text.startsWith(COUNT);
    }

    /** Quoted, with names as names; what is not understood stays as it is. */
    static String forPeople(String text) {
        for (String each : List.of(IGNORE_BYTES, FORMER_BYTES, LEFT_OUT, IF_PRESENT, IGNORE_FILE, HOLDER)) {
            if (text.startsWith(each)) {
                try {
                    return each + RawName.takeOver(HexFormat.of().parseHex(text.substring(each.length())));
                } catch (IllegalArgumentException e) {
                    return Quoting.quote(text);
                }
            }
        }
        return Quoting.quote(text);
    }

    private static void add(boolean holds, String text, List<String> texts) {
        if (holds) {
            texts.add(text);
        }
    }

    private static void patterns(List<RawName> patterns, List<String> texts) {
        for (RawName pattern : patterns) {
            texts.add(pattern.isUtf8() ? IGNORE + pattern.toText() : IGNORE_BYTES + hex(pattern));
        }
    }

    private static String hex(RawName name) {
        return HexFormat.of().formatHex(name.array());
    }

    RecordedRules parse() {
        List<RawName> patterns = excludes;
        for (String text : texts) {
            String value = text.substring(text.indexOf('=') + 1);
            RawName pattern = pattern(text, value);
            if (pattern != null) {
                patterns.add(pattern);
            } else if (text.startsWith(IGNORE_FILE)) {
                patterns = new ArrayList<>();
                ignoreFiles.add(new Heeded.InFolder(bytes(value), patterns));
            } else if (text.equals(REWRITTEN)) {
                patterns = new ArrayList<>();
                dropped.add(patterns);
            } else {
                option(text, value);
            }
        }
        rules = rules.withExcludes(GlobFilter.of(excludes)).withLeftOut(leftOut).withIfPresent(ifPresent);
        for (List<RawName> each : dropped) {
            rules = rules.withDropped(GlobFilter.of(each));
        }
        return new RecordedRules(rules, new Heeded(copies(), holders, complete, counts));
    }

    /** With the patterns that came after each was begun. */
    private List<Heeded.InFolder> copies() {
        return ignoreFiles.stream()
                .map(file -> new Heeded.InFolder(file.folder(), List.copyOf(file.patterns())))
                .toList();
    }

    private static @Nullable RawName pattern(String text, String value) {
        if (text.startsWith(IGNORE)) {
            return utf8(value);
        }
        if (text.startsWith(FORMER)) {
            return FormerPattern.translate(utf8(value));
        }
        if (text.startsWith(FORMER_BYTES)) {
            return FormerPattern.translate(bytes(value));
        }
        return text.startsWith(IGNORE_BYTES) ? bytes(value) : null;
    }

    private void option(String text, String value) {
        if (text.startsWith(LEFT_OUT)) {
            leftOut.add(bytes(value));
        } else if (text.equals(ONE_FILE_SYSTEM)) {
            rules = rules.withOneFileSystem(true);
        } else if (text.startsWith(LARGER_THAN)) {
            rules = rules.withLargerThan(Long.parseLong(value));
        } else if (text.equals(CACHES)) {
            rules = rules.withCaches(true);
        } else if (text.startsWith(IF_PRESENT)) {
            ifPresent.add(bytes(value));
        } else if (text.equals(IGNORE_FILES)) {
            rules = rules.withIgnoreFiles(true);
        } else if (text.startsWith(HOLDER)) {
            holders.add(bytes(value));
        } else if (text.equals(NOT_ALL)) {
            complete = false;
        } else if (!text.startsWith(COUNT) || !count(text, value, counts)) {
            throw new IllegalArgumentException("an unknown rule, " + text);
        }
    }

    /** Takes in one count; false when it is none that is known. */
    private static boolean count(String text, String value, Map<LeftOutKind, Long> counts) {
        for (LeftOutKind kind : LeftOutKind.values()) {
            if (text.equals(COUNT + kind.key() + "=" + value)) {
                counts.put(kind, Long.parseLong(value));
                return true;
            }
        }
        return false;
    }

    static Map<LeftOutKind, Long> counts(List<String> texts) {
        Map<LeftOutKind, Long> counts = new EnumMap<>(LeftOutKind.class);
        for (String text : texts) {
            String value = text.substring(text.indexOf('=') + 1);
            if (text.startsWith(COUNT) && value.matches("[0-9]{1,18}")) {
                count(text, value, counts);
            }
        }
        return counts;
    }

    private static RawName utf8(String value) {
        return RawName.takeOver(value.getBytes(StandardCharsets.UTF_8));
    }

    private static RawName bytes(String value) {
        return RawName.takeOver(HexFormat.of().parseHex(value));
    }
}
