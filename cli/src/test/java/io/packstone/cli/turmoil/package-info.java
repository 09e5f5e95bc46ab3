/**
 * Backups, prunes and forgets by real processes on one repository, some of which are killed and some stopped for a while.
 * What lives here: the processes, who disturbs them, what they did and so what must be there. What does not: the same
 * under a scheduler, where each step is chosen (store, io.packstone.simulation). Read on: docs/testing.md.
 */
@NullMarked
package io.packstone.cli.turmoil;

import org.jspecify.annotations.NullMarked;
