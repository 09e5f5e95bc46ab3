package io.packstone.browse;

import io.packstone.manifest.ManifestEntry;
import io.packstone.metadata.FileMetadata;
import io.packstone.metadata.FileType;
import io.packstone.metadata.RawName;
import io.packstone.metadata.Timestamp;
import io.packstone.metadata.TreePath;
import io.packstone.repository.Repository;
import io.packstone.repository.StoredSnapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Writes a snapshot, or a part of one, as a tar file: POSIX.1-2001 (pax) with names as bytes, times to the nanosecond and
 * hard links. Sockets, which tar has no word for, are left out. For one thread.
 */
public final class TarOutput {
    private static final int BLOCK = 512;
    private static final int NAME_MAX = 100;
    private static final int OWNER_NAME_MAX = 31;
    private static final long OCTAL_11_MAX = 077777777777L;
    private static final long OCTAL_7_MAX = 07777777;
    private static final RawName PAX_NAME = RawName.of("PaxHeaders/entry");

    private final Repository repository;
    private final OutputStream output;

    /** To {@code output}, which is not closed. */
    public TarOutput(Repository repository, OutputStream output) {
        this.repository = repository;
        this.output = output;
    }

    /**
     * Writes what is at {@code path}, named as a restore names it: what a folder holds, without the folder; a file by its
     * name; the root by full paths, without the leading slash. {@code problems} is told, in a line each, of what is left out since
     * it can't be where it claims to be.
     */
    public void write(StoredSnapshot snapshot, TreePath path, Consumer<String> problems) throws IOException {
        new DumpWalk().walk(repository, snapshot, path, this::write, problems);
        output.write(new byte[2 * BLOCK]);
        output.flush();
    }

    private void write(DumpWalk.Entry dumped) throws IOException {
        ManifestEntry entry = dumped.entry();
        FileMetadata metadata = entry.metadata();
        if (metadata.type() == FileType.SOCKET) {
            return;
        }
        boolean further = dumped.first() != null;
        RawName name = metadata.type() == FileType.DIRECTORY ? withSlash(dumped.name()) : dumped.name();
        RawName link = dumped.first() != null ? dumped.first() : metadata.linkTarget();
        long length =
                metadata.type() == FileType.FILE && !further ? entry.body().plainLength() : 0;
        byte[] pax = pax(metadata, name, link, length);
        if (pax.length > 0) {
            header(PAX_NAME, RawName.EMPTY, metadata, 'x', pax.length);
            output.write(pax);
            pad(pax.length);
        }
        header(name, link, metadata, further ? '1' : type(metadata.type()), length);
        if (length > 0) {
            new FileOutput(repository).write(entry, output);
            pad(length);
        }
    }

    private static RawName withSlash(RawName name) {
        byte[] bytes = Arrays.copyOf(name.array(), name.length() + 1);
        bytes[name.length()] = '/';
        return RawName.takeOver(bytes);
    }

    private static char type(FileType type) {
        return switch (type) {
            case FILE, SOCKET -> '0';
            case SYMLINK -> '2';
            case CHARACTER_DEVICE -> '3';
            case BLOCK_DEVICE -> '4';
            case DIRECTORY -> '5';
            case FIFO -> '6';
        };
    }

    /** The records for what the plain header has no room for. */
    private static byte[] pax(FileMetadata metadata, RawName name, RawName link, long length) {
        ByteArrayOutputStream records = new ByteArrayOutputStream();
        if (name.length() > NAME_MAX) {
            record(records, "path", name.array());
        }
        if (link.length() > NAME_MAX) {
            record(records, "linkpath", link.array());
        }
        number(records, "size", length, OCTAL_11_MAX);
        number(records, "uid", Integer.toUnsignedLong(metadata.owner().uid()), OCTAL_7_MAX);
        number(records, "gid", Integer.toUnsignedLong(metadata.owner().gid()), OCTAL_7_MAX);
        ownerName(records, "uname", metadata.owner().user());
        ownerName(records, "gname", metadata.owner().group());
        Timestamp time = metadata.modified();
        if (time.nanos() != 0 || time.seconds() < 0 || time.seconds() > OCTAL_11_MAX) {
            String text = BigDecimal.valueOf(time.seconds())
                    .add(BigDecimal.valueOf(time.nanos(), 9))
                    .toPlainString();
            record(records, "mtime", text.getBytes(StandardCharsets.US_ASCII));
        }
        boolean binary = name.length() > NAME_MAX && !name.isUtf8() || link.length() > NAME_MAX && !link.isUtf8();
        if (!binary) {
            return records.toByteArray();
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        record(all, "hdrcharset", "BINARY".getBytes(StandardCharsets.US_ASCII));
        all.writeBytes(records.toByteArray());
        return all.toByteArray();
    }

    private static void number(ByteArrayOutputStream records, String key, long value, long max) {
        if (value > max) {
            record(records, key, Long.toString(value).getBytes(StandardCharsets.US_ASCII));
        }
    }

    private static void ownerName(ByteArrayOutputStream records, String key, String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > OWNER_NAME_MAX) {
            record(records, key, bytes);
        }
    }

    /** A length in decimal that counts itself, a space, key=value, a newline. */
    private static void record(ByteArrayOutputStream records, String key, byte[] value) {
        int rest = key.length() + value.length + 3;
        int length = rest + Integer.toString(rest).length();
        length = rest + Integer.toString(length).length();
        records.writeBytes((length + " " + key + "=").getBytes(StandardCharsets.US_ASCII));
        records.writeBytes(value);
        records.write('\n');
    }

    private void header(RawName name, RawName link, FileMetadata metadata, char type, long length) throws IOException {
        byte[] block = new byte[BLOCK];
        bytes(block, 0, NAME_MAX, name.array());
        octal(block, 100, 8, metadata.mode());
        octal(block, 108, 8, within(Integer.toUnsignedLong(metadata.owner().uid()), OCTAL_7_MAX));
        octal(block, 116, 8, within(Integer.toUnsignedLong(metadata.owner().gid()), OCTAL_7_MAX));
        octal(block, 124, 12, within(length, OCTAL_11_MAX));
        octal(block, 136, 12, within(metadata.modified().seconds(), OCTAL_11_MAX));
        Arrays.fill(block, 148, 156, (byte) ' ');
        block[156] = (byte) type;
        bytes(block, 157, NAME_MAX, link.array());
        text(block, 257, "ustar");
        text(block, 263, "00");
        text(block, 265, metadata.owner().user());
        text(block, 297, metadata.owner().group());
        octal(block, 329, 8, within(metadata.deviceMajor(), OCTAL_7_MAX));
        octal(block, 337, 8, within(metadata.deviceMinor(), OCTAL_7_MAX));
        int sum = 0;
        for (byte value : block) {
            sum += value & 0xff;
        }
        text(block, 148, String.format(Locale.ROOT, "%06o", sum));
        block[154] = 0;
        output.write(block);
    }

    private static long within(long value, long max) {
        return Math.max(0, Math.min(value, max));
    }

    private static void text(byte[] block, int offset, String text) {
        bytes(block, offset, OWNER_NAME_MAX, text.getBytes(StandardCharsets.UTF_8));
    }

    private static void bytes(byte[] block, int offset, int max, byte[] bytes) {
        System.arraycopy(bytes, 0, block, offset, Math.min(bytes.length, max));
    }

    private static void octal(byte[] block, int offset, int length, long value) {
        text(block, offset, String.format(Locale.ROOT, "%0" + (length - 1) + "o", value));
    }

    private void pad(long length) throws IOException {
        int over = (int) (length % BLOCK);
        if (over != 0) {
            output.write(new byte[BLOCK - over]);
        }
    }
}
