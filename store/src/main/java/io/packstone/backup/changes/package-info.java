/**
 * Snapshots at the cost of a change. What lives here: what is known to have changed, where a walk looks for it and what of the
 * former manifest stays. What does not: how changes are noticed (watch). Invariants: what no change covers is as the parent
 * has it; the manifest is the one that a walk of everything would make. Read on: docs/architecture.md, Watch.
 */
@NullMarked
package io.packstone.backup.changes;

import org.jspecify.annotations.NullMarked;
