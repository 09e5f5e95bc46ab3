/**
 * Typed ids. What lives here: one type for each kind of name. What does not: computing them (crypto), file names (backend).
 * Invariants: immutable, compared as unsigned bytes, never two kinds in one type. Read on: docs/format.md, Names.
 */
@NullMarked
package io.packstone.id;

import org.jspecify.annotations.NullMarked;
