package io.packstone.backup;

import io.packstone.backup.cutting.KnownCuts;
import io.packstone.bytes.Crc32c;
import io.packstone.chunker.ChunkerParameters;
import io.packstone.chunker.GearChunker;
import io.packstone.crypto.ChunkHasher;
import io.packstone.error.SourceException;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.pipeline.BlockDraft;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Reads a range of bytes, cuts it, names the chunks and puts the new ones into a draft: one chunk's whole way to a block
 * on one core, while it is in that core's cache. For one thread at a time.
 */
final class FileCutter {
    private static final byte[] NO_REFS = new byte[0];
    private static final int READ_LENGTH = 1 << 20;

    private final ChunkerParameters parameters;
    private final GearChunker chunker;
    private final ChunkHasher hasher;
    private final ChunkOutput output;
    private final Counters counters;
    private final RunningCrc crc = new RunningCrc();
    private final byte[] buffer;
    private @Nullable ZeroChunk zeroChunk;

    private record ZeroChunk(int every, ChunkId id, int length, int crc32c) {}

    /** A CRC-32C of bytes that are at hand, and of others of which it is known. */
    private static final class RunningCrc {
        private final CRC32C crc = new CRC32C();
        private long length;
        private int before;

        void reset() {
            before = 0;
            length = 0;
            crc.reset();
        }

        void update(byte[] bytes, int offset, int count) {
            crc.update(bytes, offset, count);
            length += count;
        }

        void append(int crc32c, int count) {
            before = Crc32c.combine(value(), crc32c, count);
            length = 0;
            crc.reset();
        }

        int value() {
            return Crc32c.combine(before, (int) crc.getValue(), length);
        }
    }

    FileCutter(
            ChunkerParameters parameters,
            GearChunker chunker,
            ChunkHasher hasher,
            ChunkOutput output,
            Counters counters) {
        this.parameters = parameters;
        this.chunker = chunker;
        this.hasher = hasher;
        this.output = output;
        this.counters = counters;
        this.buffer = new byte[READ_LENGTH + parameters.max()];
    }

    /** Where bytes come from: fills what it can of a range and returns how many bytes, -1 at the end. */
    interface ByteReader {
        int read(long offset, byte[] target, int targetOffset, int length) throws SourceException;

        /** How many bytes from {@code offset} on are zeros that need not be read for. */
        default long zerosFrom(long offset) {
            return 0;
        }
    }

    /**
     * Cuts the bytes from {@code from} to {@code to}, or to the end of the file when that comes first; the range lies in
     * one segment. New chunks go to {@code draft}, which is sealed whenever it is full.
     */
    CutSegment cut(ByteReader reader, long from, long to, KnownCuts known, BlockDraft draft)
            throws SourceException, IOException {
        ChunkList chunks = new ChunkList();
        crc.reset();
        int start = 0;
        int filled = 0;
        long offset = from;
        boolean end = from >= to;
        while (true) {
            while (!end && filled - start < parameters.max()) {
                System.arraycopy(buffer, start, buffer, 0, filled - start);
                filled -= start;
                start = 0;
                int count = fill(reader, offset, filled, to);
                filled += Math.max(0, count);
                offset += Math.max(0, count);
                end = count <= 0 || offset >= to;
            }
            if (start == filled) {
                return new CutSegment(chunks, crc.value());
            }
            long position = offset - (filled - start);
            if (Math.min(reader.zerosFrom(position), to - position) >= parameters.max()) {
                // All that is left in the buffer is of the same hole.
                offset = position + emitZeros(known.every(), chunks, draft);
                end = offset >= to;
                start = 0;
                filled = 0;
            } else {
                start += cutOne(start, filled, end, position, known, chunks, draft);
            }
        }
    }

    /** Puts bytes behind those that fill the buffer up to {@code filled}; how many, or none at the end. */
    private int fill(ByteReader reader, long offset, int filled, long to) throws SourceException {
        long zeros = reader.zerosFrom(offset);
        int wanted = (int) Math.min(buffer.length - filled, to - offset);
        if (zeros > 0) {
            int count = (int) Math.min(Math.min(wanted, zeros), parameters.max() - filled);
            Arrays.fill(buffer, filled, filled + count, (byte) 0);
            counters.progress().advance(0, count);
            return count;
        }
        int count = reader.read(offset, buffer, filled, wanted);
        if (count > 0) {
            counters.bytesRead.addAndGet(count);
            counters.progress().advance(0, count);
        }
        return count;
    }

    /** The length of the chunk that is cut off where nothing but zeros follow: always the same, hashed and offered once. */
    private int emitZeros(int every, ChunkList chunks, BlockDraft draft) throws IOException {
        ZeroChunk known = zeroChunk;
        if (known == null || known.every != every) {
            Arrays.fill(buffer, 0, parameters.max(), (byte) 0);
            int length = every > 0 ? every : chunker.cut(buffer, 0, parameters.max(), false);
            known = new ZeroChunk(every, id(0, length), length, Crc32c.of(buffer, 0, length));
            zeroChunk = known;
            offer(known.id, 0, length, draft);
        }
        crc.append(known.crc32c, known.length);
        chunks.add(known.id, known.length);
        counters.progress().advance(0, known.length);
        return known.length;
    }

    /** The length of the chunk that starts at {@code start}, and at {@code offset} in the file. */
    private int cutOne(
            int start, int filled, boolean end, long offset, KnownCuts known, ChunkList chunks, BlockDraft draft)
            throws IOException {
        int available = Math.min(filled - start, parameters.max());
        if (known.every() > 0) {
            int fixed = Math.min(known.every(), available);
            emit(id(start, fixed), start, fixed, chunks, draft);
            return fixed;
        }
        int guess = known.guess(offset, available, end && available == filled - start);
        ChunkId id = guess < 0 ? null : id(start, guess);
        int length = guess;
        if (id == null || !known.isNext(id)) {
            length = chunker.cut(buffer, start, filled, end);
            if (id == null || length != guess) {
                id = id(start, length);
            }
            known.tell(guess >= 0 && length != guess, known.isNext(id));
        }
        emit(id, start, length, chunks, draft);
        return length;
    }

    private ChunkId id(int start, int length) {
        return hasher.id(ChunkType.DATA, NO_REFS, 0, buffer, start, length);
    }

    private void emit(ChunkId id, int start, int length, ChunkList chunks, BlockDraft draft) throws IOException {
        crc.update(buffer, start, length);
        chunks.add(id, length);
        offer(id, start, length, draft);
    }

    private void offer(ChunkId id, int start, int length, BlockDraft draft) throws IOException {
        if (output.claim(id, ChunkType.DATA)) {
            counters.bytesNew.addAndGet(length);
            counters.progress().stored(length, 0);
            if (!draft.fits(length, 1, BlockDraft.DATA_LENGTH)) {
                output.seal(draft);
            }
            draft.add(id, ChunkType.DATA, NO_REFS, 0, buffer, start, length);
        }
    }
}
