package io.packstone.endtoend.kill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.backend.local.LocalBackend;
import io.packstone.crypto.Hmac;
import io.packstone.crypto.SecretKey;
import io.packstone.endtoend.Workplace;
import io.packstone.error.UnlockException;
import io.packstone.id.SlotId;
import io.packstone.keyslot.KeyCost;
import io.packstone.keyslot.Secret;
import io.packstone.repository.InitOptions;
import io.packstone.repository.KeyRegistry;
import io.packstone.repository.Repository;
import io.packstone.repository.RepositoryOptions;
import io.packstone.repository.StoredSnapshot;
import io.packstone.testkit.FastJvm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Changes of keys are killed: a password, key file or recovery sheet is added, replaced by another, or taken back. Then
 * those open that did before or those that should afterwards, or in the midst of a replacement both; never fewer.
 */
final class KeyLife extends HardLife {
    /** The secret that the repository was made with, as {@link #secret} understands it. */
    private static final String FIRST = "first";

    /** More than that are not tried by whoever opens a repository. */
    private static final int SLOTS_MAX = 32;

    private final Set<String> all = new TreeSet<>();
    private final Set<String> before = new TreeSet<>();
    private final Set<String> after = new TreeSet<>();
    private List<String> change = List.of();
    private int made;

    KeyLife(FastJvm jvm, Path folder, long seed) throws IOException {
        super(jvm, folder, seed);
    }

    /** The secret of a name: a password, or the key of a {@code file-} or a {@code sheet-}. */
    static Secret secret(String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        byte[] key = Hmac.sha256(bytes, 0, bytes.length);
        if (name.startsWith("file-")) {
            return new Secret.KeyFile(SecretKey.copyOf(key));
        }
        if (name.startsWith("sheet-")) {
            return new Secret.RecoverySheet(SecretKey.copyOf(key));
        }
        return name.equals(FIRST) ? Workplace.SECRET : Secret.Password.of(name);
    }

    /** Does what {@code key OPENER add|replace|remove SECRET|SLOT} says. */
    static void change(Repository opened, List<String> words) throws IOException {
        KeyRegistry registry = opened.keyRegistry();
        String what = words.get(3);
        switch (words.get(2)) {
            case "add" -> registry.add(secret(what), "added", KeyCost.TEST, Clock.systemUTC());
            case "replace" -> registry.replace(secret(words.get(1)), secret(what), KeyCost.TEST, Clock.systemUTC());
            default -> registry.remove(what);
        }
    }

    @Override
    Set<Stage> stages() {
        return Stage.KEYS;
    }

    @Override
    InitOptions options() {
        return InitOptions.defaults().withKeyCost(KeyCost.TEST);
    }

    @Override
    void settle() throws IOException {
        all.clear();
        after.clear();
        all.add(FIRST);
        after.add(FIRST);
        try (Repository opened = open()) {
            snapshot(opened);
        }
    }

    private String fresh() {
        String name = List.of("file-", "sheet-", "word-").get(random.nextInt(3)) + made++;
        all.add(name);
        return name;
    }

    private String any(Set<String> names) {
        return List.copyOf(names).get(random.nextInt(names.size()));
    }

    @Override
    Task prepare() throws IOException {
        before.clear();
        before.addAll(after);
        String opener = any(before);
        switch (random.nextInt(3)) {
            case 0 -> {
                String added = fresh();
                after.add(added);
                change = List.of("key", opener, "add", added);
            }
            case 1 -> {
                String added = fresh();
                after.remove(opener);
                after.add(added);
                change = List.of("key", opener, "replace", added);
            }
            default -> {
                String leaving = fresh();
                SlotId slot;
                try (Repository opened = openWith(opener)) {
                    slot = opened.keyRegistry().add(secret(leaving), "leaving", KeyCost.TEST, Clock.systemUTC());
                }
                before.add(leaving);
                change = List.of("key", random.nextBoolean() ? opener : leaving, "remove", slot.toHex());
            }
        }
        return new Task("key " + change.get(2), change);
    }

    private Repository openWith(String name) throws IOException {
        RepositoryOptions options = RepositoryOptions.defaults().withPlainIndex(true);
        return Repository.open(new LocalBackend(place.repository), secret(name), options);
    }

    /** Which of all secrets that there ever were open the repository. */
    private Set<String> opening() throws IOException {
        Set<String> opening = new TreeSet<>();
        for (String name : all) {
            try (Repository opened = openWith(name)) {
                assertTrue(opened.keyRegistry().list().size() <= SLOTS_MAX);
                opening.add(name);
            } catch (UnlockException e) {
                continue; // It is none, or none any more.
            }
        }
        return opening;
    }

    @Override
    void prove(StageBoard board) throws IOException {
        Set<String> opening = opening();
        List<Set<String>> allowed = new ArrayList<>(List.of(after));
        if (!board.isAcknowledged()) {
            allowed.add(before);
            if (change.get(2).equals("replace")) {
                Set<String> both = new TreeSet<>(before);
                both.addAll(after);
                allowed.add(both);
            }
        }
        assertTrue(allowed.contains(opening), () -> opening + " open, not one of " + allowed);
        String opener = any(opening);
        try (Repository opened = openWith(opener)) {
            opened.loadIndex();
            Workplace.onlyCopiesAreMissing(opened);
            List<StoredSnapshot> snapshots = listed(opened);
            restored(opened, snapshots.get(random.nextInt(snapshots.size())));
        }
        again(opening);
        assertEquals(after, opening());
        try (Repository opened = openWith(any(after))) {
            opened.loadIndex();
            Workplace.nothingIsDamaged(opened);
            assertEquals(after, opening());
            if (acknowledged.size() < 3) {
                place.change(random, 3, LONGEST);
                snapshot(opened);
            }
        }
    }

    /** Does what is left to be done. */
    private void again(Set<String> opening) throws IOException {
        if (opening.equals(after)) {
            return;
        }
        String opener = opening.contains(change.get(1)) ? change.get(1) : any(opening);
        try (Repository opened = openWith(opener)) {
            change(opened, List.of("key", opener, change.get(2), change.get(3)));
        }
    }
}
