package io.packstone.format;

import io.packstone.bytes.ByteSink;
import io.packstone.bytes.Crc32c;
import io.packstone.bytes.LittleEndian;
import io.packstone.crypto.Sealer;
import io.packstone.error.CorruptionException;
import io.packstone.error.StoreException;
import io.packstone.id.RepositoryId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The last 64 bytes of packs and index segments (docs/format.md, Footer): where the sealed table stands. They are not
 * sealed, so a reader believes them only as far as the table then opens.
 *
 * @param tableOffset where the sealed table starts, counted from the start of the object
 * @param tableStoredLength its sealed length; it ends where the footer starts
 * @param tablePlainLength its length once opened
 * @param totalLength of the object, footer included
 */
public record Footer(
        long tableOffset, long tableStoredLength, long tablePlainLength, long totalLength, RepositoryId repository) {
    /** Its length in bytes. */
    public static final int LENGTH = 64;

    private static final byte[] MAGIC = "PKSTEND1".getBytes(StandardCharsets.US_ASCII);
    private static final long TABLE_LENGTH_MAX = 256L << 20;

    /** The stored form. */
    public byte[] encode() {
        ByteSink sink = new ByteSink(LENGTH);
        sink.putLong(tableOffset)
                .putLong(tableStoredLength)
                .putLong(tablePlainLength)
                .putLong(totalLength);
        sink.putBytes(repository.toBytes()).putBytes(MAGIC).putInt(0);
        return sink.putInt(Crc32c.of(sink.array(), 0, sink.length())).toBytes();
    }

    /**
     * Reads the footer at {@code offset} of {@code bytes} (borrowed), of an object of {@code objectLength} bytes.
     *
     * @throws CorruptionException unless every byte and length is one that a writer could have written
     */
    public static Footer decode(byte[] bytes, int offset, long objectLength, String name) throws StoreException {
        long at = objectLength - LENGTH;
        if (at < 0 || bytes.length - offset < LENGTH) {
            throw new CorruptionException(name, Math.max(0, objectLength), "a footer", "the end");
        }
        if (LittleEndian.getInt(bytes, offset + 60) != Crc32c.of(bytes, offset, 60)
                || LittleEndian.getInt(bytes, offset + 56) != 0
                || !Arrays.equals(bytes, offset + 48, offset + 56, MAGIC, 0, MAGIC.length)) {
            throw new CorruptionException(name, at, "a footer", "something else");
        }
        Footer footer = new Footer(
                LittleEndian.getLong(bytes, offset),
                LittleEndian.getLong(bytes, offset + 8),
                LittleEndian.getLong(bytes, offset + 16),
                LittleEndian.getLong(bytes, offset + 24),
                RepositoryId.of(bytes, offset + 32));
        boolean fits = footer.totalLength == objectLength
                && footer.tableOffset >= Frame.HEADER_LENGTH
                && footer.tableStoredLength >= 0
                && footer.tableStoredLength <= TABLE_LENGTH_MAX
                && footer.tablePlainLength >= 0
                && footer.tablePlainLength == Sealer.plainLength(footer.tableStoredLength)
                && footer.tableOffset + footer.tableStoredLength == at;
        if (!fits) {
            throw new CorruptionException(
                    name, at, "a footer that fits an object of " + objectLength + " bytes", footer + "");
        }
        return footer;
    }
}
