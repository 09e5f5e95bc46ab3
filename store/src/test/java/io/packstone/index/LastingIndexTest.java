package io.packstone.index;

import java.io.IOException;

/** The index of whoever came first. */
class LastingIndexTest extends ChunkIndexContract {
    @Override
    ChunkIndex open() throws IOException {
        return IndexFolder.open(folder, SyntheticPacks.repository(1));
    }
}
