/**
 * The repository as one thing. What lives here: init and open, vital objects in two copies, reading chunks back, write
 * sessions and the commit protocol, key slots in place. What does not: walking sources, restoring, checking (one
 * package per operation above). Invariants: this is the only package that joins formats with a backend; a snapshot is
 * acknowledged only after its state object says CONFIRMED; reads never write. Read on: docs/format.md, Invariants.
 */
@NullMarked
package io.packstone.repository;

import org.jspecify.annotations.NullMarked;
