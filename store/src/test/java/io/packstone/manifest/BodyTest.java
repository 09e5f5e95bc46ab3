package io.packstone.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.error.CorruptionException;
import io.packstone.error.StoreException;
import io.packstone.id.ChunkId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BodyTest {
    private record Piece(ChunkId chunk, int length) {}

    private final MemoryChunks chunks = new MemoryChunks();
    private final BodyBuilder builder = new BodyBuilder(chunks);

    private static List<Piece> pieces(long seed, int count) {
        Random random = new Random(seed);
        List<Piece> pieces = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] id = new byte[32];
            random.nextBytes(id);
            pieces.add(new Piece(ChunkId.of(id), random.nextInt(1, 70_000)));
        }
        return pieces;
    }

    private FileBody build(List<Piece> pieces, int segment) throws IOException {
        int count = 0;
        for (Piece piece : pieces) {
            builder.add(piece.chunk(), piece.length());
            if (++count % segment == 0) {
                builder.endSegment();
            }
        }
        return builder.finish(17);
    }

    private List<Piece> read(BodyReader reader) throws IOException {
        List<Piece> found = new ArrayList<>();
        while (reader.next()) {
            found.add(new Piece(reader.id(), reader.length()));
        }
        return found;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 63, 64, 65, 66, 1000, 1025, 20_000, 60_000})
    void returnsWhatWasAdded(int count) throws IOException {
        List<Piece> pieces = pieces(count, count);
        FileBody body = build(pieces, 4096);
        assertEquals(17, body.crc32c());
        assertEquals(pieces.stream().mapToLong(Piece::length).sum(), body.plainLength());
        assertEquals(count <= 64 ? 0 : count < 15_000 ? 1 : 2, body.depth());
        assertTrue(body.count() <= 64);
        assertEquals(count <= 64, chunks.size() == 0);
        assertEquals(pieces, read(new BodyReader(chunks, body)));
        assertEquals(body, build(pieces, 4096), "the builder begins afresh");
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 3000, 30_000})
    void readsFromAnyOffset(int count) throws IOException {
        List<Piece> pieces = pieces(count, count);
        FileBody body = build(pieces, 4096);
        Random random = new Random(count);
        for (int i = 0; i < count; i += 1 + random.nextInt(count / 10)) {
            long start = pieces.subList(0, i).stream().mapToLong(Piece::length).sum();
            for (long position : new long[] {start, start + pieces.get(i).length() - 1}) {
                chunks.gets = 0;
                BodyReader reader = new BodyReader(chunks, body);
                reader.seek(position);
                assertTrue(reader.next());
                assertEquals(pieces.get(i), new Piece(reader.id(), reader.length()));
                assertEquals(start, reader.offset());
                assertTrue(chunks.gets <= body.depth());
                reader.seek(position);
                assertEquals(pieces.subList(i, count), read(reader));
            }
        }
        BodyReader reader = new BodyReader(chunks, body);
        reader.seek(body.plainLength());
        assertFalse(reader.next());
        reader.seek(Long.MAX_VALUE);
        assertFalse(reader.next());
    }

    @Test
    void changeRelistsItsSurroundingsOnly() throws IOException {
        List<Piece> pieces = pieces(1, 30_000);
        build(pieces, 4096);
        int before = chunks.size();
        pieces.set(9_000, pieces(2, 1).get(0));
        build(pieces, 4096);
        int added = chunks.size() - before;
        assertTrue(added >= 1 && added <= 4, () -> added + " new recipes beside " + before);
    }

    @Test
    void segmentsDivideRecipes() throws IOException {
        List<Piece> pieces = pieces(3, 100);
        FileBody body = build(pieces, 10);
        assertTrue(body.count() >= 10);
        long end = 0;
        List<Long> ends = new ArrayList<>();
        for (int i = 0; i < body.count(); i++) {
            end += body.length(i);
            ends.add(end);
        }
        for (int i = 10; i <= 100; i += 10) {
            long wanted = pieces.subList(0, i).stream().mapToLong(Piece::length).sum();
            assertTrue(ends.contains(wanted), "no recipe ends with the segment at " + i);
        }
    }

    /** One chunk again and again whose id always says cut, and one whose id never does. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void repeatedChunkEnds(int lastByte) throws IOException {
        byte[] id = new byte[32];
        id[31] = (byte) lastByte;
        List<Piece> pieces = new ArrayList<>();
        for (int i = 0; i < 70_000; i++) {
            pieces.add(new Piece(ChunkId.of(id), 5));
        }
        FileBody body = build(pieces, 4096);
        assertEquals(pieces, read(new BodyReader(chunks, body)));
    }

    @Test
    void clearForgets() throws IOException {
        for (Piece piece : pieces(1, 300)) {
            builder.add(piece.chunk(), piece.length());
        }
        builder.clear();
        assertEquals(FileBody.of(3, 0, new long[0], new byte[0]), builder.finish(3));
        assertThrows(IllegalArgumentException.class, () -> builder.add(ChunkId.of(new byte[32]), 0));
    }

    @Test
    void refusesRecipesThatLie() throws IOException {
        FileBody body = build(pieces(4, 200), 4096);
        byte[] refs = new byte[32 * body.count()];
        long[] lengths = new long[body.count()];
        for (int i = 0; i < body.count(); i++) {
            body.id(i).copyTo(refs, 32 * i);
            lengths[i] = body.length(i);
        }
        lengths[0]++;
        FileBody longer = FileBody.of(0, 1, lengths, refs);
        assertThrows(CorruptionException.class, () -> new BodyReader(chunks, longer).next());
        lengths[0]--;
        FileBody deeper = FileBody.of(0, 2, lengths, refs);
        assertThrows(StoreException.class, () -> new BodyReader(chunks, deeper).next());
    }
}
