package io.packstone.cli.setup;

import org.jspecify.annotations.Nullable;

/** Where a secret is to be taken from; at most one is given. */
public record SecretOptions(
        @Nullable String passwordFile,
        @Nullable String passwordCommand,
        @Nullable String keyFile) {

    /** Checks that there is at most one; {@code prefix} is what the names of the options begin with. */
    public SecretOptions checked(String prefix) throws UsageException {
        int given = (passwordFile == null ? 0 : 1) + (passwordCommand == null ? 0 : 1) + (keyFile == null ? 0 : 1);
        if (given > 1) {
            throw new UsageException("give only one of " + prefix + "password-file, " + prefix + "password-command and "
                    + prefix + "key-file");
        }
        return this;
    }
}
