/**
 * How long work tells of itself. What lives here: the listener that operations call. What does not: drawing (cli). Invariants:
 * listeners may be called from any thread and must not block. Read on: docs/architecture.md, Threads.
 */
@NullMarked
package io.packstone.progress;

import org.jspecify.annotations.NullMarked;
