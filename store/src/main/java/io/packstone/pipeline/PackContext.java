package io.packstone.pipeline;

import io.packstone.backend.Backend;
import io.packstone.crypto.KeyRing;
import io.packstone.crypto.Randomness;
import io.packstone.id.JobId;

/**
 * What every pack of a write session shares.
 *
 * @param packLengthTarget a pack ends with the block that reaches this many bytes
 */
public record PackContext(
        Backend backend,
        KeyRing keys,
        Randomness randomness,
        JobId job,
        long packLengthTarget,
        PackListener listener) {}
