package io.packstone.posix;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Names of users and groups by number, as /etc/passwd and /etc/group had them when this was made; empty when unknown. */
public final class OwnerNames {
    private final Map<Integer, String> users = read("/etc/passwd");
    private final Map<Integer, String> groups = read("/etc/group");

    private static Map<Integer, String> read(String file) {
        Map<Integer, String> names = new HashMap<>();
        try {
            for (String line : Files.readAllLines(Path.of(file), StandardCharsets.UTF_8)) {
                String[] fields = line.split(":");
                if (fields.length > 2 && fields[2].matches("[0-9]{1,9}")) {
                    names.putIfAbsent(Integer.parseInt(fields[2]), fields[0]);
                }
            }
        } catch (IOException e) {
            return Map.of();
        }
        return names;
    }

    /** The name of a user, empty when the system knows none. */
    public String user(int uid) {
        return users.getOrDefault(uid, "");
    }

    /** The name of a group, empty when the system knows none. */
    public String group(int gid) {
        return groups.getOrDefault(gid, "");
    }
}
