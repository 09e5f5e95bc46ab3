/**
 * What is kept of a snapshot that takes long before it is whole. What lives here: when a partial snapshot is due, storing it,
 * and forgetting it once it is of no use. What does not: reading (backup), choosing what to go on from (backup.strategy).
 * Invariants: a partial snapshot is committed as any other and names stored chunks only; one that can't be stored costs no
 * snapshot; one that is forgotten has a newer one that holds as much. Read on: docs/architecture.md, What a killed snapshot leaves.
 */
@NullMarked
package io.packstone.backup.resume;

import org.jspecify.annotations.NullMarked;
