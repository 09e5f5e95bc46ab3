package io.packstone.backup;

import io.packstone.bytes.Crc32c;
import io.packstone.metadata.FileMetadata;
import io.packstone.metadata.Holes;
import java.util.List;

/**
 * A whole file, cut, with the metadata it had at the end.
 *
 * @param holes of a file that held still, all within it
 * @param changed it would not hold still: what was read may mix two states
 * @param fixedLength of its chunks; 0 when they were cut by content
 */
record CutFile(List<CutSegment> segments, FileMetadata metadata, Holes holes, boolean changed, int fixedLength) {
    long plainLength() {
        return segments.stream().mapToLong(s -> s.chunks().plainLength()).sum();
    }

    int crc32c() {
        if (segments.size() == 1) {
            return segments.get(0).crc32c();
        }
        int crc = 0;
        for (CutSegment segment : segments) {
            crc = Crc32c.combine(crc, segment.crc32c(), segment.chunks().plainLength());
        }
        return crc;
    }
}
