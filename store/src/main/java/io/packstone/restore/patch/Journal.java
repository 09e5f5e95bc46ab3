package io.packstone.restore.patch;

import io.packstone.bytes.ByteCursor;
import io.packstone.bytes.ByteSink;
import io.packstone.bytes.LittleEndian;
import io.packstone.crypto.ChunkHasher;
import io.packstone.error.CorruptionException;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.metadata.RawName;
import io.packstone.metadata.Timestamp;
import io.packstone.posix.FileHandle;
import io.packstone.posix.FileStatus;
import io.packstone.posix.PosixException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that a patch is about to overwrite, and what the file was. Records of length (4), payload and a code of 32 bytes
 * each: first the {@link Head}, then ranges as offset (8) and bytes, at last one without payload. A code is the id, under the
 * repository's id key, of a data chunk whose one reference is the code before, so nobody without the key can write a
 * journal, cut one short, or join two; no chunk of a file has a reference. Written, and read, in pieces of
 * {@value #PIECE} bytes. For one thread.
 */
final class Journal {
    /** The most bytes of a file that one record has. */
    static final int PIECE = 1 << 20;

    private static final byte[] MAGIC = "packstone journal 1\n".getBytes(StandardCharsets.US_ASCII);
    private static final int PAYLOAD_MAX = Long.BYTES + PIECE;

    private final FileHandle file;
    private final ChunkHasher hasher;
    private byte[] code = new byte[ChunkId.LENGTH];
    private byte[] payload = new byte[Long.BYTES];
    private long position;

    /** What a file was: {@code name} and {@code inode} say which, the others are set again when it is brought back. */
    record Head(
            RawName name, long inode, long length, int mode, int uid, int gid, Timestamp accessed, Timestamp modified) {
        static Head of(RawName name, FileStatus there) {
            return new Head(
                    name,
                    there.inode(),
                    there.size(),
                    there.mode(),
                    there.uid(),
                    there.gid(),
                    there.accessed(),
                    there.modified());
        }

        private byte[] encode() {
            ByteSink sink = new ByteSink(128).putBytes(MAGIC).putLong(inode).putLong(length);
            sink.putInt(mode).putInt(uid).putInt(gid);
            sink.putLong(accessed.seconds()).putInt(accessed.nanos());
            sink.putLong(modified.seconds()).putInt(modified.nanos());
            return sink.putBytes(name.array()).toBytes();
        }

        private static Head decode(byte[] bytes, int length) throws CorruptionException {
            ByteCursor cursor = new ByteCursor(bytes, 0, length, "journal");
            if (!Arrays.equals(cursor.getBytes(MAGIC.length), MAGIC)) {
                throw cursor.corrupt("a journal", "something else");
            }
            long inode = cursor.getLong();
            long size = cursor.getLong();
            int mode = cursor.getInt();
            int uid = cursor.getInt();
            int gid = cursor.getInt();
            Timestamp accessed = new Timestamp(cursor.getLong(), cursor.getInt());
            Timestamp modified = new Timestamp(cursor.getLong(), cursor.getInt());
            RawName name = RawName.takeOver(cursor.getBytes(cursor.remaining()));
            return new Head(name, inode, size, mode, uid, gid, accessed, modified);
        }
    }

    /** Of an open file, at its beginning. */
    Journal(FileHandle file, ChunkHasher hasher) {
        this.file = file;
        this.hasher = hasher;
    }

    void begin(Head head) throws PosixException {
        byte[] bytes = head.encode();
        write(bytes, bytes.length);
    }

    /** Adds what {@code old} has at a range of at most {@value #PIECE} bytes. */
    void save(FileHandle old, long offset, int length) throws PosixException {
        makeRoom(Long.BYTES + length);
        LittleEndian.putLong(payload, 0, offset);
        int there = old.read(offset, payload, Long.BYTES, length);
        if (there > 0) {
            write(payload, Long.BYTES + there);
        }
    }

    /** Says that this is all. */
    void end() throws PosixException {
        write(payload, 0);
    }

    private void write(byte[] bytes, int length) throws PosixException {
        byte[] number = new byte[Integer.BYTES];
        LittleEndian.putInt(number, 0, length);
        code = codeOf(bytes, length);
        file.write(position, number, 0, number.length);
        file.write(position + number.length, bytes, 0, length);
        file.write(position + number.length + length, code, 0, code.length);
        position += number.length + length + code.length;
    }

    private byte[] codeOf(byte[] bytes, int length) {
        return hasher.id(ChunkType.DATA, code, 1, bytes, 0, length).toBytes();
    }

    private void makeRoom(int length) {
        if (payload.length < length) {
            payload = new byte[Math.max(length, PAYLOAD_MAX)];
        }
    }

    /** Reads all of it; null unless it is whole and authentic. */
    @Nullable
    Head verify() throws PosixException {
        return readAll(null);
    }

    /** Writes all that it has back into {@code target}; false when it is not authentic, with nothing wrong written. */
    boolean writeBack(FileHandle target) throws PosixException {
        return readAll(target) != null;
    }

    private @Nullable Head readAll(@Nullable FileHandle target) throws PosixException {
        position = 0;
        code = new byte[ChunkId.LENGTH];
        int length = next();
        if (length <= 0) {
            return null;
        }
        try {
            Head head = Head.decode(payload, length);
            for (length = next(); length > Long.BYTES; length = next()) {
                if (target != null) {
                    target.write(LittleEndian.getLong(payload, 0), payload, Long.BYTES, length - Long.BYTES);
                }
            }
            return length == 0 ? head : null;
        } catch (CorruptionException e) {
            return null; // Authentic, and not understood: of another version.
        }
    }

    /** Reads the next payload; gives its length, or -1 when there is none that is authentic. */
    private int next() throws PosixException {
        byte[] number = new byte[Integer.BYTES];
        if (file.read(position, number, 0, number.length) < number.length) {
            return -1;
        }
        int length = LittleEndian.getInt(number, 0);
        if (length < 0 || length > PAYLOAD_MAX) {
            return -1;
        }
        makeRoom(length);
        byte[] stored = new byte[ChunkId.LENGTH];
        long at = position + number.length;
        if (file.read(at, payload, 0, length) < length
                || file.read(at + length, stored, 0, stored.length) < stored.length) {
            return -1;
        }
        byte[] right = codeOf(payload, length);
        if (!Arrays.equals(stored, right)) {
            return -1;
        }
        code = right;
        position = at + length + stored.length;
        return length;
    }
}
