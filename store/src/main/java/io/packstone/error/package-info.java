/**
 * What can go wrong. What lives here: two families of checked exceptions that share no caught parent: SourceException (one file; a
 * snapshot may go on) and StoreException (the repository; the operation stops). What does not: printing. Invariants: a message names the
 * object or path and the next step. Read on: docs/architecture.md, Errors.
 */
@NullMarked
package io.packstone.error;

import org.jspecify.annotations.NullMarked;
