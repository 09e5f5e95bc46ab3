package io.packstone.source;

import io.packstone.metadata.RawName;
import io.packstone.posix.DirectoryHandle;
import io.packstone.posix.FileHandle;
import io.packstone.posix.PosixException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The mark of directories whose files can be made again (bford.info/cachedir). */
final class CacheTag {
    static final RawName NAME = RawName.of("CACHEDIR.TAG");

    private static final byte[] SIGNATURE =
            "Signature: 8a477f597d28d172789f06886806bc55".getBytes(StandardCharsets.US_ASCII);

    private CacheTag() {}

    /** True when {@code directory} has a tag; one that can't be read is none. */
    static boolean isIn(DirectoryHandle directory) {
        byte[] start = new byte[SIGNATURE.length];
        try (FileHandle tag = directory.openFile(NAME)) {
            return tag.read(0, start, 0, start.length) == start.length && Arrays.equals(start, SIGNATURE);
        } catch (PosixException e) {
            return false;
        }
    }
}
