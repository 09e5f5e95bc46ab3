package io.packstone.bundle;

import io.packstone.repository.StoredSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * What a bundle says of itself.
 *
 * @param snapshot that it brings, under the id it has where it was exported, with the tags it had then
 * @param base that it is of no use without; null for a full one
 * @param program that wrote it
 */
public record BundleFront(
        BundleKind kind, StoredSnapshot snapshot, @Nullable StoredSnapshot base, String program) {}
