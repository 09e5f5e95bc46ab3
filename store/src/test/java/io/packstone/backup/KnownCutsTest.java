package io.packstone.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.backup.cutting.KnownCuts;
import io.packstone.chunker.ChunkerParameters;
import io.packstone.chunker.GearChunker;
import io.packstone.chunker.GearTable;
import io.packstone.crypto.ChunkHasher;
import io.packstone.crypto.SecretKey;
import io.packstone.error.CorruptionException;
import io.packstone.error.MissingObjectException;
import io.packstone.error.SourceException;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.manifest.ChunkSource;
import io.packstone.manifest.FileBody;
import io.packstone.manifest.NodeSink;
import io.packstone.pipeline.BlockDraft;
import io.packstone.progress.ProgressListener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class KnownCutsTest {
    private static final ChunkerParameters PARAMETERS = new ChunkerParameters(16 << 10);
    private static final SecretKey KEY = SecretKey.copyOf(new byte[32]);
    private static final ChunkSource NO_RECIPES = (id, type) -> {
        throw new MissingObjectException("chunk " + id.toShortHex(), "a manifest");
    };

    private final FileCutter cutter = new FileCutter(
            PARAMETERS,
            new GearChunker(GearTable.of(KEY), PARAMETERS),
            new ChunkHasher(KEY),
            new Everything(),
            new Counters(ProgressListener.NONE));
    private final Random random = new Random(7);

    /** A store that has every chunk. */
    private static final class Everything implements ChunkOutput {
        @Override
        public boolean claim(ChunkId id, ChunkType type) {
            return false;
        }

        @Override
        public boolean isStored(ChunkId id, ChunkType type) {
            return true;
        }

        @Override
        public void seal(BlockDraft draft) {
            throw new AssertionError("nothing is new");
        }

        @Override
        public NodeSink nodes() {
            throw new AssertionError("no manifest here");
        }

        @Override
        public void check() {
            // nothing runs elsewhere
        }
    }

    private ChunkList cut(byte[] bytes, KnownCuts known) throws SourceException, IOException {
        FileCutter.ByteReader reader = (offset, target, at, length) -> {
            int count = (int) Math.min(length, bytes.length - offset);
            System.arraycopy(bytes, (int) offset, target, at, count);
            return count == 0 ? -1 : count;
        };
        return cutter.cut(reader, 0, bytes.length, known, new BlockDraft(1 << 20))
                .chunks();
    }

    private static FileBody body(ChunkList chunks) {
        long[] lengths = new long[chunks.count()];
        byte[] ids = new byte[lengths.length * ChunkId.LENGTH];
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = chunks.length(i);
            chunks.id(i).copyTo(ids, i * ChunkId.LENGTH);
        }
        return FileBody.of(0, 0, lengths, ids);
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Bytes are overwritten, put in, taken out, put before, cut off or added; some stretches are all alike. */
    private byte[] changed(byte[] before) {
        ByteArrayOutputStream changed = new ByteArrayOutputStream();
        int at = 0;
        while (at < before.length) {
            int kept = Math.min(before.length - at, 1 + random.nextInt(200_000));
            changed.write(before, at, kept);
            at += kept;
            switch (random.nextInt(6)) {
                case 0 -> changed.writeBytes(bytes(random.nextInt(3000)));
                case 1 -> at += random.nextInt(3000);
                case 2 -> {
                    int over = Math.min(before.length - at, random.nextInt(3000));
                    changed.writeBytes(bytes(over));
                    at += over;
                }
                case 3 -> changed.writeBytes(new byte[random.nextInt(300_000)]);
                default -> {
                    // as it was
                }
            }
        }
        byte[] all = changed.toByteArray();
        return random.nextInt(4) == 0 ? Arrays.copyOf(all, random.nextInt(all.length + 1)) : all;
    }

    @Test
    void cutsAreThoseThatTheChunkerMakes() throws IOException, SourceException {
        for (int i = 0; i < 200; i++) {
            byte[] before = bytes(random.nextInt(1_000_000));
            byte[] after = random.nextInt(8) == 0 ? before : changed(before);
            FileBody known = body(cut(before, KnownCuts.none()));
            FileBody expected = body(cut(after, KnownCuts.none()));
            assertEquals(expected, body(cut(after, KnownCuts.of(known, NO_RECIPES, 0))), "case " + i);
        }
    }

    /** Of cuts that the chunker would not make, those that give known chunks are taken unseen. */
    @Test
    void theChunkerIsNotAskedForWhatIsKnown() throws IOException, SourceException {
        byte[] bytes = bytes(300_000);
        ChunkHasher hasher = new ChunkHasher(KEY);
        ChunkList known = new ChunkList();
        for (int at = 0; at < bytes.length; at += 10_000) {
            known.add(hasher.id(ChunkType.DATA, new byte[0], 0, bytes, at, 10_000), 10_000);
        }
        assertEquals(body(known), body(cut(bytes, KnownCuts.of(body(known), NO_RECIPES, 0))));
        assertNotEquals(body(known), body(cut(bytes, KnownCuts.none())));
    }

    @Test
    void oneGuessIsWastedAndNoMoreUntilAKnownChunkComes() throws IOException {
        ChunkHasher hasher = new ChunkHasher(KEY);
        List<ChunkId> ids = new ArrayList<>();
        ChunkList known = new ChunkList();
        for (int i = 0; i < 4; i++) {
            ids.add(hasher.id(ChunkType.DATA, new byte[0], 0, new byte[] {(byte) i}, 0, 1));
            known.add(ids.get(i), 5_000);
        }
        KnownCuts cuts = KnownCuts.of(body(known), NO_RECIPES, 0);
        assertEquals(5_000, cuts.guess(0, 50_000, false));
        cuts.tell(true, false);
        assertEquals(-1, cuts.guess(5_000, 50_000, false));
        assertTrue(cuts.isNext(ids.get(1)));
        cuts.tell(false, true);
        assertEquals(5_000, cuts.guess(10_000, 50_000, false));
        assertEquals(-1, cuts.guess(12_000, 50_000, false), "between cuts");
        assertEquals(-1, cuts.guess(15_000, 50_000, false), "the last one ended with the file");
        assertEquals(5_000, cuts.guess(15_000, 5_000, true));
    }

    @Test
    void damageToTheParentCostsNothingButTime() throws IOException, SourceException {
        byte[] bytes = bytes(300_000);
        FileBody expected = body(cut(bytes, KnownCuts.none()));
        FileBody lost = FileBody.of(0, 1, new long[] {bytes.length}, new byte[ChunkId.LENGTH]);
        assertEquals(expected, body(cut(bytes, KnownCuts.of(lost, NO_RECIPES, 0))));
        ChunkSource damaged = (id, type) -> {
            throw new CorruptionException("packs/x", "its block 0 does not open");
        };
        assertEquals(expected, body(cut(bytes, KnownCuts.of(lost, damaged, 0))));
    }

    @Test
    void fixedCutsAskNoParent() throws Exception {
        byte[] bytes = new byte[100_001];
        random.nextBytes(bytes);
        ChunkList chunks = cut(bytes, KnownCuts.every(16 << 10));
        assertEquals(7, chunks.count());
        assertEquals(16 << 10, chunks.length(0));
        assertEquals(100_001 - 6 * (16 << 10), chunks.length(6));
        assertEquals(100_001, chunks.plainLength());
        assertEquals(0, cut(new byte[0], KnownCuts.every(16 << 10)).count());
    }
}
