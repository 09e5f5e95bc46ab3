/**
 * Measurements of single stages. What lives here: JMH benchmarks over the public classes of store. What does not: whole commands (see
 * docs/bench.md). Invariants: input is made from a fixed seed. Read on: docs/bench.md.
 */
@NullMarked
package io.packstone.bench;

import org.jspecify.annotations.NullMarked;
