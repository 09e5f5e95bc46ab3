package io.packstone.manifest;

import io.packstone.id.ChunkId;

/** A finished manifest: the id of its root node and what it holds. */
public record ManifestRoot(ChunkId id, Totals totals) {}
