/**
 * How results and progress look. What lives here: standard output and error, JSON, tables, sizes and times for people, the progress
 * line. What does not: what is printed (command), where it comes from (the store). Invariants: standard output carries results only;
 * a failure while writing it ends the command; a name reaches a terminal only through Quoting. Read on: docs/architecture.md,
 * Command line.
 */
@NullMarked
package io.packstone.cli.text;

import org.jspecify.annotations.NullMarked;
