package io.packstone.cli.command;

import io.packstone.keyslot.KeyText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A recovery sheet as a page for a printer, at most 78 columns wide where the place is short enough.
 *
 * @param words of the key, in order
 * @param repository its id
 * @param place where it is, as {@code --repo} takes it, quoted for a terminal
 * @param made when and on which computer
 * @param slot the beginning of the id of the sheet's key slot
 */
record SheetPage(List<String> words, String repository, String place, String made, String slot) {
    private static final int COLUMNS = 4;

    List<String> lines() {
        String options = "--repo " + shellQuoted(place) + " --key-file words.txt";
        List<String> lines = new ArrayList<>(List.of(
                KeyText.SHEET_HEAD,
                "",
                "These " + words.size() + " words open the repository below when passwords and key files are lost.",
                "Whoever has them can read all of it: keep this page where you keep deeds, away",
                "from the computer.",
                "",
                "    repository   " + repository,
                "    place        " + place,
                "    made         " + made,
                "    key slot     " + slot,
                ""));
        for (int first = 0; first < words.size(); first += COLUMNS) {
            lines.add(row(first));
        }
        lines.addAll(List.of(
                "",
                "To use it, type the words into a file words.txt, in this order. Numbers,",
                "capital letters and lines do not matter; the first four letters of a word are",
                "enough. A slip is found, and its place is named. Then list the snapshots, and",
                "restore one:",
                "",
                "    packstone snapshots " + options,
                "    packstone restore latest " + options + " --target restored",
                "",
                "If the repository is elsewhere by then, give its new place to --repo. Do the",
                "first once now: it shows that the words are right. To make them worthless:",
                "",
                "    packstone key remove " + slot + " --repo " + shellQuoted(place),
                "",
                "Without the program: docs/format.md describes every byte that is stored, and",
                "docs/read.py reads it with Python (read.py REPOSITORY --words words.txt list)."));
        return lines;
    }

    private String row(int first) {
        StringBuilder row = new StringBuilder("  ");
        for (int i = first; i < Math.min(first + COLUMNS, words.size()); i++) {
            row.append(String.format(Locale.ROOT, "  %2d  %-10s", i + 1, words.get(i)));
        }
        return row.toString().stripTrailing();
    }

    private static String shellQuoted(String text) {
        return text.matches("[A-Za-z0-9_./:@%+=,-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
