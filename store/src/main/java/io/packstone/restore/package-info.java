/**
 * Restoring. What lives here: making a file tree from a manifest. What does not: choosing the snapshot (browse), open folders
 * and attributes (restore.disk). Invariants: nothing outside the target is touched, no symbolic link is followed; a byte is
 * written only after the id of its chunk was computed again; a file that could not be restored whole is not left behind as if it
 * were; success is reported only for what is durable. Read on: docs/architecture.md, How a restore is done.
 */
@NullMarked
package io.packstone.restore;

import org.jspecify.annotations.NullMarked;
