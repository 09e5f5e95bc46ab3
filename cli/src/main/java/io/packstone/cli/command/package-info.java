/**
 * The commands, one class each. What lives here: their options, one call of an operation of the store, what they print. What does
 * not: computing anything (the store), global options and secrets (setup). Invariants: a command touches the store in one place; its
 * JSON keys are promised to scripts. Read on: docs/architecture.md, Command line.
 */
@NullMarked
package io.packstone.cli.command;

import org.jspecify.annotations.NullMarked;
