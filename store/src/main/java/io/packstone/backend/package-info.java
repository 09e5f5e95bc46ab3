/**
 * Where a repository's objects live. What lives here: the contract that every kind of storage keeps, and the names of
 * objects. What does not: what the bytes mean (format and the packages above it); each kind of storage has a package of
 * its own. Invariants: objects are write-once, whole or absent, and durable when a put returns. Read on:
 * docs/format.md, Names of objects.
 */
@NullMarked
package io.packstone.backend;

import org.jspecify.annotations.NullMarked;
