package io.packstone.posix;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.packstone.metadata.Owner;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Names of users and groups, both ways, asked of the system once each and remembered up to a bound. Thread-safe.
 *
 * <p>A name that does not exist is remembered too. Numbers are unsigned ints.
 */
public final class OwnerNames {
    /** What {@link #uid} and {@link #gid} say of a name that nobody has; no number of a user, see chown(2). */
    public static final int NONE = -1;

    private static final int CAPACITY = 4096;
    private static final int BUFFER_LENGTH = 64 << 10;
    private static final int NUMBER_AT = 16;

    private final Map<Long, Owner> owners = bounded();
    private final Map<Integer, String> users = bounded();
    private final Map<Integer, String> groups = bounded();
    private final Map<String, Integer> uids = bounded();
    private final Map<String, Integer> gids = bounded();
    private volatile Owner last = new Owner(NONE, "", NONE, "");

    /** Asks nothing yet. */
    public OwnerNames() {}

    private static <K, V> Map<K, V> bounded() {
        return new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > CAPACITY;
            }
        };
    }

    /** The owner with those numbers, with the names the system knows. */
    public Owner owner(int uid, int gid) {
        Owner recent = last;
        if (recent.uid() == uid && recent.gid() == gid) {
            return recent;
        }
        synchronized (this) {
            long key = (long) uid << 32 | gid & 0xffffffffL;
            Owner owner = owners.get(key);
            if (owner == null) {
                owner = new Owner(uid, user(uid), gid, group(gid));
                owners.put(key, owner);
            }
            last = owner;
            return owner;
        }
    }

    /** The user's name; empty when the system knows none. */
    public synchronized String user(int uid) {
        return users.computeIfAbsent(
                uid,
                number ->
                        name((entry, buffer, result) -> LibC.getpwuid_r(number, entry, buffer, BUFFER_LENGTH, result)));
    }

    /** The group's name; empty when the system knows none. */
    public synchronized String group(int gid) {
        return groups.computeIfAbsent(
                gid,
                number ->
                        name((entry, buffer, result) -> LibC.getgrgid_r(number, entry, buffer, BUFFER_LENGTH, result)));
    }

    /** The number of the user of that name, or {@link #NONE}. */
    public synchronized int uid(String user) {
        return uids.computeIfAbsent(
                user,
                name -> number(
                        name,
                        address -> (entry, buffer, result) ->
                                LibC.getpwnam_r(address, entry, buffer, BUFFER_LENGTH, result)));
    }

    /** The number of the group of that name, or {@link #NONE}. */
    public synchronized int gid(String group) {
        return gids.computeIfAbsent(
                group,
                name -> number(
                        name,
                        address -> (entry, buffer, result) ->
                                LibC.getgrnam_r(address, entry, buffer, BUFFER_LENGTH, result)));
    }

    private static String name(Lookup lookup) {
        return look(lookup, "", entry -> {
            byte[] bytes = entry.getPointer(0).getString(0, "ISO-8859-1").getBytes(StandardCharsets.ISO_8859_1);
            return new String(bytes, StandardCharsets.UTF_8);
        });
    }

    private static int number(String name, java.util.function.LongFunction<Lookup> lookup) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length == 0 || name.indexOf('\0') >= 0) {
            return NONE;
        }
        try (Memory text = new Memory(bytes.length + 1L)) {
            text.write(0, bytes, 0, bytes.length);
            text.setByte(bytes.length, (byte) 0);
            ToIntFunction<Pointer> reader = entry -> entry.getInt(NUMBER_AT);
            return look(lookup.apply(Pointer.nativeValue(text)), NONE, reader::applyAsInt);
        }
    }

    /** The name is the first and the number the third field of both struct passwd and struct group. */
    private static <T> T look(Lookup lookup, T absent, java.util.function.Function<Pointer, T> reader) {
        try (Memory entry = new Memory(128);
                Memory buffer = new Memory(BUFFER_LENGTH);
                Memory result = new Memory(8)) {
            result.setLong(0, 0);
            int errno =
                    lookup.call(Pointer.nativeValue(entry), Pointer.nativeValue(buffer), Pointer.nativeValue(result));
            @Nullable Pointer found = errno == 0 ? result.getPointer(0) : null;
            return found == null ? absent : reader.apply(found);
        }
    }

    private interface Lookup {
        int call(long entry, long buffer, long result);
    }
}
