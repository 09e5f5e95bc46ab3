package io.packstone.manifest;

import io.packstone.crypto.BoundaryHash;
import io.packstone.crypto.SecretKey;
import io.packstone.id.ChunkId;
import io.packstone.metadata.ExtendedAttributes;
import io.packstone.metadata.FileMetadata;
import io.packstone.metadata.FileType;
import io.packstone.metadata.Fingerprint;
import io.packstone.metadata.Holes;
import io.packstone.metadata.Owner;
import io.packstone.metadata.RawName;
import io.packstone.metadata.Timestamp;
import io.packstone.metadata.TreePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Entries, plain and random by seed, and short ways to build and read manifests of them. */
final class TestEntries {
    private TestEntries() {}

    static BoundaryHash boundaries() {
        byte[] key = new byte[32];
        key[0] = 7;
        return new BoundaryHash(SecretKey.copyOf(key));
    }

    static ManifestRoot build(NodeSink sink, Collection<ManifestEntry> entries) throws IOException {
        ManifestBuilder builder = new ManifestBuilder(sink, boundaries());
        for (ManifestEntry entry : entries) {
            builder.add(entry);
        }
        return builder.finish();
    }

    static List<ManifestEntry> all(ManifestCursor cursor) throws IOException {
        List<ManifestEntry> entries = new ArrayList<>();
        for (ManifestEntry next = cursor.next(); next != null; next = cursor.next()) {
            entries.add(next);
        }
        return entries;
    }

    static FileMetadata metadata(FileType type, long size, int uid, long seconds) {
        RawName target = type == FileType.SYMLINK ? RawName.of("../to/" + size) : RawName.EMPTY;
        boolean isDevice = type == FileType.CHARACTER_DEVICE || type == FileType.BLOCK_DEVICE;
        return new FileMetadata(
                type,
                0644,
                new Owner(uid, uid % 2 == 0 ? "u" + uid : "", 100, "users"),
                new Timestamp(seconds, 123_456_789),
                type == FileType.FILE ? size : 0,
                new Fingerprint(size * 31 - 5, 66, new Timestamp(seconds + 1, 1)),
                type != FileType.DIRECTORY && size % 7 == 0 ? 2 : 1,
                isDevice ? -3 : 0,
                isDevice ? 9 : 0,
                target,
                attributes(size),
                size % 13 == 2 && (type == FileType.FILE || type == FileType.DIRECTORY) ? 0x30 : 0,
                size % 11 < 8 ? new Timestamp(seconds - size % 100, (int) (size % 1000)) : null);
    }

    private static ExtendedAttributes attributes(long size) {
        if (size % 17 != 3) {
            return ExtendedAttributes.NONE;
        }
        return ExtendedAttributes.of(Map.of(
                RawName.of("user.n" + size % 5), new byte[(int) (size % 300)], RawName.of("security.x"), new byte[] {0
                }));
    }

    static FileBody body(Random random, int pieces) {
        long[] lengths = random.longs(pieces, 1, FileBody.MAX_CHUNK).toArray();
        byte[] refs = new byte[pieces * ChunkId.LENGTH];
        random.nextBytes(refs);
        return FileBody.of(random.nextInt(), 0, lengths, refs);
    }

    private static Holes holes(Random random, FileBody body) {
        if (random.nextInt(20) > 0 || body.plainLength() < 20) {
            return Holes.NONE;
        }
        long half = body.plainLength() / 2;
        long start = random.nextInt((int) Math.min(half, 1 << 20));
        return Holes.of(new long[] {start, half, half + 1, body.plainLength()});
    }

    static ManifestEntry entry(TreePath path, Random random) {
        int kind = path.isRoot() ? 1 : random.nextInt(100);
        FileType type = kind < 20 ? FileType.DIRECTORY : kind < 90 ? FileType.FILE : FileType.of(2 + random.nextInt(5));
        FileBody body =
                type == FileType.FILE ? body(random, random.nextInt(random.nextInt(30) == 0 ? 65 : 3)) : FileBody.EMPTY;
        long size = type != FileType.FILE ? random.nextInt(1000) : body.plainLength();
        ManifestEntry.Extensions extensions = random.nextInt(50) > 0
                ? ManifestEntry.Extensions.NONE
                : ManifestEntry.Extensions.of(Map.of(
                        10, new byte[] {(byte) 0x82, 1, 0x41, 9}, 0, new byte[] {(byte) 0xf5}, 77, new byte[] {24, 99
                        }));
        FileMetadata metadata = metadata(type, size, random.nextInt(4), random.nextInt() - 1000L);
        return new ManifestEntry(path, metadata, body, random.nextInt(40) == 0, holes(random, body), extensions);
    }

    static ManifestEntry file(String path, long seconds) {
        FileMetadata metadata = metadata(FileType.FILE, 0, 0, seconds);
        return new ManifestEntry(TreePath.parse(RawName.of(path)), metadata, FileBody.EMPTY, false);
    }

    /** About {@code count} paths; the names are such that order by component differs from order by byte. */
    static TreeMap<TreePath, ManifestEntry> random(long seed, int count) {
        Random random = new Random(seed);
        String[] parts = {"a", "b", "a-", "a.b", "a b", "zz", "\u00e9", "A", "0", "a\u0001"};
        TreeMap<TreePath, ManifestEntry> entries = new TreeMap<>();
        while (entries.size() < count) {
            StringBuilder path = new StringBuilder();
            for (int depth = random.nextInt(5); depth > 0; depth--) {
                path.append(parts[random.nextInt(parts.length)]).append('/');
            }
            path.append(random.nextInt(3) == 0 ? parts[random.nextInt(parts.length)] : "n" + random.nextInt(count));
            TreePath key = TreePath.parse(RawName.of(path.toString()));
            entries.put(key, entry(key, random));
        }
        if (random.nextBoolean()) {
            entries.put(TreePath.ROOT, entry(TreePath.ROOT, random));
        }
        return entries;
    }
}
