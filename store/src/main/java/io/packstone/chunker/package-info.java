/**
 * Cutting by content. What lives here: the gear chunker and its parameters. What does not: reading, naming or storing
 * chunks. Invariants: cuts depend only on the bytes since the segment's start and the gear secret; every chunk but a
 * segment's last is at least the minimum and none above the maximum. Read on: docs/format.md, Chunking; Xia et al.,
 * FastCDC (USENIX ATC 2016), sections 4.2 to 4.4.
 */
@NullMarked
package io.packstone.chunker;

import org.jspecify.annotations.NullMarked;
