/**
 * The system calls that java.nio lacks. What lives here: files and directories by descriptor, names as raw bytes,
 * everything relative to an open directory and never through a symbolic link unless a method says so; what a refusal of the
 * system means. What does not:
 * what is walked or restored, and why. Invariants: the only package that knows JNA; one component a name ("..", '/' and
 * NUL are refused); errno is read in one place. Read on: docs/architecture.md, Files.
 */
@NullMarked
package io.packstone.posix;

import org.jspecify.annotations.NullMarked;
