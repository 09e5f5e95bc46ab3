/**
 * Manifests: what a snapshot holds, as a prolly tree. What lives here: entries, nodes, building and walking the tree,
 * recipes of long files, differences. What does not: storing nodes (a {@link io.packstone.manifest.NodeSink} does) and
 * reading disks. Invariants: the same entries make the same tree, however the work was divided; keys ascend strictly
 * within and across nodes. Read on: docs/format.md, Manifests.
 */
@NullMarked
package io.packstone.manifest;

import org.jspecify.annotations.NullMarked;
