/**
 * Where files are cut into chunks. What lives here: which files are cut at fixed places, and what a former version tells of the
 * cuts of a new one. What does not: the hash that finds cuts (chunker), reading (backup). Invariants: cuts of a former version
 * count only where it was cut the same way. Read on: docs/format.md, Chunking.
 */
@NullMarked
package io.packstone.backup.cutting;

import org.jspecify.annotations.NullMarked;
