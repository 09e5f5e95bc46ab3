/**
 * Commands about the life of snapshots. What lives here: forgetting by rules, bringing back, tags, protection, and freeing
 * space. What does not: taking and reading snapshots (cli.command). Invariants: as in cli.command. Read on: packstone help
 * forget, packstone help prune.
 */
@NullMarked
package io.packstone.cli.command.life;

import org.jspecify.annotations.NullMarked;
