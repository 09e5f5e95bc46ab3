/**
 * Snapshots, prunes, repairs and changes of keys by real processes that are killed. What lives here: the process, what it
 * tells of where it is, who kills it, and for each thing that it may do a life which says what has to be true afterwards.
 * What does not: crashes that are only played, which cost nothing (the package above). Invariants: every kill is a
 * SIGKILL; no stage is left out. Read on: docs/testing.md.
 */
@NullMarked
package io.packstone.endtoend.kill;

import org.jspecify.annotations.NullMarked;
