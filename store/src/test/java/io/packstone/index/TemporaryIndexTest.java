package io.packstone.index;

import java.io.IOException;

/** The index of whoever has no cache folder. */
class TemporaryIndexTest extends ChunkIndexContract {
    @Override
    ChunkIndex open() throws IOException {
        return IndexFolder.open(null, SyntheticPacks.repository(1));
    }
}
