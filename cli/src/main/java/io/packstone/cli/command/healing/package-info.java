/**
 * Commands that find damage and undo it. What lives here: their options and what they print. What does not: how it is
 * done ({@code maintenance.healing} of the library). Invariants: as for all commands. Read on: {@link
 * io.packstone.cli.command}.
 */
@NullMarked
package io.packstone.cli.command.healing;

import org.jspecify.annotations.NullMarked;
