package io.packstone.manifest;

import io.packstone.id.ChunkId;
import io.packstone.metadata.TreePath;

/** A node as its parent sees it: the last key below it, and what is below. */
record NodeChild(ChunkId id, TreePath lastPath, Totals totals) {}
