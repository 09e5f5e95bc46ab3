/**
 * What stands between a typed command and the store. What lives here: the surroundings of a run (environment, streams, clock), global
 * options, raw arguments, secrets, default places, opening and creating repositories, exit codes, interruption. What does not: single
 * commands (command), how results look (text). Invariants: a secret is never in an argument, a message or a log; a path keeps the bytes
 * that were typed; every failure ends in exactly one exit code. Read on: docs/architecture.md, Command line.
 */
@NullMarked
package io.packstone.cli.setup;

import org.jspecify.annotations.NullMarked;
