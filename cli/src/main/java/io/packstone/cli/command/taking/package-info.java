/**
 * Commands that read files. What lives here: taking a snapshot, saying what one would take, the options that both share. What
 * does not: reading (the library). Invariants: a secret is asked for when the options are known to make sense. Read on:
 * docs/architecture.md, How a snapshot is taken.
 */
@NullMarked
package io.packstone.cli.command.taking;

import org.jspecify.annotations.NullMarked;
