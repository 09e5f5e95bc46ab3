package io.packstone.bundle;

import io.packstone.crypto.KeyRing;
import io.packstone.crypto.Randomness;
import io.packstone.error.CorruptionException;
import io.packstone.pack.PackTable;
import io.packstone.pack.SamplePacks;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A bundle made of the golden record and pack, and a reader that proves nothing of what is in blocks. */
public final class BundleSamples {
    private BundleSamples() {}

    /** A bundle of one section with both blocks of a sample pack. */
    static byte[] bundle(long seed) throws IOException {
        Randomness randomness = SamplePacks.seeded(seed);
        byte[] record = SamplePacks.golden(io.packstone.snapshot.SnapshotRecord.class, "record-of-another.hex");
        byte[] base = SamplePacks.golden(io.packstone.snapshot.SnapshotRecord.class, "record.hex");
        byte[] pack = SamplePacks.pack(1);
        PackTable table = SamplePacks.readTable(pack, "a sample");
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        BundleWriter writer = new BundleWriter(output, SamplePacks.keys(), randomness);
        writer.front(BundleFormat.encodeFront(
                BundleKind.DIFFERENTIAL, record, base, List.of("tag", "other"), "packstone 0.1.0"));
        SectionDraft section = new SectionDraft(writer);
        for (int block = 0; block < table.blockCount(); block++) {
            int from = (int) table.blockOffset(block);
            byte[] stored = java.util.Arrays.copyOfRange(pack, from, from + table.blockStoredLength(block));
            section.move(table, block, stored, BlockProof.dead(table, block));
        }
        section.write();
        writer.end();
        return output.toByteArray();
    }

    /** What is in a bundle of the golden repository; the blocks are as they are sealed. */
    public record Contents(BundleFront front, List<PackTable> tables, List<byte[]> blocks, long length) {}

    /** Reads one. */
    public static Contents read(byte[] bytes) throws IOException {
        KeyRing keys = SamplePacks.keys();
        BundleReader reader = new BundleReader(new ByteArrayInputStream(bytes), "a bundle");
        BundleFront front = reader.front(keys);
        List<PackTable> tables = new ArrayList<>();
        List<byte[]> blocks = new ArrayList<>();
        List<CorruptionException> damages = new ArrayList<>();
        reader.read(keys, new BundleReader.Sink() {
            @Override
            public void block(PackTable table, int block, byte[] stored, long at) {
                tables.add(table);
                blocks.add(stored);
            }

            @Override
            public void damaged(CorruptionException cause) {
                damages.add(cause);
            }
        });
        if (!damages.isEmpty()) {
            throw damages.get(0);
        }
        return new Contents(front, tables, blocks, reader.offset());
    }
}
