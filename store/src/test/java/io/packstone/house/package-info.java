/**
 * The house rules as tests. What lives here: floors, tidiness, and documents that must agree with the code. What does not: tests of
 * what the program does. Invariants: a message names the rule and the remedy. Read on: docs/architecture.md, Floors.
 */
@NullMarked
package io.packstone.house;

import org.jspecify.annotations.NullMarked;
