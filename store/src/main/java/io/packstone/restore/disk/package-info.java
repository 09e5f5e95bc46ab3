/**
 * The target of a restore. What lives here: its open folders, the marker that stands in it while a restore is under way,
 * setting what belongs to a file besides its bytes. What does not: what goes into it (restore). Invariants: no symbolic link
 * below the target is followed; no name outside it is touched. Read on: docs/architecture.md, How a restore is done.
 */
@NullMarked
package io.packstone.restore.disk;

import org.jspecify.annotations.NullMarked;
