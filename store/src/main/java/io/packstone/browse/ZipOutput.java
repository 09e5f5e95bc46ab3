package io.packstone.browse;

import io.packstone.bytes.ByteSink;
import io.packstone.manifest.ManifestEntry;
import io.packstone.metadata.FileMetadata;
import io.packstone.metadata.FileType;
import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;
import io.packstone.repository.Repository;
import io.packstone.repository.StoredSnapshot;
import java.io.IOException;
import java.io.OutputStream;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/**
 * Writes a snapshot, or a part of one, as a zip file (PKWARE APPNOTE 6.3, with its 64-bit forms where needed): files,
 * folders and symbolic links with modes, numeric owners and times to the second. Further names of a file are written as
 * files; pipes, sockets and devices, which zip has no word for, are left out. For one thread.
 */
public final class ZipOutput {
    private static final int LOCAL = 0x04034b50;
    private static final int DESCRIPTOR = 0x08074b50;
    private static final int CENTRAL = 0x02014b50;
    private static final int END = 0x06054b50;
    private static final int END_64 = 0x06064b50;
    private static final int LOCATOR_64 = 0x07064b50;
    private static final int VERSION_20 = 20;
    private static final int VERSION_45 = 45;
    private static final int MADE_ON_UNIX = 3 << 8;
    private static final int FLAG_DESCRIPTOR = 1 << 3;
    private static final int FLAG_UTF8 = 1 << 11;
    private static final int STORED = 0;
    private static final int DEFLATED = 8;
    private static final int EXTRA_ZIP64 = 1;
    private static final int EXTRA_TIME = 0x5455;
    private static final int EXTRA_OWNER = 0x7875;
    private static final int DOS_FOLDER = 0x10;
    /** 1980-01-01T00:00:00 and 2107-12-31T23:59:58, the times that DOS can tell. */
    private static final long DOS_FIRST = 315_532_800L;

    private static final long DOS_LAST = 4_354_819_198L;
    private static final long MAX_32 = 0xffffffffL;
    private static final int MAX_16 = 0xffff;

    /** From this plain length on the stored length may not fit 32 bits either. */
    private static final long LARGE = MAX_32 - (8 << 20);

    private final Repository repository;
    private final Counting output;
    private final ByteSink central = new ByteSink(1 << 16);
    private long count;

    /** To {@code output}, which is not closed. */
    public ZipOutput(Repository repository, OutputStream output) {
        this.repository = repository;
        this.output = new Counting(output);
    }

    /** Passes bytes on and counts them. */
    private static final class Counting extends OutputStream {
        private final OutputStream next;
        private long length;

        private Counting(OutputStream next) {
            this.next = next;
        }

        @Override
        public void write(int value) throws IOException {
            next.write(value);
            length++;
        }

        @Override
        public void write(byte[] bytes, int offset, int count) throws IOException {
            next.write(bytes, offset, count);
            length += count;
        }

        @Override
        public void flush() throws IOException {
            next.flush();
        }
    }

    /** The plain bytes of one entry on their way into the deflater, or past it. */
    private static final class Summing extends OutputStream {
        private final OutputStream next;
        private final CRC32 sum;

        private Summing(OutputStream next, CRC32 sum) {
            this.next = next;
            this.sum = sum;
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int count) throws IOException {
            sum.update(bytes, offset, count);
            next.write(bytes, offset, count);
        }
    }

    /** The CRC-32 of an entry's plain bytes, and the lengths of what is stored and of those. */
    private record Sizes(int crc, long stored, long plain) {}

    /** What local header and directory both say of an entry. */
    private record Head(RawName name, int flags, int method, int date, byte[] extra, boolean large) {
        private void put(ByteSink sink) {
            sink.putShort(large ? VERSION_45 : VERSION_20)
                    .putShort(flags)
                    .putShort(method)
                    .putInt(date);
        }
    }

    /** Writes what is at {@code path}, named as {@link TarOutput} names it, who tells {@code problems} of the same. */
    public void write(StoredSnapshot snapshot, TreePath path, Consumer<String> problems) throws IOException {
        new DumpWalk().walk(repository, snapshot, path, this::write, problems);
        end();
        output.flush();
    }

    private void write(DumpWalk.Entry dumped) throws IOException {
        ManifestEntry entry = dumped.entry();
        switch (entry.metadata().type()) {
            case FILE -> {
                if (entry.body().plainLength() == 0) {
                    addStored(dumped.name(), entry, new byte[0]);
                } else {
                    addFile(dumped.name(), entry);
                }
            }
            case SYMLINK ->
                addStored(dumped.name(), entry, entry.metadata().linkTarget().array());
            case DIRECTORY -> {
                byte[] bytes =
                        Arrays.copyOf(dumped.name().array(), dumped.name().length() + 1);
                bytes[dumped.name().length()] = '/';
                addStored(RawName.takeOver(bytes), entry, new byte[0]);
            }
            case FIFO, SOCKET, CHARACTER_DEVICE, BLOCK_DEVICE -> {
                // zip has no word for it
            }
        }
    }

    private static Head head(RawName name, ManifestEntry entry, int method) throws IOException {
        if (name.length() > MAX_16) {
            throw new IOException(entry.path() + ": its name is too long for a zip file; use tar");
        }
        int flags = (method == STORED ? 0 : FLAG_DESCRIPTOR) | (name.isUtf8() ? FLAG_UTF8 : 0);
        boolean large = entry.body().plainLength() >= LARGE;
        return new Head(name, flags, method, date(entry.metadata()), extra(entry.metadata()), large);
    }

    /** Adds what is short and known beforehand. */
    private void addStored(RawName name, ManifestEntry entry, byte[] bytes) throws IOException {
        long offset = output.length;
        Head head = head(name, entry, STORED);
        CRC32 sum = new CRC32();
        sum.update(bytes);
        Sizes sizes = new Sizes((int) sum.getValue(), bytes.length, bytes.length);
        local(head, sizes);
        output.write(bytes);
        central(head, entry.metadata(), sizes, offset);
    }

    /** Adds a file, whose sum and stored length come after it. */
    private void addFile(RawName name, ManifestEntry entry) throws IOException {
        long offset = output.length;
        Head head = head(name, entry, DEFLATED);
        local(head, new Sizes(0, 0, 0));
        long start = output.length;
        CRC32 sum = new CRC32();
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        try {
            DeflaterOutputStream deflating = new DeflaterOutputStream(output, deflater, 1 << 16);
            new FileOutput(repository).write(entry, new Summing(deflating, sum));
            deflating.finish();
        } finally {
            deflater.end();
        }
        Sizes sizes = new Sizes(
                (int) sum.getValue(), output.length - start, entry.body().plainLength());
        descriptor(head, sizes);
        central(head, entry.metadata(), sizes, offset);
    }

    private static int date(FileMetadata metadata) {
        long seconds = Math.max(DOS_FIRST, Math.min(metadata.modified().seconds(), DOS_LAST));
        LocalDateTime time = LocalDateTime.ofEpochSecond(seconds, 0, ZoneOffset.UTC);
        int day = time.getYear() - 1980 << 9 | time.getMonthValue() << 5 | time.getDayOfMonth();
        return day << 16 | time.getHour() << 11 | time.getMinute() << 5 | time.getSecond() / 2;
    }

    /** Time of modification in seconds, where 32 bits hold it, and numbers of owner and group. */
    private static byte[] extra(FileMetadata metadata) {
        ByteSink extra = new ByteSink(32);
        long seconds = metadata.modified().seconds();
        if (seconds == (int) seconds) {
            extra.putShort(EXTRA_TIME).putShort(5).putByte(1).putInt((int) seconds);
        }
        extra.putShort(EXTRA_OWNER).putShort(11).putByte(1);
        extra.putByte(4).putInt(metadata.owner().uid());
        extra.putByte(4).putInt(metadata.owner().gid());
        return extra.toBytes();
    }

    private void local(Head head, Sizes sizes) throws IOException {
        ByteSink sink = new ByteSink(128);
        sink.putInt(LOCAL);
        head.put(sink);
        sink.putInt(sizes.crc())
                .putInt(narrow(sizes.stored(), head.large()))
                .putInt(narrow(sizes.plain(), head.large()));
        sink.putShort(head.name().length()).putShort(head.extra().length + (head.large() ? 20 : 0));
        sink.putBytes(head.name().array());
        if (head.large()) {
            sink.putShort(EXTRA_ZIP64).putShort(16).putLong(0).putLong(0);
        }
        sink.putBytes(head.extra());
        output.write(sink.array(), 0, sink.length());
    }

    private void descriptor(Head head, Sizes sizes) throws IOException {
        ByteSink sink = new ByteSink(24).putInt(DESCRIPTOR).putInt(sizes.crc());
        if (head.large()) {
            sink.putLong(sizes.stored()).putLong(sizes.plain());
        } else {
            sink.putInt((int) sizes.stored()).putInt((int) sizes.plain());
        }
        output.write(sink.array(), 0, sink.length());
    }

    private void central(Head head, FileMetadata metadata, Sizes sizes, long offset) {
        ByteSink wide = new ByteSink(32);
        if (head.large()) {
            wide.putLong(sizes.plain()).putLong(sizes.stored());
        }
        if (offset >= MAX_32) {
            wide.putLong(offset);
        }
        central.putInt(CENTRAL).putShort(MADE_ON_UNIX | VERSION_45);
        head.put(central);
        central.putInt(sizes.crc());
        central.putInt(narrow(sizes.stored(), head.large())).putInt(narrow(sizes.plain(), head.large()));
        central.putShort(head.name().length());
        central.putShort(head.extra().length + (wide.length() == 0 ? 0 : wide.length() + 4));
        central.putShort(0).putShort(0).putShort(0);
        boolean folder = metadata.type() == FileType.DIRECTORY;
        central.putInt((typeBits(metadata.type()) | metadata.mode()) << 16 | (folder ? DOS_FOLDER : 0));
        central.putInt(narrow(offset, false)).putBytes(head.name().array());
        if (wide.length() > 0) {
            central.putShort(EXTRA_ZIP64).putShort(wide.length()).putBytes(wide.toBytes());
        }
        central.putBytes(head.extra());
        count++;
    }

    private static int narrow(long value, boolean wide) {
        return wide || value >= MAX_32 ? (int) MAX_32 : (int) value;
    }

    private static int typeBits(FileType type) {
        return switch (type) {
            case FILE -> 0100000;
            case DIRECTORY -> 0040000;
            case SYMLINK -> 0120000;
            case FIFO, SOCKET, CHARACTER_DEVICE, BLOCK_DEVICE ->
                throw new IllegalArgumentException("no entry: " + type);
        };
    }

    private void end() throws IOException {
        long start = output.length;
        output.write(central.array(), 0, central.length());
        ByteSink sink = new ByteSink(128);
        if (count >= MAX_16 || start >= MAX_32) {
            long end = output.length;
            sink.putInt(END_64).putLong(44).putShort(MADE_ON_UNIX | VERSION_45).putShort(VERSION_45);
            sink.putInt(0).putInt(0).putLong(count).putLong(count);
            sink.putLong(central.length()).putLong(start);
            sink.putInt(LOCATOR_64).putInt(0).putLong(end).putInt(1);
        }
        int shortCount = (int) Math.min(count, MAX_16);
        sink.putInt(END).putShort(0).putShort(0).putShort(shortCount).putShort(shortCount);
        sink.putInt(central.length()).putInt(narrow(start, false)).putShort(0);
        output.write(sink.array(), 0, sink.length());
    }
}
