package io.packstone.testkit;

import io.packstone.metadata.FileType;
import io.packstone.metadata.RawName;
import io.packstone.posix.AttributeAccess;
import io.packstone.posix.DirectoryHandle;
import io.packstone.posix.FileHandle;
import io.packstone.posix.FileStatus;
import io.packstone.posix.Posix;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Lists what differs between two directories: names, bytes, types, modes, owners, times, link targets, hard links; or all
 * that there is: extended attributes, flags and holes as well, and the directories' own.
 */
public final class TreeCompare {
    private static final int LIMIT = 100;

    /** It calls itself for every level of a tree, and trees of a test may be deep. */
    private static final long STACK_BYTES = 256L << 20;

    private final Posix posix = new Posix();
    private final List<String> differences = new ArrayList<>();
    private final Map<Long, String> leftGroups = new HashMap<>();
    private final Map<Long, String> rightGroups = new HashMap<>();

    private final boolean all;

    private TreeCompare(boolean all) {
        this.all = all;
    }

    /** Empty when both are the same; the two directories' own metadata does not count. At most 100 are told. */
    public static List<String> differences(Path left, Path right) throws IOException {
        return new TreeCompare(false).compare(left, right);
    }

    /** As {@link #differences}, of everything. */
    public static List<String> allDifferences(Path left, Path right) throws IOException {
        return new TreeCompare(true).compare(left, right);
    }

    private List<String> compare(Path left, Path right) throws IOException {
        FutureTask<Void> task = new FutureTask<>(() -> {
            try (DirectoryHandle a = posix.openRoot(RawName.of(left.toString()));
                    DirectoryHandle b = posix.openRoot(RawName.of(right.toString()))) {
                if (all) {
                    itself(a, b);
                }
                directories("", a, b);
            }
            return null;
        });
        Thread thread = new Thread(null, task, "compare", STACK_BYTES);
        thread.start();
        try {
            task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        } catch (ExecutionException e) {
            throw new IOException("after " + differences, e.getCause());
        }
        return differences;
    }

    private void tell(String path, String what) {
        if (differences.size() < LIMIT) {
            differences.add(path + ": " + what);
        }
    }

    private void expect(String path, String what, Object left, Object right) {
        if (!left.equals(right)) {
            tell(path, what + " " + left + " became " + right);
        }
    }

    private static Set<RawName> names(DirectoryHandle directory) throws IOException {
        Set<RawName> names = new TreeSet<>();
        directory.list((bytes, offset, length) -> names.add(RawName.of(bytes, offset, length)));
        return names;
    }

    private void directories(String path, DirectoryHandle left, DirectoryHandle right) throws IOException {
        Set<RawName> leftNames = names(left);
        Set<RawName> rightNames = names(right);
        for (RawName name : rightNames) {
            if (!leftNames.contains(name)) {
                tell(path + "/" + name, "appeared");
            }
        }
        for (RawName name : leftNames) {
            if (rightNames.contains(name)) {
                one(path + "/" + name, left, right, name);
            } else {
                tell(path + "/" + name, "is missing");
            }
        }
    }

    private void one(String path, DirectoryHandle left, DirectoryHandle right, RawName name) throws IOException {
        FileStatus a = left.stat(name);
        FileStatus b = right.stat(name);
        expect(path, "type", a.type(), b.type());
        if (a.type() != b.type()) {
            return;
        }
        expect(path, "mode", Integer.toOctalString(a.mode()), Integer.toOctalString(b.mode()));
        expect(path, "uid", a.uid(), b.uid());
        expect(path, "gid", a.gid(), b.gid());
        expect(path, "mtime", a.modified(), b.modified());
        if (all) {
            expect(path, "flags", a.flags(), b.flags());
            expect(path, "attributes", attributes(left.attributes(name)), attributes(right.attributes(name)));
        }
        expect(path, "device node", a.nodeMajor() + ":" + a.nodeMinor(), b.nodeMajor() + ":" + b.nodeMinor());
        if (a.type() == FileType.FILE) {
            expect(path, "size", a.size(), b.size());
            group(path, a, b);
            bytes(path, left, right, name);
        } else if (all && a.type() != FileType.DIRECTORY) {
            group(path, a, b);
        }
        if (a.type() == FileType.SYMLINK) {
            expect(path, "target", left.readLink(name), right.readLink(name));
        } else if (a.type() == FileType.DIRECTORY) {
            try (DirectoryHandle innerLeft = left.openDirectory(name);
                    DirectoryHandle innerRight = right.openDirectory(name)) {
                directories(path, innerLeft, innerRight);
            }
        }
    }

    private void group(String path, FileStatus a, FileStatus b) {
        String firstLeft = leftGroups.computeIfAbsent(a.inode(), inode -> path);
        String firstRight = rightGroups.computeIfAbsent(b.inode(), inode -> path);
        expect(path, "hard link of", firstLeft, firstRight);
    }

    private void itself(DirectoryHandle left, DirectoryHandle right) throws IOException {
        FileStatus a = new FileStatus();
        FileStatus b = new FileStatus();
        left.statSelf(a);
        right.statSelf(b);
        expect("/", "mode", Integer.toOctalString(a.mode()), Integer.toOctalString(b.mode()));
        expect("/", "owner", a.uid() + " " + a.gid(), b.uid() + " " + b.gid());
        expect("/", "mtime", a.modified(), b.modified());
        expect("/", "flags", a.flags(), b.flags());
        expect("/", "attributes", attributes(left.attributesSelf()), attributes(right.attributesSelf()));
    }

    /** All but labels that the system gives. */
    private static Map<RawName, String> attributes(AttributeAccess access) throws IOException {
        Map<RawName, String> values = new TreeMap<>();
        for (RawName name : access.names()) {
            if (!name.toText().equals("security.selinux")) {
                values.put(name, Arrays.toString(access.get(name)));
            }
        }
        return values;
    }

    private static List<Long> layout(FileHandle file) throws IOException {
        List<Long> bounds = new ArrayList<>();
        long size = file.stat().size();
        long data = file.nextData(0);
        while (data >= 0 && data < size) {
            long hole = file.nextHole(data);
            bounds.add(data);
            bounds.add(hole);
            data = hole < size ? file.nextData(hole) : -1;
        }
        return bounds;
    }

    /** Holes of both are zeros of both, and need not be read. */
    private void sparse(String path, FileHandle left, FileHandle right) throws IOException {
        List<Long> bounds = layout(left);
        expect(path, "layout", bounds, layout(right));
        byte[] a = new byte[1 << 16];
        byte[] b = new byte[1 << 16];
        for (int i = 0; i < bounds.size(); i += 2) {
            for (long at = bounds.get(i); at < bounds.get(i + 1); at += a.length) {
                int length = (int) Math.min(a.length, bounds.get(i + 1) - at);
                int mismatch = Arrays.mismatch(a, 0, left.read(at, a, 0, length), b, 0, right.read(at, b, 0, length));
                if (mismatch >= 0) {
                    tell(path, "bytes differ at " + (at + mismatch));
                    return;
                }
            }
        }
    }

    private void bytes(String path, DirectoryHandle left, DirectoryHandle right, RawName name) throws IOException {
        byte[] a = new byte[1 << 16];
        byte[] b = new byte[1 << 16];
        try (FileHandle leftFile = left.openFile(name);
                FileHandle rightFile = right.openFile(name)) {
            if (all) {
                sparse(path, leftFile, rightFile);
                return;
            }
            for (long at = 0; ; at += a.length) {
                int countLeft = leftFile.read(at, a, 0, a.length);
                int countRight = rightFile.read(at, b, 0, b.length);
                int mismatch = Arrays.mismatch(a, 0, countLeft, b, 0, countRight);
                if (mismatch >= 0) {
                    tell(path, "bytes differ at " + (at + mismatch));
                    return;
                }
                if (countLeft < a.length) {
                    return;
                }
            }
        }
    }
}
