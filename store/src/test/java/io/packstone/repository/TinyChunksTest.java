package io.packstone.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.crypto.ChunkHasher;
import io.packstone.crypto.SecretKey;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.keyslot.KeyCost;
import io.packstone.keyslot.Secret;
import io.packstone.pack.PackTable;
import io.packstone.pipeline.BlockDraft;
import io.packstone.testkit.MemoryBackend;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where files are tiny, what is known of chunks takes more room than they do. */
final class TinyChunksTest {
    private static final int COUNT = 200_000;
    private static final Secret SECRET = new Secret.KeyFile(SecretKey.copyOf(new byte[SecretKey.LENGTH]));

    private final MemoryBackend backend = new MemoryBackend();

    @Test
    void packsAndSegmentsEndByWhatTheirTablesTake() throws IOException {
        Repository.init(backend, InitOptions.defaults().withKeyCost(KeyCost.TEST), SECRET, Clock.systemUTC());
        store();
        List<Integer> rows = new ArrayList<>();
        try (Repository repository = open()) {
            repository.index().forEachPack((id, length) -> {
                PackTable table = repository.index().table(id);
                assertTrue(table.plainBytes().length < 3 << 20, "a table of " + table.plainBytes().length);
                for (int block = 0; block < table.blockCount(); block++) {
                    assertTrue(table.blockFirstRow(block + 1) - table.blockFirstRow(block) <= 1 << 14);
                }
                rows.add(table.rowCount());
            });
            assertTrue(repository.index().segments().size() > 1);
        }
        assertTrue(rows.size() > 2, rows.toString());
        assertEquals(COUNT, rows.stream().mapToInt(count -> count).sum());
    }

    private Repository open() throws IOException {
        return Repository.open(backend, SECRET, RepositoryOptions.defaults()).loadIndex();
    }

    private void store() throws IOException {
        try (Repository repository = open();
                WriteSession session = repository.begin(repository.compression())) {
            ChunkHasher hasher = new ChunkHasher(repository.keys().idKey());
            BlockDraft draft = new BlockDraft(BlockDraft.DATA_LENGTH);
            for (int i = 0; i < COUNT; i++) {
                byte[] payload = Integer.toString(i).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
                ChunkId id = hasher.id(ChunkType.DATA, new byte[0], 0, payload, 0, payload.length);
                assertTrue(session.claim(id, ChunkType.DATA));
                if (!draft.fits(payload.length, 1, BlockDraft.DATA_LENGTH)) {
                    session.seal(draft);
                }
                draft.add(id, ChunkType.DATA, new byte[0], 0, payload, 0, payload.length);
            }
            session.seal(draft);
            session.flush();
        }
    }
}
