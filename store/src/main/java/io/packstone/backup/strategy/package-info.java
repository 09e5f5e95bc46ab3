/**
 * What a snapshot is compared with. What lives here: the strategies that can be asked for, and what each comes to, given the
 * snapshots that are there. What does not: reading (backup). Invariants: a strategy says which files are read, never what a
 * snapshot holds; every snapshot is whole. Read on: docs/architecture.md, How a snapshot is taken.
 */
@NullMarked
package io.packstone.backup.strategy;

import org.jspecify.annotations.NullMarked;
