/**
 * Finding damage and undoing it. What lives here: the scrub that needs no key, repair, the recovery of snapshots from
 * packs alone, and parity for a repository that had none. What does not: the check that opens every seal (maintenance).
 * Invariants: nothing here deletes what may be of use or changes an object's right bytes; what takes a damaged object's
 * place has the SHA-256 of its name. Read on: docs/format.md, Parity and Repairs.
 */
@NullMarked
package io.packstone.maintenance.healing;

import org.jspecify.annotations.NullMarked;
