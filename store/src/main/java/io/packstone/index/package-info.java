/**
 * Where chunks are. What lives here: the index on RocksDB, one in plain Java for whoever can't have that, and the chunks a
 * session has under way. What does not: reading segments from a backend (repository). Invariants: the index is a cache;
 * deleted, damaged or foreign it costs time only; memory does not grow with the repository. Read on: docs/architecture.md,
 * The index.
 */
@NullMarked
package io.packstone.index;

import org.jspecify.annotations.NullMarked;
