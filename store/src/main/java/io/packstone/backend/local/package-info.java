/**
 * A repository in a folder. What lives here: the local backend and its durable put. What does not: what objects mean.
 * Invariants: every write goes to a temporary file, is forced on the channel that wrote it, linked to its name, and the
 * folder is forced; a failed force is never tried again. Read on: docs/format.md, Names.
 */
@NullMarked
package io.packstone.backend.local;

import org.jspecify.annotations.NullMarked;
