/**
 * Reads what is backed up. What lives here: the walk over given paths in the manifest's order, what it leaves out, and
 * opening files. What does not: chunks, and what is unchanged. Invariants: symbolic links are never followed but in the
 * ancestors of a given path; an error of one file is told and the walk goes on; memory is bounded however many names a
 * directory has. Read on: docs/format.md, Manifest order.
 */
@NullMarked
package io.packstone.source;

import org.jspecify.annotations.NullMarked;
