/**
 * The frame all stored objects share. What lives here: header, footer, deterministic CBOR, and the repository's config. What does not:
 * what packs, segments, snapshots and key slots hold (packages of those names). Invariants: one writer form for every value, every length
 * and count bounded before it allocates. Read on: docs/format.md, Frame.
 */
@NullMarked
package io.packstone.format;

import org.jspecify.annotations.NullMarked;
