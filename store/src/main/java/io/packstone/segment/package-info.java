/**
 * Index segments. What lives here: writing them, and a reader in plain Java that needs no RocksDB. What does not: which
 * segments there are (repository), the local index (index). Invariants: entries are sorted by id, a hit is confirmed
 * against the full id; memory is bounded by a few pieces. Read on: docs/format.md, Index segments.
 */
@NullMarked
package io.packstone.segment;

import org.jspecify.annotations.NullMarked;
