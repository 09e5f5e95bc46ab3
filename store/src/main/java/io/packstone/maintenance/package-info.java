/**
 * Looking after a repository. What lives here: checking it, rebuilding its index, counting what it holds. What does not:
 * changing any snapshot. Invariants: a check reads and never writes; it fails when anything is wrong, and names it. Read
 * on: docs/format.md, Invariants.
 */
@NullMarked
package io.packstone.maintenance;

import org.jspecify.annotations.NullMarked;
