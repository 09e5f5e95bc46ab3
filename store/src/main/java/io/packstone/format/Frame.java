package io.packstone.format;

import io.packstone.bytes.ByteSink;
import io.packstone.bytes.Crc32c;
import io.packstone.bytes.LittleEndian;
import io.packstone.error.CorruptionException;
import io.packstone.error.LimitExceededException;
import io.packstone.error.StoreException;
import io.packstone.error.UnsupportedFormatException;
import io.packstone.id.RepositoryId;
import java.util.Arrays;

/**
 * The header that begins every object, and the whole frame of a small one (docs/format.md, Frame): header 32, body
 * length u32, body, CRC-32C of everything before it u32.
 */
public final class Frame {
    /** The length of the header, in bytes. */
    public static final int HEADER_LENGTH = 32;

    /** What {@link #wrap} adds to a body: header, length and checksum. */
    public static final int OVERHEAD = HEADER_LENGTH + 8;

    /** The version of everything this program writes. */
    public static final int VERSION = 1;

    private static final byte[] MAGIC = {(byte) 0x89, 'P', 'K', 'S', 'T', '\r', '\n', 0x1a};

    private Frame() {}

    /** What a frame held; the arrays belong to whoever holds this. */
    public static final class Opened {
        private final RepositoryId repository;
        private final byte[] header;
        private final byte[] body;

        private Opened(RepositoryId repository, byte[] header, byte[] body) {
            this.repository = repository;
            this.header = header;
            this.body = body;
        }

        /** Whose the object says to be. */
        public RepositoryId repository() {
            return repository;
        }

        /** The header as it is stored: MACs cover it. */
        public byte[] header() {
            return header;
        }

        /** The body. */
        public byte[] body() {
            return body;
        }
    }

    /** A fresh header. */
    public static byte[] header(FrameKind kind, RepositoryId repository) {
        byte[] header = Arrays.copyOf(MAGIC, HEADER_LENGTH);
        header[8] = (byte) kind.number();
        header[9] = VERSION;
        repository.copyTo(header, 12);
        LittleEndian.putInt(header, 28, Crc32c.of(header, 0, 28));
        return header;
    }

    /**
     * Checks a header of at least {@link #HEADER_LENGTH} bytes at {@code offset}.
     *
     * @throws UnsupportedFormatException when a newer program wrote it
     */
    public static RepositoryId checkHeader(FrameKind kind, byte[] bytes, int offset, String name)
            throws StoreException {
        if (bytes.length - offset < HEADER_LENGTH) {
            throw new CorruptionException(name, bytes.length - offset, "a header", "the end");
        }
        if (!Arrays.equals(bytes, offset, offset + MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new CorruptionException(name, 0, "the first bytes of a Packstone object", "others");
        }
        if (LittleEndian.getInt(bytes, offset + 28) != Crc32c.of(bytes, offset, 28)) {
            throw new CorruptionException(name, 28, "the checksum of the header", "another");
        }
        if ((bytes[offset + 9] & 0xff) > VERSION) {
            throw new UnsupportedFormatException(
                    name,
                    "it is of format version " + (bytes[offset + 9] & 0xff) + ", this program reads version " + VERSION
                            + "; use a newer Packstone");
        }
        if (bytes[offset + 8] != kind.number()
                || bytes[offset + 9] != VERSION
                || LittleEndian.getShort(bytes, offset + 10) != 0) {
            throw new CorruptionException(name, 8, "an object of kind " + kind, "kind " + bytes[offset + 8]);
        }
        return RepositoryId.of(bytes, offset + 12);
    }

    /** Checks the checksums of a whole small object of any kind, which proves that no bit of it changed by chance. */
    public static RepositoryId checkSmall(byte[] bytes, String name) throws StoreException {
        if (bytes.length < OVERHEAD) {
            throw new CorruptionException(name, bytes.length, "at least a frame", bytes.length + " bytes");
        }
        if (!Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)
                || LittleEndian.getInt(bytes, 28) != Crc32c.of(bytes, 0, 28)
                || LittleEndian.getInt(bytes, HEADER_LENGTH) != bytes.length - OVERHEAD
                || LittleEndian.getInt(bytes, bytes.length - 4) != Crc32c.of(bytes, 0, bytes.length - 4)) {
            throw new CorruptionException(name, "its checksums do not fit its bytes");
        }
        return RepositoryId.of(bytes, 12);
    }

    /** Refuses an object of another repository. */
    public static void expectRepository(RepositoryId expected, RepositoryId found, String name)
            throws CorruptionException {
        if (!expected.equals(found)) {
            throw new CorruptionException(name, "it belongs to repository " + found + ", not to " + expected);
        }
    }

    /**
     * The whole object around {@code body} (copied).
     *
     * @throws IllegalArgumentException when nobody could read it back, because it is longer than its kind may be
     */
    public static byte[] wrap(FrameKind kind, RepositoryId repository, byte[] body) {
        if (body.length > kind.maxLength() - OVERHEAD) {
            throw new IllegalArgumentException(
                    "a body of " + body.length + " bytes for a " + kind + " of at most " + kind.maxLength());
        }
        ByteSink sink = new ByteSink(body.length + OVERHEAD);
        sink.putBytes(header(kind, repository)).putInt(body.length).putBytes(body);
        return sink.putInt(Crc32c.of(sink.array(), 0, sink.length())).toBytes();
    }

    /** Takes a whole object apart. */
    public static Opened unwrap(FrameKind kind, byte[] bytes, String name) throws StoreException {
        if (bytes.length > kind.maxLength()) {
            throw new LimitExceededException(name, "its length", bytes.length, kind.maxLength());
        }
        if (bytes.length < OVERHEAD) {
            throw new CorruptionException(name, bytes.length, "at least a frame", bytes.length + " bytes");
        }
        RepositoryId repository = checkHeader(kind, bytes, 0, name);
        int bodyLength = LittleEndian.getInt(bytes, HEADER_LENGTH);
        if (bodyLength != bytes.length - OVERHEAD) {
            throw new CorruptionException(name, HEADER_LENGTH, "the length of the body", bodyLength + "");
        }
        if (LittleEndian.getInt(bytes, bytes.length - 4) != Crc32c.of(bytes, 0, bytes.length - 4)) {
            throw new CorruptionException(name, bytes.length - 4L, "the checksum of the object", "another");
        }
        return new Opened(
                repository,
                Arrays.copyOf(bytes, HEADER_LENGTH),
                Arrays.copyOfRange(bytes, HEADER_LENGTH + 4, HEADER_LENGTH + 4 + bodyLength));
    }
}
