package io.packstone.repository;

import io.packstone.crypto.Randomness;

/**
 * What a repository works with besides its backend. This is the seam at which tests put a repeatable randomness, writing
 * without threads, and protocols with a step wrong.
 */
record Workings(Protocol protocol, Randomness randomness, boolean threads) {}
