/**
 * The real backups, prunes and forgets under a scheduler that decides from a seed whose step at the storage comes next.
 * What lives here: the scheduler, the actors, what must hold at the end. What does not: the protocol as a model
 * (io.packstone.protocol). Read on: docs/testing.md.
 */
@NullMarked
package io.packstone.simulation;

import org.jspecify.annotations.NullMarked;
