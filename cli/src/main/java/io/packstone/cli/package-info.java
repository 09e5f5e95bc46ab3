/**
 * The program. What lives here: the entry point, the list of commands, parsing, the one place where a failure becomes an exit code.
 * What does not: commands (command), options and secrets (setup), looks (text). Invariants: nothing is loaded that the command typed
 * does not need; a stack trace appears only with --debug. Read on: docs/architecture.md, Command line.
 */
@NullMarked
package io.packstone.cli;

import org.jspecify.annotations.NullMarked;
