/**
 * A repository in a directory. What lives here: the layout on disk, the one way in which a file becomes durable ({@code
 * DurablePut}), and reading. What does not: what the bytes mean. Invariants: a name appears with all its bytes on disk
 * or not at all; nothing is written in place; {@code tmp/} is never read. Read on: docs/format.md, Objects in a
 * directory.
 */
@NullMarked
package io.packstone.backend.local;

import org.jspecify.annotations.NullMarked;
