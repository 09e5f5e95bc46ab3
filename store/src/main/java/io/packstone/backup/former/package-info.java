/**
 * What snapshots before have at the paths that a walk comes to. What lives here: reading their manifests beside the source, and
 * whether an entry is as it was. What does not: choosing the snapshots (backup.strategy), reading files (backup). Invariants: of
 * several the one that is newest decides; an entry that may have changed in the same tick of a clock is not believed. Read on:
 * docs/architecture.md, How a snapshot is taken.
 */
@NullMarked
package io.packstone.backup.former;

import org.jspecify.annotations.NullMarked;
