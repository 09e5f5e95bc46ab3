/**
 * What a client remembers of a repository between runs, beside its index. What lives here: files in the cache folder,
 * each read whole and written whole. What does not: anything that is stored in a repository. Invariants: a file that is
 * absent, damaged or of another repository is nothing remembered, and never an error. Read on: docs/format.md, Local
 * memory.
 */
@NullMarked
package io.packstone.repository.memory;

import org.jspecify.annotations.NullMarked;
