/**
 * From chunks to packs. What lives here: drafts of blocks, and the threads that put sealed blocks into packs and packs
 * into a backend. What does not: deciding which chunks are new (repository), reading files (backup). Invariants: every
 * queue is bounded; a pack is told of only after its put returned; the first failure stops everything and is rethrown
 * by every later call. Read on: docs/architecture.md, Threads; docs/format.md, Packs.
 */
@NullMarked
package io.packstone.pipeline;

import org.jspecify.annotations.NullMarked;
