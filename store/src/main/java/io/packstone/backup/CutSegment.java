package io.packstone.backup;

/** One segment of a file, cut: its chunks and the CRC-32C of its bytes. */
record CutSegment(ChunkList chunks, int crc32c) {}
