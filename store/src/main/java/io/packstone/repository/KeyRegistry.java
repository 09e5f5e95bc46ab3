package io.packstone.repository;

import io.packstone.backend.Backend;
import io.packstone.backend.ObjectNames;
import io.packstone.crypto.KeyRing;
import io.packstone.crypto.Randomness;
import io.packstone.error.CorruptionException;
import io.packstone.error.ErrorKind;
import io.packstone.error.RepositoryException;
import io.packstone.error.StoreException;
import io.packstone.error.UnlockException;
import io.packstone.format.Frame;
import io.packstone.format.FrameKind;
import io.packstone.id.RepositoryId;
import io.packstone.id.SlotId;
import io.packstone.keyslot.KeyCost;
import io.packstone.keyslot.KeySlotFormat;
import io.packstone.keyslot.Secret;
import io.packstone.keyslot.SlotSummary;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The key slots of a repository: each opens the same keys with a secret of its own. */
public final class KeyRegistry {
    /** More slots than this are not tried. */
    private static final int SLOTS_MAX = 32;

    private final Backend backend;
    private final VitalStore vital;
    private final KeyRing keys;

    KeyRegistry(Backend backend, KeyRing keys) {
        this.backend = backend;
        this.vital = new VitalStore(backend);
        this.keys = keys;
    }

    /** A slot as it stands: what it says of itself, or why it can't be read. */
    public record Entry(
            SlotId id,
            @Nullable SlotSummary summary,
            @Nullable StoreException damage) {}

    /** Opens any slot that {@code secret} fits. One bad slot never blocks the others. */
    static KeyRing unlock(Backend backend, RepositoryId repository, Secret secret) throws IOException {
        StoreException damage = null;
        VitalStore vital = new VitalStore(backend);
        Set<SlotId> slots = slots(backend);
        int tried = 0;
        for (SlotId id : slots) {
            if (tried == SLOTS_MAX) {
                break;
            }
            try {
                KeyRing keys = vital.find(
                        ObjectNames.keySlot(id),
                        FrameKind.KEY_SLOT.maxLength(),
                        (bytes, name) -> KeySlotFormat.tryOpen(checked(id, bytes, name), name, repository, secret));
                if (keys != null) {
                    return keys;
                }
                tried++;
            } catch (StoreException e) {
                damage = e;
            }
        }
        if (damage instanceof RepositoryException) {
            throw damage;
        }
        if (damage != null) {
            throw new UnlockException("no key slot opens with this secret; one could not be read ("
                    + damage.getMessage() + "); try another secret or a recovery sheet");
        }
        throw new UnlockException(
                slots.isEmpty()
                        ? "the repository has no key slots; without one nothing can be read"
                        : "wrong password or key: no key slot opens with it (" + slots.size() + " tried)");
    }

    private static byte[] checked(SlotId id, byte[] bytes, String name) throws CorruptionException {
        if (!SlotId.of(SnapshotLog.sha256(bytes)).equals(id)) {
            throw new CorruptionException(name, "its SHA-256 is not its name");
        }
        return bytes;
    }

    private static Set<SlotId> slots(Backend backend) throws IOException {
        Set<SlotId> slots = new TreeSet<>();
        backend.list(ObjectNames.KEYS, (name, length) -> {
            SlotId id = ObjectNames.slotId(ObjectNames.primaryOf(name));
            if (id != null) {
                slots.add(id);
            }
        });
        return slots;
    }

    /** Every slot. */
    public List<Entry> list() throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (SlotId id : slots(backend)) {
            try {
                SlotSummary summary = vital.get(
                        ObjectNames.keySlot(id),
                        FrameKind.KEY_SLOT.maxLength(),
                        "the key list",
                        (bytes, name) -> KeySlotFormat.describe(checked(id, bytes, name), name, keys.repository()));
                entries.add(new Entry(id, summary, null));
            } catch (StoreException e) {
                entries.add(new Entry(id, null, e));
            }
        }
        return entries;
    }

    /** Adds a slot for {@code secret}; proves that it opens before it returns. */
    public SlotId add(Secret secret, String label, KeyCost cost, Clock clock) throws IOException {
        byte[] bytes = KeySlotFormat.create(
                secret, keys, label, cost, Randomness.secure(), clock.instant().getEpochSecond());
        if (KeySlotFormat.tryOpen(bytes, "a key slot just made", keys.repository(), secret) == null) {
            throw new CorruptionException("a key slot just made", "it does not open with its own secret");
        }
        SlotId id = SlotId.of(SnapshotLog.sha256(bytes));
        vital.put(ObjectNames.keySlot(id), bytes);
        return id;
    }

    /**
     * Removes the slot whose id begins with {@code prefix}, never the last one.
     *
     * @throws RepositoryException when there is no such slot, more than one, or only this one
     */
    public SlotId remove(String prefix) throws IOException {
        Set<SlotId> all = slots(backend);
        List<SlotId> matching =
                all.stream().filter(id -> id.toHex().startsWith(prefix)).toList();
        if (matching.size() != 1) {
            throw new RepositoryException(
                    ErrorKind.NOT_FOUND,
                    null,
                    matching.isEmpty()
                            ? "no key slot begins with " + prefix
                            : "several key slots begin with " + prefix);
        }
        if (all.size() == 1) {
            throw new RepositoryException(
                    ErrorKind.OCCUPIED,
                    ObjectNames.keySlot(matching.get(0)),
                    "this is the last key slot; add another before you remove it");
        }
        remove(matching.get(0));
        return matching.get(0);
    }

    /** Removes slots of other repositories: those that an init left which never came to its config, so they open nothing. */
    void removeStrangers() throws IOException {
        for (SlotId id : slots(backend)) {
            for (String name : List.of(ObjectNames.copyOf(ObjectNames.keySlot(id)), ObjectNames.keySlot(id))) {
                if (backend.length(name) < 0) {
                    continue;
                }
                byte[] bytes = backend.get(name, FrameKind.KEY_SLOT.maxLength());
                RepositoryId of = Frame.unwrap(FrameKind.KEY_SLOT, checked(id, bytes, name), name)
                        .repository();
                if (!of.equals(keys.repository())) {
                    backend.delete(name);
                }
            }
        }
    }

    void remove(SlotId id) throws IOException {
        vital.delete(ObjectNames.keySlot(id));
    }

    /** Adds a slot for {@code fresh}, then removes those that {@code old} opens. */
    public SlotId replace(Secret old, Secret fresh, KeyCost cost, Clock clock) throws IOException {
        List<SlotId> outdated = new ArrayList<>();
        for (SlotId id : slots(backend)) {
            KeyRing opened = vital.find(
                    ObjectNames.keySlot(id),
                    FrameKind.KEY_SLOT.maxLength(),
                    (bytes, name) -> KeySlotFormat.tryOpen(checked(id, bytes, name), name, keys.repository(), old));
            if (opened != null) {
                outdated.add(id);
            }
        }
        SlotId added = add(fresh, "password", cost, clock);
        for (SlotId id : outdated) {
            if (!id.equals(added)) {
                remove(id);
            }
        }
        return added;
    }
}
