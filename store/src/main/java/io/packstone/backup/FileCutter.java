package io.packstone.backup;

import io.packstone.backup.cutting.KnownCuts;
import io.packstone.chunker.ChunkerParameters;
import io.packstone.chunker.GearChunker;
import io.packstone.crypto.ChunkHasher;
import io.packstone.error.SourceException;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.pipeline.BlockDraft;
import java.io.IOException;
import java.util.zip.CRC32C;

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
    private final CRC32C crc = new CRC32C();
    private final byte[] buffer;

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
                int wanted = (int) Math.min(buffer.length - filled, to - offset);
                int count = reader.read(offset, buffer, filled, wanted);
                if (count > 0) {
                    filled += count;
                    offset += count;
                    counters.bytesRead.addAndGet(count);
                    counters.progress().advance(0, count);
                }
                end = count <= 0 || offset >= to;
            }
            if (start == filled) {
                return new CutSegment(chunks, (int) crc.getValue());
            }
            start += cutOne(start, filled, end, offset - (filled - start), known, chunks, draft);
        }
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
