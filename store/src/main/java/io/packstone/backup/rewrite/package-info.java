/**
 * Dropping paths from snapshots that were taken already. What lives here: what is dropped, and the new snapshots without
 * it. What does not: the manifest of what is left (manifest), the commit protocol (repository). Invariants: a former
 * snapshot is forgotten only after the one made from it is confirmed, and protected if it was; one that nothing would be
 * left of stays. Read on: docs/architecture.md, How a path is dropped from history.
 */
@NullMarked
package io.packstone.backup.rewrite;

import org.jspecify.annotations.NullMarked;
