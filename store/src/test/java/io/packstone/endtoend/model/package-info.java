/**
 * Random histories of a repository against a plain map of what it should hold. What lives here: the operations, the model,
 * the seeds. What does not: real kills and damage. Invariants: a seed gives the same history each time, but for the order
 * of threads; a failure prints the line that repeats it and what had happened. Read on: docs/testing.md.
 */
@NullMarked
package io.packstone.endtoend.model;

import org.jspecify.annotations.NullMarked;
