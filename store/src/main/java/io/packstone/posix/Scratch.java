package io.packstone.posix;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.packstone.metadata.RawName;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import org.jspecify.annotations.Nullable;

/** Native memory of one thread, reused by every call, so that none allocates. */
final class Scratch {
    /** The longest path that a call takes, its final NUL included (PATH_MAX). */
    static final int PATH_LENGTH = 4096;

    static final int TRANSFER_LENGTH = 256 << 10;
    static final int LISTING_LENGTH = 128 << 10;
    /** What one call takes of names or of a value (XATTR_LIST_MAX, XATTR_SIZE_MAX). */
    static final int ATTRIBUTE_LENGTH = 64 << 10;

    /** What suffices for nearly all; the kernel allocates as much as it is told. */
    static final int ATTRIBUTE_SHORT = 1024;

    private static final int SECOND = PATH_LENGTH;
    private static final int LINK = 2 * PATH_LENGTH;
    private static final int LINK_LENGTH = PATH_LENGTH + 8;
    private static final int STATUS = LINK + LINK_LENGTH;
    private static final int STATUS_LENGTH = 256;
    private static final int TIMES = STATUS + STATUS_LENGTH;
    private static final int TOTAL = TIMES + 32;

    private final ByteBuffer memory = ByteBuffer.allocateDirect(TOTAL).order(ByteOrder.nativeOrder());
    private final long address = addressOf(memory);
    private final LongBuffer status =
            memory.slice(STATUS, STATUS_LENGTH).order(ByteOrder.nativeOrder()).asLongBuffer();
    private @Nullable ByteBuffer transfer;
    private long transferAddress;
    private @Nullable ByteBuffer attribute;
    private long attributeAddress;
    private @Nullable Listing listing;

    static long addressOf(ByteBuffer direct) {
        return Pointer.nativeValue(Native.getDirectBufferPointer(direct));
    }

    /** Writes a NUL-terminated path and returns its address; it stays until the next {@code first}. */
    long first(byte[] path, int offset, int length) throws PosixException {
        return place(0, path, offset, length);
    }

    /** As {@link #first}, in a place of its own. */
    long second(byte[] path, int offset, int length) throws PosixException {
        return place(SECOND, path, offset, length);
    }

    private long place(int at, byte[] path, int offset, int length) throws PosixException {
        if (length >= PATH_LENGTH) {
            throw new PosixException(
                    Errno.ENAMETOOLONG,
                    "name",
                    RawName.of(path, offset, Math.min(length, 64)).toText());
        }
        memory.position(at);
        memory.put(path, offset, length);
        memory.put((byte) 0);
        return address + at;
    }

    /** The address of an empty path. */
    long empty() {
        memory.put(0, (byte) 0);
        return address;
    }

    long statusAddress() {
        return address + STATUS;
    }

    /** Reads the struct statx at {@link #statusAddress}. */
    void copyStatus(FileStatus target) {
        target.set(status);
    }

    long linkAddress() {
        return address + LINK;
    }

    int linkCapacity() {
        return LINK_LENGTH;
    }

    RawName link(int length) {
        byte[] bytes = new byte[length];
        memory.get(LINK, bytes, 0, length);
        return RawName.takeOver(bytes);
    }

    /** Writes two struct timespec and returns their address. */
    long times(long accessSeconds, long accessNanos, long modifiedSeconds, long modifiedNanos) {
        memory.putLong(TIMES, accessSeconds);
        memory.putLong(TIMES + 8, accessNanos);
        memory.putLong(TIMES + 16, modifiedSeconds);
        memory.putLong(TIMES + 24, modifiedNanos);
        return address + TIMES;
    }

    /** {@link #TRANSFER_LENGTH} bytes that carry file contents. */
    ByteBuffer transfer() {
        ByteBuffer buffer = transfer;
        if (buffer == null) {
            buffer = ByteBuffer.allocateDirect(TRANSFER_LENGTH);
            transfer = buffer;
            transferAddress = addressOf(buffer);
        }
        return buffer;
    }

    /** The address of {@link #transfer}, which was called before. */
    long transferAddress() {
        return transferAddress;
    }

    /** {@link #ATTRIBUTE_LENGTH} bytes for names and values of extended attributes, and for flags. */
    ByteBuffer attribute() {
        ByteBuffer buffer = attribute;
        if (buffer == null) {
            buffer = ByteBuffer.allocateDirect(ATTRIBUTE_LENGTH).order(ByteOrder.nativeOrder());
            attribute = buffer;
            attributeAddress = addressOf(buffer);
        }
        return buffer;
    }

    /** The address of {@link #attribute}, which was called before. */
    long attributeAddress() {
        return attributeAddress;
    }

    /** Lends the buffer for a listing, or a fresh one while another listing of this thread has it. */
    Listing takeListing() {
        Listing lent = listing;
        listing = null;
        return lent == null ? new Listing() : lent;
    }

    void giveBack(Listing lent) {
        listing = lent;
    }

    /** Where getdents64 writes, and the same bytes on the heap. */
    static final class Listing {
        final ByteBuffer memory = ByteBuffer.allocateDirect(LISTING_LENGTH).order(ByteOrder.nativeOrder());
        final long address = addressOf(memory);
        final byte[] bytes = new byte[LISTING_LENGTH];
    }
}
