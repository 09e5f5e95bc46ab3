/**
 * Commands that carry snapshots elsewhere in files. What lives here: their options, the files, what they print. What does
 * not: the form of a bundle ({@code bundle} of the library). Invariants: as for all commands. Read on: {@link
 * io.packstone.cli.command}.
 */
@NullMarked
package io.packstone.cli.command.carry;

import org.jspecify.annotations.NullMarked;
