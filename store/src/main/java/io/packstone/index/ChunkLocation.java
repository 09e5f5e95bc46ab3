package io.packstone.index;

import io.packstone.id.PackId;
import io.packstone.pack.PackTable;

/** Where a chunk is: a row of a pack's table. */
public record ChunkLocation(PackId pack, PackTable table, int row) {}
