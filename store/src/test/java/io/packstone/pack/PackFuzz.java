package io.packstone.pack;

import io.packstone.bytes.LittleEndian;
import io.packstone.compress.BlockDecompressor;
import io.packstone.compress.Codec;
import io.packstone.crypto.Envelope;
import io.packstone.crypto.Sealer;
import io.packstone.error.CorruptionException;
import io.packstone.format.Footer;
import io.packstone.testkit.FuzzTarget;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;

/** Parsers of packs: tables, whole packs, blocks. */
public final class PackFuzz {
    private static final int PLAIN_MAX = 1 << 20;
    private static final Envelope ENVELOPE = SamplePacks.keys().newEnvelope(SamplePacks.seeded(1));

    private PackFuzz() {}

    /** By name. */
    public static Map<String, FuzzTarget> targets() {
        return Map.of("pack", PackFuzz::pack, "pack-table", PackFuzz::table, "block", PackFuzz::block);
    }

    /** A valid input for some of them. */
    public static Map<String, byte[]> seeds() throws IOException {
        byte[] pack = SamplePacks.golden(SamplePacks.class, "pack.hex");
        PackTable table = SamplePacks.readTable(pack, "a sample");
        byte[] plain = table.plainBytes();
        byte[] input = new byte[8 + plain.length];
        LittleEndian.putLong(
                input, 0, SamplePacks.packLength(table) - Footer.LENGTH - Sealer.sealedLength(plain.length));
        System.arraycopy(plain, 0, input, 8, plain.length);
        byte[] block = new byte[1004];
        block[0] = 2;
        block[1] = (byte) 200;
        return Map.of("pack", pack, "pack-table", input, "block", block);
    }

    /** A table that a pack with an offset chosen by the input has. */
    private static void table(byte[] input) throws CorruptionException {
        if (input.length < 8) {
            return;
        }
        byte[] plain = Arrays.copyOfRange(input, 8, input.length);
        walk(PackTableFormat.decode(plain, "input", LittleEndian.getLong(input, 0)));
    }

    private static void walk(PackTable table) {
        for (int block = 0; block < table.blockCount(); block++) {
            if (table.blockStoredLength(block) < 0 || table.blockFirstRow(block) > table.blockFirstRow(block + 1)) {
                throw new AssertionError("block " + block);
            }
            table.envelope(block);
        }
        for (int row = 0; row < table.rowCount(); row++) {
            int end = table.rowPlainOffset(row) + table.rowPayloadLength(row);
            if (table.rowPlainOffset(row) < 0 || end > table.blockPlainLength(table.rowBlock(row))) {
                throw new AssertionError("row " + row);
            }
            if (table.rowRefs(row).length
                    != table.rowRefCount(row) * table.rowId(row).toBytes().length) {
                throw new AssertionError("references of row " + row);
            }
        }
    }

    private static void pack(byte[] input) throws IOException {
        walk(SamplePacks.readTable(input, "input"));
    }

    /** Any bytes behind a seal that fits, as any codec, with any length that a table may give: two bytes and three. */
    private static void block(byte[] input) throws CorruptionException {
        if (input.length < 4) {
            return;
        }
        Codec codec = Codec.of((input[0] & 0xff) % 3);
        int plainLength = ((input[1] & 0xff) | (input[2] & 0xff) << 8 | (input[3] & 0xff) << 16) % PLAIN_MAX;
        byte[] compressed = Arrays.copyOfRange(input, 4, input.length);
        byte[] aad = BlockAad.of(SamplePacks.REPOSITORY, BlockType.DATA, codec, plainLength, ENVELOPE);
        byte[] sealed = new byte[(int) Sealer.sealedLength(compressed.length)];
        new Sealer(SamplePacks.seeded(2))
                .seal(SamplePacks.keys().dataKey(ENVELOPE, "input"), aad, compressed, 0, compressed.length, sealed, 0);
        if (PackTableFormat.fits(codec, sealed.length, plainLength)) {
            PackTableBuilder builder = new PackTableBuilder(PackClass.DATA);
            builder.addEnvelope(ENVELOPE);
            byte[] none = new byte[0];
            builder.addRow(
                    io.packstone.id.ChunkId.of(new byte[32]),
                    io.packstone.id.ChunkType.DATA,
                    false,
                    plainLength,
                    none,
                    0,
                    0);
            builder.endBlock(BlockType.DATA, codec, 0, sealed.length, plainLength);
            PackTable table = PackTableFormat.decode(
                    builder.toBytes(), "input", PackTableFormat.BLOCKS_OFFSET + (long) sealed.length);
            try (BlockOpener opener = new BlockOpener(SamplePacks.keys())) {
                byte[] plain = opener.open(table, 0, sealed, 0, "input");
                if (plain.length != plainLength) {
                    throw new AssertionError(plain.length + " bytes");
                }
            }
        }
        try (BlockDecompressor decompressor = new BlockDecompressor()) {
            byte[] target = new byte[plainLength + 16];
            Arrays.fill(target, (byte) 77);
            try {
                decompressor.decompress(codec, compressed, 0, compressed.length, target, 8, plainLength, "input");
            } finally {
                for (int i = 0; i < 8; i++) {
                    if (target[i] != 77 || target[plainLength + 8 + i] != 77) {
                        throw new AssertionError("written outside of its place");
                    }
                }
            }
        }
    }
}
