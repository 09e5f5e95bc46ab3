package io.packstone.manifest;

import io.packstone.id.ChunkId;

/** A finished manifest. */
public record ManifestRoot(ChunkId id, Totals totals) {}
