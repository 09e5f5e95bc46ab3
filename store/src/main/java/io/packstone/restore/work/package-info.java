/**
 * The threads of a restore. What lives here: batches of work on a few threads, and how the first failure ends all. What does
 * not: the work (restore). Invariants: only a few batches are under way at a time; no task runs after the end. Read on:
 * docs/architecture.md, How a restore is done.
 */
@NullMarked
package io.packstone.restore.work;

import org.jspecify.annotations.NullMarked;
