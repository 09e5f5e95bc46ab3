/**
 * What a file system knows about a file. What lives here: values shared by the reader of disks and the manifest. What does not: how
 * they are read (source) or stored (manifest). Invariants: names are bytes, never text. Read on: docs/format.md, Entries.
 */
@NullMarked
package io.packstone.metadata;

import org.jspecify.annotations.NullMarked;
