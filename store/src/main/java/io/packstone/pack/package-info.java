/**
 * Packs and their blocks. What lives here: the pack table, sealing and opening blocks. What does not: reading or writing
 * objects (repository, pipeline). Invariants: bytes in, bytes out; a block is sealed only after it opened again to the same
 * bytes; a table is validated whole before anything in it is used. Read on: docs/format.md, Packs.
 */
@NullMarked
package io.packstone.pack;

import org.jspecify.annotations.NullMarked;
