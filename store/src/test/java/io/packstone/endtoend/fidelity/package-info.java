/**
 * Trees that hold everything, taken, restored and compared in everything. What lives here: the tests; what makes trees
 * and compares them is in testkit. Invariants: what can't be made here is skipped, and said. Read on: docs/testing.md.
 */
@NullMarked
package io.packstone.endtoend.fidelity;

import org.jspecify.annotations.NullMarked;
