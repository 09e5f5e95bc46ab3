package io.packstone.house;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What broke a rule, against a list of known exceptions that may only shrink. A line of the list is
 * {@code rule path number}: how many findings of that rule the file may have, or how long its longest part may be.
 */
final class Findings {
    private final Map<String, List<String>> messages = new TreeMap<>();
    private final Map<String, Long> amounts = new HashMap<>();

    /** One place that breaks {@code rule}; {@code remedy} says what to do instead. */
    void add(String rule, Path file, long line, String remedy) {
        String key = rule + " " + file;
        messages.computeIfAbsent(key, any -> new ArrayList<>()).add(file + ":" + line + ": " + rule + ": " + remedy);
        amounts.merge(key, 1L, Long::sum);
    }

    /** A part of a file, or the file, that is too large. */
    void addSized(String rule, Path file, String part, long size, String remedy) {
        String key = rule + " " + file;
        String message = file + ": " + rule + ": " + part + " has " + size + "; " + remedy;
        messages.computeIfAbsent(key, any -> new ArrayList<>()).add(message);
        amounts.merge(key, size, Math::max);
    }

    /** What is left when the exceptions are taken off, and the exceptions that have become too generous. */
    List<String> against(Path exceptions) throws IOException {
        Map<String, Long> allowed = new TreeMap<>();
        for (String line : Files.readAllLines(exceptions)) {
            if (!line.isBlank() && !line.startsWith("#")) {
                int space = line.lastIndexOf(' ');
                allowed.put(line.substring(0, space), Long.parseLong(line.substring(space + 1)));
            }
        }
        List<String> left = new ArrayList<>();
        messages.forEach((key, lines) -> {
            if (amounts.get(key) > allowed.getOrDefault(key, 0L)) {
                left.addAll(lines);
            }
        });
        allowed.forEach((key, number) -> {
            long now = amounts.getOrDefault(key, 0L);
            if (now < number) {
                left.add(exceptions.getFileName() + ": '" + key + " " + number + "' is better now: "
                        + (now == 0 ? "delete the line" : "lower it to " + now));
            }
        });
        return left;
    }
}
