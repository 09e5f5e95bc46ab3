/**
 * Snapshots in single files, to be carried to a copy of their repository. What lives here: the form of a bundle, writing one
 * and taking one in. What does not: the commit protocol (repository), what a snapshot needs (maintenance.prune), where the
 * file lies. Invariants: sealed blocks move as they are; one pass in each direction, in memory that does not grow with the
 * bundle; nothing is confirmed before every byte was verified. Read on: docs/format.md, Bundles.
 */
@NullMarked
package io.packstone.bundle;

import org.jspecify.annotations.NullMarked;
