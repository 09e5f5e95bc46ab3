package io.packstone.crypto;

import io.packstone.bytes.ByteCursor;
import io.packstone.bytes.ByteSink;
import io.packstone.error.CorruptionException;
import java.util.Arrays;

/**
 * Says who may open the blocks of a write session (docs/format.md, Envelopes). Immutable.
 *
 * <p>Format: kind u8, epoch varint, id 16 bytes, salt 32, varint length of the wrapped key and the wrapped key,
 * commitment 32.
 */
public final class Envelope {
    /** The data key comes from the content key and the salt. */
    public static final int SYMMETRIC = 0;

    static final int ID_LENGTH = 16;
    static final int SALT_LENGTH = 32;
    private static final int WRAPPED_LENGTH_MAX = 4096;

    private final int kind;
    private final long epoch;
    private final byte[] id;
    private final byte[] salt;
    private final byte[] wrapped;
    private final byte[] commitment;

    /** Takes over the arrays. */
    Envelope(int kind, long epoch, byte[] id, byte[] salt, byte[] wrapped, byte[] commitment) {
        this.kind = kind;
        this.epoch = epoch;
        this.id = id;
        this.salt = salt;
        this.wrapped = wrapped;
        this.commitment = commitment;
    }

    /** Reads one. */
    public static Envelope decode(ByteCursor cursor) throws CorruptionException {
        return new Envelope(
                cursor.getByte(),
                cursor.getVarint(),
                cursor.getBytes(ID_LENGTH),
                cursor.getBytes(SALT_LENGTH),
                cursor.getBytes(cursor.getCount(WRAPPED_LENGTH_MAX)),
                cursor.getBytes(SecretKey.LENGTH));
    }

    /** Appends this one. */
    public void encode(ByteSink sink) {
        sink.putByte(kind).putVarint(epoch).putBytes(id).putBytes(salt);
        sink.putVarint(wrapped.length).putBytes(wrapped).putBytes(commitment);
    }

    /** {@link #SYMMETRIC}, or a kind of a later version. */
    public int kind() {
        return kind;
    }

    /** Appends the 16 bytes that name this envelope. */
    public void putId(ByteSink sink) {
        sink.putBytes(id);
    }

    byte[] saltArray() {
        return salt;
    }

    byte[] commitmentArray() {
        return commitment;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Envelope that
                && kind == that.kind
                && epoch == that.epoch
                && Arrays.equals(id, that.id)
                && Arrays.equals(salt, that.salt)
                && Arrays.equals(wrapped, that.wrapped)
                && Arrays.equals(commitment, that.commitment);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(id);
    }
}
