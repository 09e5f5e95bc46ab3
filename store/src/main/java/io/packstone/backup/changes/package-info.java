/**
 * Snapshots at the cost of a change: of what is known to have changed, and nothing else. Read on: docs/architecture.md,
 * Backup.
 */
@NullMarked
package io.packstone.backup.changes;

import org.jspecify.annotations.NullMarked;
