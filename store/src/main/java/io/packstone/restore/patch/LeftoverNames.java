package io.packstone.restore.patch;

import io.packstone.bytes.Crc32c;
import io.packstone.metadata.RawName;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** The names beside a file's own that it has, or has beside it, while it is patched. */
public final class LeftoverNames {
    private static final byte[] PARTIAL = ".packstone-partial".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] JOURNAL = ".packstone-journal".getBytes(StandardCharsets.US_ASCII);

    /** The longest name that Linux has. */
    private static final int NAME_MAX = 255;

    private static final int DIGITS = 8;

    private LeftoverNames() {}

    /** Under which the file stands while it is neither old nor new. */
    public static RawName partialOf(RawName name) {
        return with(name, PARTIAL);
    }

    /** Of what brings it back. */
    public static RawName journalOf(RawName name) {
        return with(name, JOURNAL);
    }

    /** True for a name that {@link #journalOf} may have given. */
    public static boolean isJournal(RawName name) {
        return endsIn(name, JOURNAL);
    }

    /** True for a name that {@link #partialOf} may have given. */
    public static boolean isPartial(RawName name) {
        return endsIn(name, PARTIAL);
    }

    /** The name of the partial file that belongs to a journal, by their names. */
    static RawName partialOfJournal(RawName journal) {
        return replaced(journal, JOURNAL, PARTIAL);
    }

    /** The name of the file that belongs to a journal, by its name; of a shortened one, none that exists. */
    static RawName nameOfJournal(RawName journal) {
        return replaced(journal, JOURNAL, new byte[0]);
    }

    /** The name of the journal that belongs to a partial file, by their names. */
    public static RawName journalOfPartial(RawName partial) {
        return replaced(partial, PARTIAL, JOURNAL);
    }

    private static boolean endsIn(RawName name, byte[] suffix) {
        int start = name.length() - suffix.length;
        if (start <= 0) {
            return false;
        }
        for (int i = 0; i < suffix.length; i++) {
            if (name.at(start + i) != suffix[i]) {
                return false;
            }
        }
        return true;
    }

    private static RawName replaced(RawName name, byte[] suffix, byte[] other) {
        return joined(name.array(), name.length() - suffix.length, new byte[0], other);
    }

    /** A name too long for the suffix is cut between characters, and what it was told by a checksum. */
    private static RawName with(RawName name, byte[] suffix) {
        byte[] bytes = name.array();
        if (bytes.length + suffix.length <= NAME_MAX) {
            return joined(bytes, bytes.length, new byte[0], suffix);
        }
        int keep = NAME_MAX - suffix.length - 1 - DIGITS;
        while (keep > 1 && (bytes[keep] & 0xc0) == 0x80) {
            keep--;
        }
        String digits = "~" + HexFormat.of().toHexDigits(Crc32c.of(bytes, 0, bytes.length));
        return joined(bytes, keep, digits.getBytes(StandardCharsets.US_ASCII), suffix);
    }

    private static RawName joined(byte[] head, int length, byte[] middle, byte[] tail) {
        byte[] all = new byte[length + middle.length + tail.length];
        System.arraycopy(head, 0, all, 0, length);
        System.arraycopy(middle, 0, all, length, middle.length);
        System.arraycopy(tail, 0, all, length + middle.length, tail.length);
        return RawName.takeOver(all);
    }
}
