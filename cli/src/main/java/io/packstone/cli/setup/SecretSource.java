package io.packstone.cli.setup;

import io.packstone.crypto.Randomness;
import io.packstone.error.UnlockException;
import io.packstone.keyslot.Secret;
import io.packstone.metadata.Quoting;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Finds the secret of a repository: options first, then the environment, then a prompt. Never in arguments or logs. */
public final class SecretSource {
    private final Surroundings surroundings;
    private final Randomness randomness;

    /** Looks in {@code surroundings}; draws new keys from {@code randomness}. */
    public SecretSource(Surroundings surroundings, Randomness randomness) {
        this.surroundings = surroundings;
        this.randomness = randomness;
    }

    /** What the options or the environment give; null when they give nothing. */
    public @Nullable Secret given(SecretOptions options) throws IOException {
        Secret fromOptions = of(options);
        return fromOptions == null ? ofEnvironment() : fromOptions;
    }

    /** As {@link #given}; without, what a person types; without a terminal an {@link UnlockException}. */
    public Secret existing(SecretOptions options) throws IOException {
        Secret given = given(options);
        return given == null ? typed() : given;
    }

    /**
     * A secret for a new key slot: as above, but the options name a key file that is made when it is absent, and a new
     * password is typed twice. The environment counts only where {@code environment} says so.
     */
    public Secret fresh(SecretOptions options, boolean environment) throws IOException {
        if (options.keyFile() != null) {
            Path file = surroundings.path(options.keyFile());
            return Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                    ? KeyFiles.open(file)
                    : KeyFiles.create(file, randomness);
        }
        Secret given = environment ? given(options) : of(options);
        return given == null ? typedTwice() : given;
    }

    /** What the options give, whatever the environment says; null when they give nothing. */
    public @Nullable Secret of(SecretOptions options) throws IOException {
        if (options.passwordFile() != null) {
            return passwordFile(options.passwordFile());
        }
        if (options.passwordCommand() != null) {
            return passwordCommand(options.passwordCommand());
        }
        return options.keyFile() == null ? null : KeyFiles.open(surroundings.path(options.keyFile()));
    }

    private @Nullable Secret ofEnvironment() throws IOException {
        String password = surroundings.variable("PACKSTONE_PASSWORD");
        if (password != null) {
            return Secret.Password.of(password);
        }
        return of(new SecretOptions(
                surroundings.variable("PACKSTONE_PASSWORD_FILE"),
                surroundings.variable("PACKSTONE_PASSWORD_COMMAND"),
                surroundings.variable("PACKSTONE_KEY_FILE")));
    }

    private Secret passwordFile(String file) throws IOException {
        byte[] bytes = KeyFiles.read(surroundings.path(file), "the password file");
        return password(firstLine(bytes), "the password file " + Quoting.quote(file));
    }

    private Secret passwordCommand(String command) throws IOException {
        Process process = new ProcessBuilder("sh", "-c", command)
                .redirectInput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        byte[] printed = process.getInputStream().readAllBytes();
        try {
            int status = process.waitFor();
            if (status != 0) {
                throw new UnlockException("the password command failed with exit code " + status);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
        return password(firstLine(printed), "the password command");
    }

    private static byte[] firstLine(byte[] bytes) {
        int end = 0;
        while (end < bytes.length && bytes[end] != '\n') {
            end++;
        }
        return Arrays.copyOf(bytes, end > 0 && end < bytes.length && bytes[end - 1] == '\r' ? end - 1 : end);
    }

    private static Secret password(byte[] bytes, String origin) throws UnlockException {
        if (bytes.length == 0) {
            throw new UnlockException(origin + " gave an empty password");
        }
        try {
            return Secret.Password.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            throw new UnlockException(
                    origin + " gave a password that is not UTF-8; use a key file for arbitrary bytes");
        }
    }

    private Secret typed() throws IOException {
        return password(ask("Password of the repository: "), "the terminal");
    }

    private Secret typedTwice() throws IOException {
        byte[] first = ask("New password: ");
        byte[] second = ask("The same again: ");
        if (!Arrays.equals(first, second)) {
            throw new UnlockException("the two passwords differ; nothing was changed");
        }
        return password(first, "the terminal");
    }

    private byte[] ask(String question) throws IOException {
        byte[] answer = surroundings.prompt().ask(question);
        if (answer == null) {
            throw new UnlockException("no password or key was given, and there is no terminal to ask on;"
                    + " use --password-file, --password-command, --key-file or PACKSTONE_PASSWORD");
        }
        return answer;
    }
}
