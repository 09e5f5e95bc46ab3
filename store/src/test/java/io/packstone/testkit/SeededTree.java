package io.packstone.testkit;

import io.packstone.metadata.FileType;
import io.packstone.metadata.RawName;
import io.packstone.metadata.Timestamp;
import io.packstone.posix.DirectoryHandle;
import io.packstone.posix.FileHandle;
import io.packstone.posix.FileStatus;
import io.packstone.posix.Posix;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * Makes trees on disk from a seed, the same ones each time: files of many lengths, repeated and random bytes, names
 * that are not UTF-8, symbolic links, hard links, pipes, modes, times to the nanosecond, deep directories.
 */
public final class SeededTree {
    private static final long FIRST_SECOND = 1_000_000_000L;
    private static final int SECONDS = 800_000_000;

    private final Posix posix = new Posix();
    private final Random random;
    private final int longestFile;
    private int made;

    /** Files are at most {@code longestFile} bytes. */
    public SeededTree(long seed, int longestFile) {
        this.random = new Random(seed);
        this.longestFile = longestFile;
    }

    /** With files of at most 3 MB. */
    public SeededTree(long seed) {
        this(seed, 3_000_000);
    }

    /** Fills the existing directory {@code root} with about {@code count} names. */
    public void create(Path root, int count) throws IOException {
        try (DirectoryHandle directory = posix.openRoot(RawName.of(root.toString()))) {
            fill(directory, count, 0);
        }
    }

    private void fill(DirectoryHandle directory, int count, int depth) throws IOException {
        List<RawName> files = new ArrayList<>();
        int left = count;
        while (left > 0) {
            RawName name = name();
            if (directory.statIfPresent(name) != null) {
                continue;
            }
            left--;
            int kind = random.nextInt(20);
            if (kind < 4 && depth < 12) {
                int below = random.nextInt(left + 1);
                left -= below;
                directory.makeDirectory(name, 0700);
                try (DirectoryHandle inner = directory.openDirectory(name)) {
                    fill(inner, below, depth + 1);
                    inner.setModeSelf(0700 | random.nextInt(0100));
                    inner.setTimesSelf(null, time());
                }
            } else if (kind == 4) {
                directory.symlink(name(), name);
                directory.setTimes(name, null, time());
            } else if (kind == 5 && !files.isEmpty()) {
                directory.link(directory, files.get(random.nextInt(files.size())), name);
            } else if (kind == 6) {
                directory.makeFifo(name, 0600);
                directory.setMode(name, 0600);
                directory.setTimes(name, null, time());
            } else {
                makeFile(directory, name);
                files.add(name);
            }
        }
    }

    private void makeFile(DirectoryHandle directory, RawName name) throws IOException {
        try (FileHandle file = directory.createFile(name, 0600)) {
            byte[] bytes = bytes(length());
            file.write(0, bytes, 0, bytes.length);
            if (random.nextInt(20) == 0) {
                file.truncate(bytes.length + random.nextInt(longestFile / 2 + 1));
            }
            file.setMode(0400 | random.nextInt(010000) & 01777);
            file.setTimes(null, time());
        }
    }

    private Timestamp time() {
        return new Timestamp(FIRST_SECOND + random.nextInt(SECONDS), random.nextInt(1_000_000_000));
    }

    private int length() {
        return switch (random.nextInt(10)) {
            case 0 -> 0;
            case 1 -> 1;
            case 2 -> random.nextInt(longestFile + 1);
            case 3 -> Math.min(longestFile, 1 << random.nextInt(20));
            default -> random.nextInt(Math.min(longestFile, 20_000) + 1);
        };
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        switch (random.nextInt(3)) {
            case 0 -> random.nextBytes(bytes);
            case 1 -> {
                byte[] line = ("line of seed text " + random.nextInt(5) + "\n")
                        .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
                for (int i = 0; i < length; i++) {
                    bytes[i] = line[i % line.length];
                }
            }
            default -> {
                Random shared = new Random(random.nextInt(4));
                shared.nextBytes(bytes);
            }
        }
        return bytes;
    }

    private RawName name() {
        made++;
        String number = Integer.toString(made, 36);
        return switch (random.nextInt(12)) {
            case 0 -> RawName.of("übergröße-" + number);
            case 1 -> RawName.of("名前-" + number + ".txt");
            case 2 -> notUtf8(number);
            case 3 -> RawName.of("line\nbreak \"quoted\" \\" + number);
            case 4 -> RawName.of("-" + number);
            case 5 -> RawName.of("long-" + "n".repeat(200) + number);
            case 6 -> RawName.of("..." + number);
            case 7 -> RawName.of("e\u0301-" + number);
            default -> RawName.of("file-" + number + ".dat");
        };
    }

    private RawName notUtf8(String number) {
        byte[] bytes = ("xx" + number).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        bytes[0] = (byte) 0xff;
        bytes[1] = (byte) (1 + random.nextInt('.'));
        return RawName.takeOver(bytes);
    }

    /** Changes about {@code count} names of a tree: bytes rewritten, appended, cut; files added, removed, renamed. */
    public void change(Path root, int count) throws IOException {
        try (DirectoryHandle directory = posix.openRoot(RawName.of(root.toString()))) {
            for (int i = 0; i < count; i++) {
                changeOne(directory);
            }
        }
    }

    private void changeOne(DirectoryHandle directory) throws IOException {
        Set<RawName> sorted = new TreeSet<>();
        directory.list((bytes, offset, length) -> sorted.add(RawName.of(bytes, offset, length)));
        List<RawName> names = new ArrayList<>(sorted);
        int choice = random.nextInt(names.size() + 1);
        if (choice == names.size()) {
            RawName name = RawName.of("added-" + random.nextInt());
            if (directory.statIfPresent(name) == null) {
                makeFile(directory, name);
            }
            return;
        }
        RawName name = names.get(choice);
        FileStatus status = directory.stat(name);
        if (status.type() == FileType.DIRECTORY) {
            try (DirectoryHandle inner = directory.openDirectory(name)) {
                changeOne(inner);
            }
        } else if (status.type() == FileType.FILE && random.nextInt(4) > 0) {
            changeBytes(directory, name, status.size());
        } else if (random.nextBoolean()) {
            directory.unlink(name);
        } else {
            directory.rename(name, directory, RawName.of("renamed-" + random.nextInt()));
        }
    }

    private void changeBytes(DirectoryHandle directory, RawName name, long size) throws IOException {
        directory.setMode(name, 0600);
        try (FileHandle file = directory.openFileToWrite(name)) {
            byte[] bytes = bytes(1 + random.nextInt(5000));
            switch (random.nextInt(3)) {
                case 0 -> file.write(size, bytes, 0, bytes.length);
                case 1 -> file.truncate(size / 2);
                default -> file.write(size / 3, bytes, 0, bytes.length);
            }
        }
    }
}
