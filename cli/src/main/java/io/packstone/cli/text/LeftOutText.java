package io.packstone.cli.text;

import io.packstone.source.rules.LeftOutKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What rules left out, for people and programs. */
public final class LeftOutText {
    private LeftOutText() {}

    /** How many each kind left out, such as {@code 2 by --exclude, 1 by .packstoneignore files}; empty when nothing was. */
    public static String of(Map<LeftOutKind, Long> counts) {
        List<String> parts = new ArrayList<>();
        for (LeftOutKind kind : LeftOutKind.values()) {
            long count = counts.getOrDefault(kind, 0L);
            if (count > 0) {
                parts.add(Wording.count(count) + " " + words(kind));
            }
        }
        return String.join(", ", parts);
    }

    private static String words(LeftOutKind kind) {
        return switch (kind) {
            case OWN -> "of Packstone itself";
            case EXCLUDE -> "by --exclude";
            case IGNORE_FILE -> "by .packstoneignore files";
            case IF_PRESENT -> "by --exclude-if-present";
            case CACHE -> "by --exclude-caches";
            case FILE_SYSTEM -> "on other file systems";
            case LARGER_THAN -> "by --exclude-larger-than";
        };
    }

    /** As an object of numbers. */
    public static void document(Json json, Map<LeftOutKind, Long> counts) {
        json.beginObject("leftOut");
        for (LeftOutKind kind : LeftOutKind.values()) {
            json.field(key(kind), counts.getOrDefault(kind, 0L));
        }
        json.endObject();
    }

    /** The word for a kind in a document. */
    public static String key(LeftOutKind kind) {
        return switch (kind) {
            case OWN -> "own";
            case EXCLUDE -> "exclude";
            case IGNORE_FILE -> "ignoreFile";
            case IF_PRESENT -> "ifPresent";
            case CACHE -> "cache";
            case FILE_SYSTEM -> "fileSystem";
            case LARGER_THAN -> "largerThan";
        };
    }
}
