/**
 * The list of everything in a snapshot, as a tree of nodes. What lives here: entries, their stored bytes, building,
 * walking, finding and comparing manifests, and the chunk lists of files. What does not: where chunks are kept and how
 * they are named (callers hand in a sink and a source). Invariants: the same entries make the same tree whatever work
 * led to it; nothing decoded is used before it is checked; no I/O and no threads of its own. Read on: docs/format.md,
 * The manifest; then ManifestBuilder and ManifestReader.
 */
@NullMarked
package io.packstone.manifest;

import org.jspecify.annotations.NullMarked;
