/**
 * Which snapshots stay. What lives here: the rules of retention, and forgetting what they do not keep. What does not:
 * freeing space (maintenance.prune). Invariants: no rule, or one that names what does not exist, keeps everything; what
 * would empty a group, or drop most of a repository, needs a word more; a degraded snapshot takes no place from a
 * complete one; no client's clock takes a place from another's snapshot. Read on: docs/format.md, Forgetting.
 */
@NullMarked
package io.packstone.maintenance.retention;

import org.jspecify.annotations.NullMarked;
