/**
 * Snapshots by real processes that are killed. What lives here: the process, what it tells of where it is, and who kills
 * it. What does not: crashes that are only played, which cost nothing (the package above). Invariants: every kill is a
 * SIGKILL; no stage of a snapshot is left out. Read on: docs/testing.md.
 */
@NullMarked
package io.packstone.endtoend.kill;

import org.jspecify.annotations.NullMarked;
