/**
 * The protocol of backups and prunes as models small enough to try every interleaving of. What lives here: the models and
 * the explorer. What does not: the real code under a scheduler (io.packstone.simulation). Read on: docs/format.md,
 * Invariants; docs/testing.md.
 */
@NullMarked
package io.packstone.protocol;

import org.jspecify.annotations.NullMarked;
