/**
 * Compression of blocks. What lives here: the codecs, their numbers, and the choice between them. What does not: what a
 * block is (pack). Invariants: decompression knows the exact plain length beforehand and refuses anything else, so no
 * input makes it allocate. Read on: docs/format.md, Blocks.
 */
@NullMarked
package io.packstone.compress;

import org.jspecify.annotations.NullMarked;
