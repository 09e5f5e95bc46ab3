/**
 * Reading disks. What lives here: the walk over a file tree in the manifest's order, and the rules of what is left out.
 * What does not: chunks, manifests, anything stored. Invariants: no symbolic link is followed; what can't be read is told,
 * and the walk goes on. Read on: docs/architecture.md, A snapshot.
 */
@NullMarked
package io.packstone.source;

import org.jspecify.annotations.NullMarked;
