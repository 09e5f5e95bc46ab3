/**
 * Freeing space beside running backups, without a lock and without a clock. What lives here: finding what no snapshot
 * needs, choosing what to delete and what to repack, and doing it by the protocol; bringing back what was forgotten. What
 * does not: the steps of the protocol (repository.Protocol). Invariants: a pack is deleted only after each chunk in it
 * that anything needs was seen in another pack that this run has read whole or written; memory holds a bit a row and a few
 * bytes a pack, never an object a chunk; only the structure key is used, but for rewriting blocks. Read on: docs/format.md,
 * Removal of garbage and Invariants.
 */
@NullMarked
package io.packstone.maintenance.prune;

import org.jspecify.annotations.NullMarked;
