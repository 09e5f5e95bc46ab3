package io.packstone.index;

import java.io.IOException;

/** The index in plain Java. */
class SegmentIndexTest extends ChunkIndexContract {
    @Override
    ChunkIndex open() throws IOException {
        return new SegmentIndex();
    }
}
