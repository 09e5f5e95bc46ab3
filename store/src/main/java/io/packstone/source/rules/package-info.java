/**
 * What is taken and what is left out. What lives here: patterns in the syntax of gitignore, lines of ignore files, the rules of
 * a walk, where it reads and how snapshots keep them. What does not: looking at a disk (source). Invariants: patterns and names are bytes; a
 * match takes time in proportion to both at most; what is kept as text comes back as the same rules. Read on:
 * docs/format.md, Snapshots; gitignore(5).
 */
@NullMarked
package io.packstone.source.rules;

import org.jspecify.annotations.NullMarked;
