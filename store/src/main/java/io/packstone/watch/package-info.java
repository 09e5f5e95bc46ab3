/**
 * Follows files and takes a snapshot whenever they have changed. What lives here: which directories are watched, what the
 * system told of them, when to take a snapshot and what to keep of the many. What does not: reading and storing (backup),
 * which snapshots rules keep (maintenance). Invariants: what the system told of is only a hint where to look, and what it
 * did not tell is found by a walk of everything. Read on: docs/architecture.md, Watch.
 */
@NullMarked
package io.packstone.watch;

import org.jspecify.annotations.NullMarked;
