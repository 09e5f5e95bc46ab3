package io.packstone.repository;

import io.packstone.backend.Backend;
import io.packstone.backend.ObjectNames;
import io.packstone.crypto.KeyRing;
import io.packstone.error.CorruptionException;
import io.packstone.error.ErrorKind;
import io.packstone.error.LimitExceededException;
import io.packstone.error.MissingObjectException;
import io.packstone.error.RepositoryException;
import io.packstone.error.StoreException;
import io.packstone.error.UnlockException;
import io.packstone.format.ConfigFormat;
import io.packstone.format.Frame;
import io.packstone.format.FrameKind;
import io.packstone.format.RepositoryConfig;
import io.packstone.id.RepositoryId;
import io.packstone.keyslot.Secret;
import java.io.IOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds the config that holds: the highest number whose MAC fits. Nobody can tell before a key slot is open, and a slot
 * opens only under the repository's id, which stands in the config: so every id that a copy names is tried.
 */
final class ConfigSearch {
    private final Backend backend;
    private final VitalStore vital;
    private final Secret secret;
    private final Map<RepositoryId, KeyRing> opened = new HashMap<>();
    private final Set<RepositoryId> tried = new HashSet<>();
    private @Nullable StoreException failure;

    ConfigSearch(Backend backend, Secret secret) {
        this.backend = backend;
        this.vital = new VitalStore(backend);
        this.secret = secret;
    }

    /** A config whose MAC fits, and the keys that say so. */
    record Found(RepositoryConfig config, KeyRing keys) {}

    /** The numbers of all configs, the highest first. */
    static SortedSet<Integer> numbers(Backend backend) throws IOException {
        SortedSet<Integer> numbers = new TreeSet<>(Collections.reverseOrder());
        backend.list(ObjectNames.CONFIG, (name, length) -> {
            int number = ObjectNames.configNumber(ObjectNames.primaryOf(name));
            if (number > 0) {
                numbers.add(number);
            }
        });
        return numbers;
    }

    Found run() throws IOException {
        for (int number : numbers(backend)) {
            String name = ObjectNames.config(number);
            Found found = find(name);
            if (found != null) {
                return found;
            }
        }
        if (failure != null) {
            throw failure;
        }
        throw new RepositoryException(
                ErrorKind.NO_REPOSITORY,
                null,
                "there is no repository at " + backend.describe() + "; make one with init");
    }

    /** The second copy is read only when the first one leads to nothing. */
    private @Nullable Found find(String name) throws IOException {
        StoreException unreadable = null;
        boolean isReadable = false;
        for (String copy : new String[] {name, ObjectNames.copyOf(name)}) {
            try {
                byte[] bytes = backend.get(copy, FrameKind.CONFIG.maxLength());
                KeyRing keys = unlock(ConfigFormat.decode(bytes, copy).repository());
                Found found = keys == null ? null : verified(name, keys);
                isReadable = true;
                if (found != null) {
                    return found;
                }
            } catch (CorruptionException | MissingObjectException | LimitExceededException | RepositoryException e) {
                unreadable = unreadable == null || unreadable instanceof MissingObjectException ? e : unreadable;
            }
        }
        if (!isReadable && unreadable != null) {
            note(unreadable);
        }
        return null;
    }

    /** The first failure is the one to tell of. */
    private void note(StoreException cause) {
        failure = failure == null ? cause : failure;
    }

    private @Nullable KeyRing unlock(RepositoryId repository) throws IOException {
        KeyRing keys = opened.get(repository);
        if (keys == null && tried.add(repository)) {
            try {
                keys = KeyRegistry.unlock(backend, repository, secret);
                opened.put(repository, keys);
            } catch (UnlockException e) {
                note(e);
            }
        }
        return keys;
    }

    private @Nullable Found verified(String name, KeyRing keys) throws IOException {
        try {
            RepositoryConfig config = vital.get(
                    name, FrameKind.CONFIG.maxLength(), "everything", (bytes, copy) -> verify(bytes, copy, keys));
            return new Found(config, keys);
        } catch (CorruptionException | MissingObjectException | LimitExceededException e) {
            note(e);
            return null;
        }
    }

    /** The config in a copy, if it is of that repository and stands under its own name. */
    static RepositoryConfig verify(byte[] bytes, String copy, KeyRing keys) throws StoreException {
        RepositoryConfig config = ConfigFormat.verify(bytes, copy, keys.configMacKey());
        Frame.expectRepository(keys.repository(), config.repository(), copy);
        if (config.number() != ObjectNames.configNumber(ObjectNames.primaryOf(copy))) {
            throw new CorruptionException(copy, "it is config " + config.number());
        }
        return config;
    }
}
