/**
 * Snapshot records. What lives here: the record, its state, what is said of it later, the announcement of jobs and the
 * markers of prunes, with their stored forms. What does not: the order in which they are put (repository). Invariants: a
 * record has a part for whoever prunes and a part for whoever reads; a state is decided once; notes merge in any order.
 * Read on: docs/format.md, Snapshots.
 */
@NullMarked
package io.packstone.snapshot;

import org.jspecify.annotations.NullMarked;
