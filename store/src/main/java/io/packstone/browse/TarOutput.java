package io.packstone.browse;

import io.packstone.manifest.ManifestCursor;
import io.packstone.manifest.ManifestEntry;
import io.packstone.metadata.FileMetadata;
import io.packstone.metadata.FileType;
import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.repository.Repository;
import io.packstone.repository.StoredSnapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes a snapshot, or a part of one, as a tar archive: POSIX.1-2001 (pax) with names as bytes, nanoseconds, and hard
 * links. Sockets, which tar has no word for, are left out.
 */
public final class TarOutput {
    private static final int BLOCK = 512;
    private static final long OCTAL_11_MAX = 077777777777L;
    private static final int OCTAL_7_MAX = 07777777;

    private final Repository repository;
    private final OutputStream output;
    private final Map<List<Long>, RawName> firstNames = new HashMap<>();

    /** To {@code output}, which is not closed. */
    public TarOutput(Repository repository, OutputStream output) {
        this.repository = repository;
        this.output = output;
    }

    /** Writes {@code path} and what is below it, with names as in the snapshot, without the leading slash. */
    public void write(StoredSnapshot snapshot, TreePath path) throws IOException {
        if (!path.isRoot()) {
            ManifestEntry top = repository.manifests().find(snapshot.record().root(), path);
            if (top != null) {
                write(top);
            }
        }
        ManifestCursor cursor = repository.manifests().below(snapshot.record().root(), path.asDirectory(), true);
        for (ManifestEntry entry = cursor.next(); entry != null; entry = cursor.next()) {
            write(entry);
        }
        output.write(new byte[2 * BLOCK]);
        output.flush();
    }

    private void write(ManifestEntry entry) throws IOException {
        FileMetadata metadata = entry.metadata();
        if (metadata.type() == FileType.SOCKET) {
            return;
        }
        RawName name = entry.path().asDirectory();
        RawName link = metadata.linkTarget();
        boolean hardLink = false;
        if (metadata.type() == FileType.FILE && metadata.linkCount() > 1) {
            List<Long> inode = List.of(
                    metadata.fingerprint().device(), metadata.fingerprint().inode());
            RawName first = firstNames.putIfAbsent(inode, name);
            hardLink = first != null;
            link = first == null ? link : first;
        }
        long size = metadata.type() == FileType.FILE && !hardLink ? metadata.size() : 0;
        byte[] pax = pax(metadata, name, link, size);
        if (pax.length > 0) {
            header(RawName.of("PaxHeaders/entry"), RawName.EMPTY, metadata, 'x', pax.length);
            output.write(pax);
            pad(pax.length);
        }
        header(name, link, metadata, hardLink ? '1' : type(metadata.type()), size);
        if (size > 0) {
            new FileOutput(repository).write(entry, output);
            pad(size);
        }
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

    private static byte[] pax(FileMetadata metadata, RawName name, RawName link, long size) {
        ByteArrayOutputStream records = new ByteArrayOutputStream();
        if (name.length() > 99) {
            record(records, "path", name.array());
        }
        if (link.length() > 100) {
            record(records, "linkpath", link.array());
        }
        if (size > OCTAL_11_MAX) {
            record(records, "size", Long.toString(size).getBytes(StandardCharsets.US_ASCII));
        }
        long seconds = metadata.modified().seconds();
        if (metadata.modified().nanos() != 0 || seconds < 0 || seconds > OCTAL_11_MAX) {
            String time = new java.math.BigDecimal(java.math.BigInteger.valueOf(seconds))
                    .add(java.math.BigDecimal.valueOf(metadata.modified().nanos(), 9))
                    .toPlainString();
            record(records, "mtime", time.getBytes(StandardCharsets.US_ASCII));
        }
        return records.toByteArray();
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

    private void header(RawName name, RawName link, FileMetadata metadata, char type, long size) throws IOException {
        byte[] block = new byte[BLOCK];
        byte[] nameBytes = type == '5' ? (name.toText() + "/").getBytes(StandardCharsets.UTF_8) : name.array();
        System.arraycopy(nameBytes, 0, block, 0, Math.min(nameBytes.length, 100));
        octal(block, 100, 8, metadata.mode());
        octal(block, 108, 8, Math.min(metadata.owner().uid() & 0xffffffffL, OCTAL_7_MAX));
        octal(block, 116, 8, Math.min(metadata.owner().gid() & 0xffffffffL, OCTAL_7_MAX));
        octal(block, 124, 12, Math.min(size, OCTAL_11_MAX));
        octal(block, 136, 12, Math.max(0, Math.min(metadata.modified().seconds(), OCTAL_11_MAX)));
        Arrays.fill(block, 148, 156, (byte) ' ');
        block[156] = (byte) type;
        System.arraycopy(link.array(), 0, block, 157, Math.min(link.length(), 100));
        text(block, 257, "ustar");
        text(block, 263, "00");
        text(block, 265, metadata.owner().user());
        text(block, 297, metadata.owner().group());
        octal(block, 329, 8, metadata.deviceMajor());
        octal(block, 337, 8, metadata.deviceMinor());
        int sum = 0;
        for (byte value : block) {
            sum += value & 0xff;
        }
        text(block, 148, String.format(Locale.ROOT, "%06o", sum));
        block[154] = 0;
        output.write(block);
    }

    private static void text(byte[] block, int offset, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, block, offset, Math.min(bytes.length, 31));
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
