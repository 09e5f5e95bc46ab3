package io.packstone.bundle;

import io.packstone.repository.StoredSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * What was exported.
 *
 * @param base who has it can take the bundle; null when anybody can
 * @param chunks in the bundle
 * @param bytes its length
 */
public record ExportReport(
        StoredSnapshot snapshot, @Nullable StoredSnapshot base, BundleKind kind, long chunks, long bytes) {}
