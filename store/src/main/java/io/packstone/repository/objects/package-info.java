/**
 * A repository as its storage sees it: objects and their names. What lives here: all that needs no key, such as reading
 * an object through and comparing its hash, and the parity of packs and index segments in place. What does not: what
 * sealed bytes mean (repository). Invariants: nothing here opens a seal. Read on: docs/format.md, Names of objects and
 * Parity.
 */
@NullMarked
package io.packstone.repository.objects;

import org.jspecify.annotations.NullMarked;
