/**
 * Parity of stored objects, so that a damaged one is made whole again without any key. What lives here: a Reed-Solomon
 * code over bytes, how an object is laid out in cells for it, and the stored form of what it adds. What does not:
 * reading and writing objects (repository). Invariants: parity can only give bytes back; whoever uses them compares
 * their SHA-256 with the object's name first, so neither chance nor malice makes wrong bytes count. Read on:
 * docs/format.md, Parity.
 */
@NullMarked
package io.packstone.parity;

import org.jspecify.annotations.NullMarked;
