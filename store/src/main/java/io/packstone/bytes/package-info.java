/**
 * Byte order and varints. What lives here: cursors over byte arrays, little-endian, and CRC-32C combination. What does not: any stored
 * layout (format and the packages above it). Invariants: every read is bounds-checked before it allocates. Read on: docs/format.md, Conventions.
 */
@NullMarked
package io.packstone.bytes;

import org.jspecify.annotations.NullMarked;
