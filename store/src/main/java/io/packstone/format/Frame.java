package io.packstone.format;

import io.packstone.bytes.Crc32c;
import io.packstone.bytes.LittleEndian;
import io.packstone.error.CorruptionException;
import io.packstone.error.LimitExceededException;
import io.packstone.error.StoreException;
import io.packstone.error.UnsupportedFormatException;
import io.packstone.id.RepositoryId;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The header that every stored object starts with, and the frame around small ones: header, body length (4), body,
 * CRC-32C of all before. It finds damage by accident; a seal or a MAC in the body finds damage by intent.
 */
public final class Frame {
    /** The length of the header in bytes. */
    public static final int HEADER_LENGTH = 32;

    /** What {@link #wrap} adds to a body. */
    public static final int OVERHEAD = HEADER_LENGTH + 8;

    /** The only version that this program writes and reads. */
    public static final int VERSION = 1;

    private static final String MAGIC = "89504b53540d0a1a";
    private static final int KIND_OFFSET = 8;
    private static final int VERSION_OFFSET = 9;
    private static final int ZERO_OFFSET = 10;
    private static final int REPOSITORY_OFFSET = 12;
    private static final int CRC_OFFSET = 28;

    private Frame() {}

    /** A fresh header. */
    public static byte[] header(FrameKind kind, RepositoryId repository) {
        byte[] bytes = new byte[HEADER_LENGTH];
        putHeader(kind, repository, bytes);
        return bytes;
    }

    private static void putHeader(FrameKind kind, RepositoryId repository, byte[] target) {
        byte[] magic = HexFormat.of().parseHex(MAGIC);
        System.arraycopy(magic, 0, target, 0, magic.length);
        target[KIND_OFFSET] = (byte) kind.number();
        target[VERSION_OFFSET] = VERSION;
        repository.copyTo(target, REPOSITORY_OFFSET);
        LittleEndian.putInt(target, CRC_OFFSET, Crc32c.of(target, 0, CRC_OFFSET));
    }

    /**
     * A fresh small object around a copy of {@code body}.
     *
     * @throws IllegalArgumentException when the object would exceed {@link FrameKind#maxLength()}
     */
    public static byte[] wrap(FrameKind kind, RepositoryId repository, byte[] body) {
        if (body.length > kind.maxLength() - OVERHEAD) {
            throw new IllegalArgumentException(
                    "a " + kind.words() + " of " + body.length + " bytes is beyond its limit of " + kind.maxLength());
        }
        byte[] framed = new byte[body.length + OVERHEAD];
        putHeader(kind, repository, framed);
        LittleEndian.putInt(framed, HEADER_LENGTH, body.length);
        System.arraycopy(body, 0, framed, HEADER_LENGTH + 4, body.length);
        int crcOffset = framed.length - 4;
        LittleEndian.putInt(framed, crcOffset, Crc32c.of(framed, 0, crcOffset));
        return framed;
    }

    /**
     * Opens a small object; {@code object} is borrowed, the body is a copy that the caller owns.
     *
     * @throws CorruptionException when any byte is not what {@link #wrap} made
     * @throws LimitExceededException when it is longer than its kind may be
     * @throws UnsupportedFormatException when its version is a newer one
     */
    public static Opened unwrap(FrameKind kind, byte[] object, String name) throws StoreException {
        if (object.length > kind.maxLength()) {
            throw new LimitExceededException(name, "the length", object.length, kind.maxLength());
        }
        RepositoryId repository = checkHeader(kind, object, 0, name);
        if (object.length < OVERHEAD) {
            throw new CorruptionException(name, object.length, "at least " + OVERHEAD + " bytes", "the end");
        }
        int bodyLength = LittleEndian.getInt(object, HEADER_LENGTH);
        if (bodyLength != object.length - OVERHEAD) {
            throw new CorruptionException(
                    name,
                    HEADER_LENGTH,
                    "body length " + (object.length - OVERHEAD),
                    Integer.toUnsignedString(bodyLength));
        }
        int crcOffset = object.length - 4;
        expectCrc(object, 0, crcOffset, name);
        return new Opened(repository, Arrays.copyOfRange(object, HEADER_LENGTH + 4, crcOffset));
    }

    /**
     * Checks the header at {@code offset} of {@code bytes} (borrowed) and returns whose it is.
     *
     * @throws CorruptionException when magic, kind or checksum is wrong, or the bytes end too early
     * @throws UnsupportedFormatException when its version is a newer one
     */
    public static RepositoryId checkHeader(FrameKind kind, byte[] bytes, int offset, String name)
            throws StoreException {
        if (offset < 0 || bytes.length - offset < HEADER_LENGTH) {
            throw new CorruptionException(name, bytes.length, "a header of " + HEADER_LENGTH + " bytes", "the end");
        }
        String magic = HexFormat.of().formatHex(bytes, offset, offset + KIND_OFFSET);
        if (!magic.equals(MAGIC)) {
            throw new CorruptionException(name, 0, "the magic number " + MAGIC, magic);
        }
        expectCrc(bytes, offset, CRC_OFFSET, name);
        int version = bytes[offset + VERSION_OFFSET] & 0xff;
        if (version > VERSION) {
            throw new UnsupportedFormatException(
                    name, "format version " + version + " is newer than " + VERSION + "; use a newer Packstone");
        }
        int found = bytes[offset + KIND_OFFSET] & 0xff;
        if (found != kind.number()) {
            FrameKind other = FrameKind.of(found);
            throw new CorruptionException(
                    name, KIND_OFFSET, "a " + kind.words(), other == null ? "kind " + found : "a " + other.words());
        }
        if (version != VERSION || LittleEndian.getShort(bytes, offset + ZERO_OFFSET) != 0) {
            throw new CorruptionException(name, VERSION_OFFSET, "version 1 and zeroes", "version " + version);
        }
        return RepositoryId.of(bytes, offset + REPOSITORY_OFFSET);
    }

    private static void expectCrc(byte[] bytes, int offset, int length, String name) throws CorruptionException {
        int expected = LittleEndian.getInt(bytes, offset + length);
        int found = Crc32c.of(bytes, offset, length);
        if (found != expected) {
            throw new CorruptionException(
                    name, length, "CRC-32C " + Integer.toHexString(found), Integer.toHexString(expected));
        }
    }

    /** Refuses an object of another repository. */
    public static void expectRepository(RepositoryId expected, RepositoryId found, String name)
            throws CorruptionException {
        if (!found.equals(expected)) {
            throw new CorruptionException(name, REPOSITORY_OFFSET, "repository " + expected, found.toString());
        }
    }

    /** What {@link #unwrap} found. */
    public static final class Opened {
        private final RepositoryId repository;
        private final byte[] body;

        private Opened(RepositoryId repository, byte[] body) {
            this.repository = repository;
            this.body = body;
        }

        /** Whose it says to be; not authenticated. */
        public RepositoryId repository() {
            return repository;
        }

        /** The body, the same array every time; owned by whoever holds this. */
        public byte[] body() {
            return body;
        }
    }
}
