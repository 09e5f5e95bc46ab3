/**
 * Where objects are stored. What lives here: what a kind of storage must do, and the names of objects. What does not: any
 * kind of storage (a package each, below this one), what is in an object. Invariants: everything is written once;
 * acknowledged means durable; put-if-absent decides races. Read on: docs/format.md, Names.
 */
@NullMarked
package io.packstone.backend;

import org.jspecify.annotations.NullMarked;
