package io.packstone.cli.setup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The arguments as they were typed. Java decodes them by the locale and loses what does not fit; the kernel still has
 * the bytes in /proc/self/cmdline, where the program's own are the last.
 */
public final class RawArguments {
    private RawArguments() {}

    /** {@code arguments} in the form of {@link RawText}; as they are where the kernel's list can't be read or differs. */
    public static String[] recover(String[] arguments) {
        if (Arrays.stream(arguments).allMatch(RawArguments::isPlain)) {
            return arguments;
        }
        try {
            return match(arguments, Files.readAllBytes(Path.of("/proc/self/cmdline")));
        } catch (IOException e) {
            return arguments; // No /proc: what Java decoded is all there is.
        }
    }

    static String[] match(String[] arguments, byte[] commandLine) {
        List<String> all = split(commandLine);
        if (all.size() < arguments.length) {
            return arguments;
        }
        String[] raw = all.subList(all.size() - arguments.length, all.size()).toArray(new String[0]);
        for (int i = 0; i < raw.length; i++) {
            if (isPlain(arguments[i]) && !arguments[i].equals(raw[i])) {
                return arguments;
            }
        }
        return raw;
    }

    private static List<String> split(byte[] commandLine) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        for (int at = 0; at < commandLine.length; at++) {
            if (commandLine[at] == 0) {
                parts.add(RawText.decode(Arrays.copyOfRange(commandLine, from, at)));
                from = at + 1;
            }
        }
        return parts;
    }

    /** True for ASCII without '?', which some locales put in place of what they can't decode. */
    private static boolean isPlain(String argument) {
        return argument.chars().allMatch(value -> value < 0x80 && value != '?');
    }
}
