/**
 * Whole operations on real folders. What lives here: snapshots, restores, damage and crashes, all through the classes the
 * command line runs. What does not: tests of one package. Invariants: every failure prints its seed. Read on:
 * docs/testing.md.
 */
@NullMarked
package io.packstone.endtoend;

import org.jspecify.annotations.NullMarked;
