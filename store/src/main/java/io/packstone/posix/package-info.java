/**
 * The system calls that Java has no words for. What lives here: everything that knows JNA: directories and files by
 * handle, raw byte names, no link followed. What does not: walking or restoring. Invariants: every path is relative to an
 * open directory; native memory belongs to one thread. Read on: openat(2), statx(2); docs/architecture.md, Restores.
 */
@NullMarked
package io.packstone.posix;

import org.jspecify.annotations.NullMarked;
