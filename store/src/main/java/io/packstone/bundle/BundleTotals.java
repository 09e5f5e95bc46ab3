package io.packstone.bundle;

/**
 * What a bundle says at its end of all that came before.
 *
 * @param chunks rows that are not dead
 * @param bytes the offset at which its end begins
 */
record BundleTotals(long sections, long blocks, long chunks, long bytes) {}
