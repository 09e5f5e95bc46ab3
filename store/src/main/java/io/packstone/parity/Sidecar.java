package io.packstone.parity;

import io.packstone.bytes.Crc32c;
import io.packstone.crypto.Hmac;
import io.packstone.error.CorruptionException;
import io.packstone.format.Frame;
import io.packstone.format.FrameKind;
import io.packstone.id.ObjectHash;
import io.packstone.id.RepositoryId;
import io.packstone.segment.RandomBytes;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.Arrays;

/** A sidecar as it was found, whole or damaged: as much of it as is good can be used. Immutable, thread-safe. */
public final class Sidecar {
    private static final int PIECE_LENGTH = 256 << 10;

    private final byte[] bytes;
    private final SidecarFormat.Summary summary;

    private Sidecar(byte[] bytes, SidecarFormat.Summary summary) {
        this.bytes = bytes;
        this.summary = summary;
    }

    /**
     * Takes over {@code bytes}, of which much may be damaged.
     *
     * @throws CorruptionException when no copy of its summary can be read, or it is that of another object
     */
    public static Sidecar of(byte[] bytes, ObjectHash object, String name) throws CorruptionException {
        SidecarFormat.Summary found = SidecarFormat.find(bytes);
        if (found == null) {
            throw new CorruptionException(name, "none of the three copies of its summary can be read");
        }
        if (!found.object().equals(object)) {
            throw new CorruptionException(name, "it is the parity of another object, " + found.object());
        }
        return new Sidecar(bytes, found);
    }

    /**
     * Checks every byte of a sidecar, a piece at a time.
     *
     * @throws CorruptionException unless it is as it was written, for that object of that repository
     */
    public static ParityGeometry verify(RandomBytes bytes, ObjectHash object, RepositoryId repository, String name)
            throws IOException {
        if (bytes.length() < SidecarFormat.firstTable()) {
            throw new CorruptionException(name, bytes.length(), "a summary", "the end");
        }
        byte[] start = new byte[SidecarFormat.firstTable()];
        bytes.read(0, start, 0, start.length);
        Frame.expectRepository(repository, Frame.checkHeader(FrameKind.PARITY, start, 0, name), name);
        ParityGeometry geometry = of(start, object, name).geometry();
        if (bytes.length() != SidecarFormat.totalLength(geometry)) {
            throw new CorruptionException(
                    name, bytes.length(), SidecarFormat.totalLength(geometry) + " bytes", "the end");
        }
        if (!Arrays.equals(hash(bytes), last(bytes))) {
            throw new CorruptionException(name, "its SHA-256 is not the one it ends in");
        }
        return geometry;
    }

    private static byte[] hash(RandomBytes bytes) throws IOException {
        MessageDigest digest = Hmac.sha256();
        byte[] piece = new byte[PIECE_LENGTH];
        long end = bytes.length() - SidecarFormat.HASH_LENGTH;
        for (long at = 0; at < end; at += piece.length) {
            int count = (int) Math.min(piece.length, end - at);
            bytes.read(at, piece, 0, count);
            digest.update(piece, 0, count);
        }
        return digest.digest();
    }

    private static byte[] last(RandomBytes bytes) throws IOException {
        byte[] hash = new byte[SidecarFormat.HASH_LENGTH];
        bytes.read(bytes.length() - hash.length, hash, 0, hash.length);
        return hash;
    }

    /** What it is the parity of: a pack or an index segment. */
    public FrameKind kind() {
        return summary.kind();
    }

    /** How the object is cut. */
    public ParityGeometry geometry() {
        return summary.geometry();
    }

    /** The name of the object it is the parity of. */
    public ObjectHash object() {
        return summary.object();
    }

    /** True when one of the two tables has this checksum for a data cell. */
    boolean hasChecksum(int cell, int checksum) {
        ParityGeometry geometry = geometry();
        return matches(SidecarFormat.firstTable(), cell, checksum)
                || matches(SidecarFormat.secondTable(geometry), cell, checksum);
    }

    private boolean matches(long table, int number, int checksum) {
        Integer stored = SidecarFormat.checksum(bytes, table, number);
        return stored != null && stored == checksum;
    }

    /** True when a parity cell is there and as it was written. */
    boolean hasParity(int row, int column) {
        int at = parityOffset(row, column);
        int length = geometry().cellLength();
        int number = geometry().dataCells() + row * geometry().columns() + column;
        return at + (long) length <= bytes.length && hasChecksum(number, Crc32c.of(bytes, at, length));
    }

    /** Adds a parity cell to packed sums, in its row's place. */
    void addParity(int row, int column, int[] sums) {
        int at = parityOffset(row, column);
        for (int i = 0; i < geometry().cellLength(); i++) {
            sums[i] ^= (bytes[at + i] & 0xff) << 8 * row;
        }
    }

    private int parityOffset(int row, int column) {
        return SidecarFormat.cells(geometry())
                + (row * geometry().columns() + column) * geometry().cellLength();
    }
}
