/**
 * Changing a large file where it is. What lives here: the journal of the bytes that go, the steps of a patch and the way
 * back, what a killed patch left. What does not: which chunks differ and where new ones come from (restore). Invariants: under
 * a file's own name stand its old bytes or its new ones; before a byte goes, the journal that has it is durable; a journal
 * that is not authentic is neither obeyed nor removed. Read on: docs/architecture.md, How a large file is patched.
 */
@NullMarked
package io.packstone.restore.patch;

import org.jspecify.annotations.NullMarked;
