package io.packstone.backend.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A model of a file system of which a power cut leaves what was forced, and of the rest anything. Each name in a
 * directory is, each by itself, as it was when the directory was last forced or as any later call made it. Of a file's
 * bytes those are kept that were there when it was last forced; behind them nothing, all, a part, or blocks of zeros.
 * Forcing a file does not force its name, nor does forcing a directory force what is in its files or folders. For one
 * thread.
 */
public final class PowerCut {
    private static final int BLOCK = 4096;

    /** What the disk may do with a force: a liar keeps the order of calls and does nothing. */
    public enum Honesty {
        HONEST,
        LIES_ABOUT_FILES,
        LIES_ABOUT_DIRECTORIES
    }

    /** A file, or with entries a directory. */
    private static final class Inode {
        private final int number;
        private final @Nullable Map<String, Entry> entries;
        private byte[] bytes = new byte[0];
        private int forced;

        Inode(int number, boolean directory) {
            this.number = number;
            entries = directory ? new TreeMap<>() : null;
        }

        Map<String, Entry> entries() {
            if (entries == null) {
                throw new IllegalStateException("inode " + number + " is no directory");
            }
            return entries;
        }
    }

    /** A name and what it stood for, the durable state first; null where it stood for nothing. */
    private static final class Entry {
        private final List<@Nullable Inode> states = new ArrayList<>();

        @Nullable
        Inode current() {
            return states.get(states.size() - 1);
        }

        void set(@Nullable Inode inode) {
            states.add(inode);
        }

        void force() {
            @Nullable Inode last = current();
            states.clear();
            states.add(last);
        }
    }

    /**
     * What a cut left.
     *
     * @param objects bytes of every object, by name
     * @param identity equal for equal objects; of files that were torn it has the bytes
     * @param torn how many objects have not the bytes that were written to them
     */
    public record Left(Map<String, byte[]> objects, Map<Path, byte[]> files, String identity, int torn) {}

    private final DiskTape tape;
    private final Honesty honesty;
    private final Inode top = new Inode(0, true);
    private int inodes;
    private int played;

    /** Before the first call of {@code tape}. */
    public PowerCut(DiskTape tape, Honesty honesty) {
        this.tape = tape;
        this.honesty = honesty;
    }

    /** Plays the tape up to {@code calls} calls. */
    public void play(int calls) {
        for (; played < calls; played++) {
            play(tape.call(played));
        }
    }

    private void play(DiskTape.Call call) {
        switch (call.kind()) {
            case CREATE -> set(call.path(), new Inode(++inodes, false));
            case WRITE -> {
                Inode file = find(call.path());
                int length = file.bytes.length;
                file.bytes = Arrays.copyOf(file.bytes, length + call.bytes().length);
                System.arraycopy(call.bytes(), 0, file.bytes, length, call.bytes().length);
            }
            case FORCE -> {
                Inode file = find(call.path());
                file.forced = honesty == Honesty.LIES_ABOUT_FILES ? 0 : file.bytes.length;
            }
            case PUBLISH -> set(call.to(), find(call.path()));
            case REPLACE -> {
                set(call.to(), find(call.path()));
                set(call.path(), null);
            }
            case MAKE_DIRECTORY -> {
                if (entry(call.path()).current() == null) {
                    set(call.path(), new Inode(++inodes, true));
                }
            }
            case FORCE_DIRECTORY -> {
                if (honesty != Honesty.LIES_ABOUT_DIRECTORIES) {
                    find(call.path()).entries().values().forEach(Entry::force);
                }
            }
            case DELETE -> set(call.path(), null);
        }
    }

    private void set(Path path, @Nullable Inode inode) {
        entry(path).set(inode);
    }

    private Entry entry(Path path) {
        return find(path.getParent())
                .entries()
                .computeIfAbsent(path.getFileName().toString(), name -> {
                    Entry fresh = new Entry();
                    fresh.set(null);
                    return fresh;
                });
    }

    /** What stands at a path now; the folder above the repository is the top. */
    private Inode find(Path path) {
        if (path.equals(tape.root().getParent())) {
            return top;
        }
        Inode found = entry(path).current();
        if (found == null) {
            throw new IllegalStateException("there is no " + path);
        }
        return found;
    }

    /** What of the unforced a cut keeps: nothing, all, most, little or half of it. */
    private static double share(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> 0;
            case 1 -> 1;
            case 2 -> 0.9;
            case 3 -> 0.1;
            default -> 0.5;
        };
    }

    /** One of the things that a cut at this moment may leave. */
    public Left cut(Random random) {
        Map<String, byte[]> objects = new TreeMap<>();
        Map<Path, byte[]> files = new TreeMap<>();
        StringBuilder identity = new StringBuilder();
        int[] torn = new int[1];
        double share = share(random);
        Visitor visitor = (path, inode) -> {
            byte[] bytes = inode.forced == inode.bytes.length ? inode.bytes : tear(inode, random);
            files.put(path, bytes);
            String name = path.getNameCount() < 2
                    ? null
                    : LocalLayout.nameOf(path.subpath(1, path.getNameCount()).toString());
            if (name != null) {
                objects.put(name, bytes);
                identity.append(inode.number).append(' ');
                identity.append(name.hashCode()).append(' ');
                if (!Arrays.equals(bytes, inode.bytes)) {
                    torn[0]++;
                    identity.append(Arrays.hashCode(bytes)).append(' ');
                }
            }
        };
        walk(top, Path.of(""), share, random, visitor);
        return new Left(objects, files, identity.toString(), torn[0]);
    }

    private interface Visitor {
        void visit(Path path, Inode file);
    }

    private static void walk(Inode directory, Path path, double share, Random random, Visitor visitor) {
        directory.entries().forEach((name, entry) -> {
            int states = entry.states.size();
            int state = 0;
            if (states > 1 && random.nextDouble() < share) {
                state = random.nextInt(4) == 0 ? 1 + random.nextInt(states - 1) : states - 1;
            }
            Inode inode = entry.states.get(state);
            if (inode == null) {
                return;
            }
            Path below = path.resolve(name);
            if (inode.entries != null) {
                walk(inode, below, share, random, visitor);
            } else {
                visitor.visit(below, inode);
            }
        });
    }

    private static byte[] tear(Inode file, Random random) {
        int kept = switch (random.nextInt(4)) {
            case 0 -> file.forced;
            case 1 -> file.forced + random.nextInt(file.bytes.length - file.forced + 1);
            default -> file.bytes.length;
        };
        byte[] bytes = Arrays.copyOf(file.bytes, kept);
        if (random.nextInt(3) > 0) {
            for (int block = file.forced / BLOCK * BLOCK; block < kept; block += BLOCK) {
                if (random.nextBoolean()) {
                    Arrays.fill(bytes, Math.max(block, file.forced), Math.min(block + BLOCK, kept), (byte) 0);
                }
            }
        }
        return bytes;
    }

    /** Writes what was left below {@code folder}. */
    public static void write(Left left, Path folder) throws IOException {
        for (Map.Entry<Path, byte[]> file : left.files().entrySet()) {
            Path path = folder.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue());
        }
    }
}
