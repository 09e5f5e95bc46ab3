/**
 * Paths and patterns that were typed or stand in files. What lives here: lists of paths, patterns and where each came from. What
 * does not: what a pattern fits (the library). Invariants: both are bytes and stand for themselves. Read on: gitignore(5).
 */
@NullMarked
package io.packstone.cli.paths;

import org.jspecify.annotations.NullMarked;
