/**
 * What all stored objects share. What lives here: the frame, the footer, CBOR reading and writing, the config. What does
 * not: packs, segments, manifests (their own packages). Invariants: every length and count is checked before anything is
 * allocated; encoding is deterministic. Read on: docs/format.md, Frame; RFC 8949, section 4.2.
 */
@NullMarked
package io.packstone.format;

import org.jspecify.annotations.NullMarked;
