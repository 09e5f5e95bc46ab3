package io.packstone.keyslot;

import io.packstone.crypto.SecretKey;

/** What a person has to open a repository with. */
public sealed interface Secret {
    /** The stored number of the kind of slot it opens. */
    int slotKind();

    /** The UTF-8 bytes of a password; taken over. */
    record Password(PasswordBytes bytes) implements Secret {
        /** A password as text. */
        public static Password of(String text) {
            return new Password(new PasswordBytes(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        }

        @Override
        public int slotKind() {
            return 1;
        }
    }

    /** The random key in a key file. */
    record KeyFile(SecretKey key) implements Secret {
        @Override
        public int slotKind() {
            return 2;
        }
    }

    /** The random key on a recovery sheet. */
    record RecoverySheet(SecretKey key) implements Secret {
        @Override
        public int slotKind() {
            return 3;
        }
    }

    /** Bytes that have no text form. */
    final class PasswordBytes {
        private final byte[] bytes;

        PasswordBytes(byte[] bytes) {
            this.bytes = bytes;
        }

        byte[] array() {
            return bytes;
        }
    }
}
