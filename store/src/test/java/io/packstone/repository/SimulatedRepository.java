package io.packstone.repository;

import io.packstone.backend.Backend;
import io.packstone.crypto.Randomness;
import io.packstone.keyslot.Secret;
import java.io.IOException;

/** The way through the seam for simulations in other packages. */
public final class SimulatedRepository {
    private SimulatedRepository() {}

    /** Opens a repository that works without threads of its own, with that randomness and that mistake. */
    public static Repository open(Backend backend, Secret secret, Randomness randomness, Flaw flaw) throws IOException {
        return FlawedProtocol.open(backend, secret, randomness, flaw);
    }
}
