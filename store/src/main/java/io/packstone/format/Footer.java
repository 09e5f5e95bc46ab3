package io.packstone.format;

import io.packstone.bytes.Crc32c;
import io.packstone.bytes.LittleEndian;
import io.packstone.error.CorruptionException;
import io.packstone.id.RepositoryId;
import java.nio.charset.StandardCharsets;

/**
 * The last 64 bytes of a pack or an index segment: where its sealed table stands, and how long everything is.
 *
 * @param tableOffset where the sealed table starts, from the start of the object
 * @param tableStoredLength its sealed length; it ends where the footer starts
 * @param tablePlainLength its length once opened
 * @param totalLength of the object, footer included
 * @param repository whose it is
 */
public record Footer(
        long tableOffset, long tableStoredLength, long tablePlainLength, long totalLength, RepositoryId repository) {
    /** The length of a footer in bytes. */
    public static final int LENGTH = 64;

    private static final int REPOSITORY_OFFSET = 32;
    private static final int MAGIC_OFFSET = 48;
    private static final int ZERO_OFFSET = 56;
    private static final int CRC_OFFSET = 60;
    private static final String MAGIC = "PKSTEND1";

    /** Refuses lengths that do not fit each other. */
    public Footer {
        if (!fits(tableOffset, tableStoredLength, tablePlainLength, totalLength)) {
            throw new IllegalArgumentException("no footer: table at " + tableOffset + ", stored length "
                    + tableStoredLength + ", plain length " + tablePlainLength + ", of " + totalLength);
        }
    }

    private static boolean fits(long offset, long stored, long plain, long total) {
        return offset >= Frame.HEADER_LENGTH
                && total >= LENGTH
                && offset <= total - LENGTH
                && stored == total - LENGTH - offset
                && plain >= 0
                && plain <= stored;
    }

    /** The 64 bytes. */
    public byte[] encode() {
        byte[] bytes = new byte[LENGTH];
        LittleEndian.putLong(bytes, 0, tableOffset);
        LittleEndian.putLong(bytes, 8, tableStoredLength);
        LittleEndian.putLong(bytes, 16, tablePlainLength);
        LittleEndian.putLong(bytes, 24, totalLength);
        repository.copyTo(bytes, REPOSITORY_OFFSET);
        byte[] magic = MAGIC.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(magic, 0, bytes, MAGIC_OFFSET, magic.length);
        LittleEndian.putInt(bytes, CRC_OFFSET, Crc32c.of(bytes, 0, CRC_OFFSET));
        return bytes;
    }

    /**
     * Reads the footer at {@code offset} of {@code bytes} (borrowed) of an object of {@code objectLength} bytes.
     *
     * @throws CorruptionException when a byte is wrong or the lengths do not fit the object
     */
    public static Footer decode(byte[] bytes, int offset, long objectLength, String name) throws CorruptionException {
        long start = Math.max(0, objectLength - LENGTH);
        if (offset < 0 || bytes.length - offset < LENGTH || objectLength < LENGTH) {
            throw new CorruptionException(name, objectLength, "a footer of " + LENGTH + " bytes", "the end");
        }
        String magic = new String(bytes, offset + MAGIC_OFFSET, ZERO_OFFSET - MAGIC_OFFSET, StandardCharsets.US_ASCII);
        if (!magic.equals(MAGIC)) {
            throw new CorruptionException(name, start + MAGIC_OFFSET, "the footer's magic number", "other bytes");
        }
        int expected = Crc32c.of(bytes, offset, CRC_OFFSET);
        int found = LittleEndian.getInt(bytes, offset + CRC_OFFSET);
        if (expected != found || LittleEndian.getInt(bytes, offset + ZERO_OFFSET) != 0) {
            throw new CorruptionException(
                    name,
                    start + ZERO_OFFSET,
                    "zeroes and CRC-32C " + Integer.toHexString(expected),
                    Integer.toHexString(found));
        }
        long tableOffset = LittleEndian.getLong(bytes, offset);
        long stored = LittleEndian.getLong(bytes, offset + 8);
        long plain = LittleEndian.getLong(bytes, offset + 16);
        long total = LittleEndian.getLong(bytes, offset + 24);
        if (total != objectLength) {
            throw new CorruptionException(
                    name, start + 24, "total length " + objectLength, Long.toUnsignedString(total));
        }
        if (!fits(tableOffset, stored, plain, total)) {
            throw new CorruptionException(
                    name,
                    start,
                    "a table that ends at the footer",
                    "offset " + tableOffset + ", stored length " + stored + ", plain length " + plain);
        }
        return new Footer(tableOffset, stored, plain, total, RepositoryId.of(bytes, offset + REPOSITORY_OFFSET));
    }
}
