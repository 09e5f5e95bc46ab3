package io.packstone.cli.setup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.cli.text.Console;
import io.packstone.crypto.Randomness;
import io.packstone.crypto.SecretKey;
import io.packstone.error.UnlockException;
import io.packstone.keyslot.KeyText;
import io.packstone.keyslot.Secret;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which secret counts when there are several, and what none means. */
class SecretSourceTest {
    private static final SecretOptions NONE = new SecretOptions(null, null, null);

    @TempDir
    Path folder;

    private final Map<String, String> environment = new HashMap<>();
    private final Deque<String> typed = new ArrayDeque<>();
    private final Random random = new Random(1);
    private SecretSource source;

    @BeforeEach
    void open() {
        Console console = new Console(
                new ByteArrayInputStream(new byte[0]), new ByteArrayOutputStream(), new ByteArrayOutputStream(), null);
        Surroundings surroundings =
                new Surroundings(environment, RawText.name(folder), console, Clock.systemUTC(), this::answer, false);
        Randomness seeded = random::nextBytes;
        source = new SecretSource(surroundings, seeded);
    }

    private byte @Nullable [] answer(String question) {
        String next = typed.poll();
        return next == null ? null : next.getBytes(StandardCharsets.UTF_8);
    }

    private SecretOptions keyFile(String name) throws IOException {
        Files.writeString(folder.resolve(name), KeyText.formatKeyFile(SecretKey.random(random::nextBytes)));
        return new SecretOptions(null, null, name);
    }

    @Test
    void optionsWinOverTheEnvironmentWinsOverThePrompt() throws IOException {
        typed.add("typed");
        environment.put("PACKSTONE_PASSWORD", "from the environment");
        assertInstanceOf(Secret.KeyFile.class, source.existing(keyFile("key")));
        assertInstanceOf(Secret.Password.class, source.existing(NONE));
        assertEquals(1, typed.size());
        environment.clear();
        assertInstanceOf(Secret.Password.class, source.existing(NONE));
        assertEquals(0, typed.size());
        assertThrows(UnlockException.class, () -> source.existing(NONE));
        assertNull(source.given(NONE));
    }

    @Test
    void theEnvironmentKnowsEveryWay() throws IOException {
        Files.writeString(folder.resolve("password"), "secret\nsecond line");
        environment.put("PACKSTONE_PASSWORD_FILE", "password");
        assertInstanceOf(Secret.Password.class, source.existing(NONE));
        environment.clear();
        environment.put("PACKSTONE_PASSWORD_COMMAND", "echo secret");
        assertInstanceOf(Secret.Password.class, source.existing(NONE));
        environment.clear();
        keyFile("key");
        environment.put("PACKSTONE_KEY_FILE", folder.resolve("key").toString());
        assertInstanceOf(Secret.KeyFile.class, source.existing(NONE));
    }

    @Test
    void aSheetTypedIntoAFileIsARecoverySheet() throws IOException {
        Files.writeString(
                folder.resolve("sheet"), String.join(" ", KeyText.formatWords(SecretKey.random(random::nextBytes))));
        assertInstanceOf(Secret.RecoverySheet.class, source.existing(new SecretOptions(null, null, "sheet")));
    }

    @Test
    void badSecretsAreUnlockFailures() throws IOException {
        Files.write(folder.resolve("empty"), new byte[0]);
        Files.write(folder.resolve("bytes"), new byte[] {(byte) 0xff, 'x'});
        Files.write(folder.resolve("long"), new byte[1 << 20]);
        for (String name : new String[] {"absent", "empty", "bytes", "long"}) {
            assertThrows(UnlockException.class, () -> source.existing(new SecretOptions(name, null, null)), name);
            assertThrows(UnlockException.class, () -> source.existing(new SecretOptions(null, null, name)), name);
        }
        assertThrows(UnlockException.class, () -> source.existing(new SecretOptions(null, "exit 3", null)));
        assertThrows(UnlockException.class, () -> source.existing(new SecretOptions(null, "true", null)));
    }

    @Test
    void onlyOneOptionMayBeGiven() {
        assertThrows(UsageException.class, () -> new SecretOptions("a", "b", null).checked("--"));
        assertThrows(UsageException.class, () -> new SecretOptions("a", null, "b").checked("--"));
    }

    @Test
    void aNewPasswordIsTypedTwice() throws IOException {
        typed.add("one");
        typed.add("two");
        assertThrows(UnlockException.class, () -> source.fresh(NONE, false));
        typed.add("same");
        typed.add("same");
        assertInstanceOf(Secret.Password.class, source.fresh(NONE, false));
        typed.add("");
        typed.add("");
        assertThrows(UnlockException.class, () -> source.fresh(NONE, false));
    }

    @Test
    void aNewKeyFileIsMadeForItsOwnerOnlyAndNeverOverwritten() throws IOException {
        SecretOptions options = new SecretOptions(null, null, "below/new.key");
        Secret made = source.fresh(options, true);
        Path file = folder.resolve("below/new.key");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        String text = Files.readString(file);
        assertEquals(made, source.fresh(options, true));
        assertEquals(text, Files.readString(file));
        try (var files = Files.list(folder.resolve("below"))) {
            assertEquals(1, files.count());
        }
        assertTrue(text.startsWith("packstone-key-1\n"));
    }
}
