/**
 * Keys and sealing. What lives here: key derivation, chunk ids, sealed streams, envelopes. What does not: which bytes are
 * sealed together (pack), where keys are kept (keyslot). Invariants: standard constructions only, through one-shot calls;
 * no nonce state is kept anywhere, each sealed stream has a key of its own; secrets have no text form. Read on:
 * docs/format.md, Cryptography; Hoang, Reyhanitabar, Rogaway, Vizar: Online Authenticated-Encryption and its Nonce-Reuse
 * Misuse-Resistance (CRYPTO 2015).
 */
@NullMarked
package io.packstone.crypto;

import org.jspecify.annotations.NullMarked;
