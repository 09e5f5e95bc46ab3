/**
 * Key slots. What lives here: the kinds of secrets, the sealed form that each opens, the text forms of key files and
 * recovery sheets. What does not: where slots are stored (repository). Invariants: a wrong secret and a right one take the
 * same path until the commitment is compared; nothing a hostile slot asks for is done unchecked. Read on: docs/format.md,
 * Key slots; RFC 9106.
 */
@NullMarked
package io.packstone.keyslot;

import org.jspecify.annotations.NullMarked;
