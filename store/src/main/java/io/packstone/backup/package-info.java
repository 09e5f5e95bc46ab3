/**
 * Taking a snapshot. What lives here: the walk merged with the parent's manifest, reading and cutting in parallel, and
 * the order in which results become a manifest. What does not: packs and the commit protocol (repository), reading
 * disks (source). Invariants: entries reach the manifest in its order; a file that could not be read makes the snapshot
 * degraded, never silent; a failure of the repository ends the run. Read on: docs/architecture.md, A snapshot.
 */
@NullMarked
package io.packstone.backup;

import org.jspecify.annotations.NullMarked;
