package io.packstone.bundle;

import io.packstone.bytes.ByteSink;
import io.packstone.bytes.Crc32c;
import io.packstone.bytes.LittleEndian;
import io.packstone.pack.SamplePacks;
import io.packstone.testkit.FuzzTarget;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;

/** Parsers of bundles: whole ones, and each part as anybody with the keys could make it. */
public final class BundleFuzz {
    private BundleFuzz() {}

    /** By name. */
    public static Map<String, FuzzTarget> targets() {
        return Map.of(
                "bundle", BundleFuzz::bundle,
                "bundle-opening", BundleFuzz::opening,
                "bundle-head", BundleFuzz::head,
                "bundle-sealed", BundleFuzz::sealed,
                "bundle-front-plain", BundleFuzz::front,
                "bundle-end-plain", BundleFuzz::end);
    }

    /** A valid input for each of them. */
    public static Map<String, byte[]> seeds() throws IOException {
        byte[] golden = SamplePacks.golden(BundleFuzz.class, "bundle.hex");
        byte[] record = SamplePacks.golden(io.packstone.snapshot.SnapshotRecord.class, "record.hex");
        return Map.of(
                "bundle", golden,
                "bundle-opening", Arrays.copyOf(golden, BundleFormat.OPENING_LENGTH),
                "bundle-head", BundleFormat.encodeHead(new BundleFormat.Head(false, 200, 5000), 77),
                "bundle-sealed", BundleSamples.read(golden).tables().get(0).plainBytes(),
                "bundle-front-plain",
                        BundleFormat.encodeFront(
                                BundleKind.FULL, record, new byte[0], java.util.List.of("t"), "program"),
                "bundle-end-plain", BundleFormat.encodeEnd(new BundleTotals(1, 2, 3, 4)));
    }

    private static void bundle(byte[] input) throws IOException {
        BundleSamples.read(input);
    }

    /** Any bytes behind a checksum that fits. */
    private static void opening(byte[] input) throws IOException {
        byte[] bytes = Arrays.copyOf(input, BundleFormat.OPENING_LENGTH);
        LittleEndian.putInt(bytes, 28, Crc32c.of(bytes, 0, 28));
        LittleEndian.putInt(bytes, bytes.length - 4, Crc32c.of(bytes, 0, bytes.length - 4));
        BundleFormat.Opening opening = BundleFormat.decodeOpening(bytes, "input");
        FuzzTarget.same(bytes, BundleFormat.encodeOpening(opening.repository(), opening.id(), opening.frontLength()));
        BundleSamples.read(bytes);
    }

    private static void head(byte[] input) throws IOException {
        byte[] bytes = Arrays.copyOf(input, BundleFormat.HEAD_LENGTH);
        LittleEndian.putInt(bytes, bytes.length - 4, Crc32c.of(bytes, 0, bytes.length - 4));
        long offset = LittleEndian.getLong(bytes, 8);
        FuzzTarget.same(bytes, BundleFormat.encodeHead(BundleFormat.decodeHead(bytes, offset, "input"), offset));
    }

    /** Any table behind a seal that fits, in a bundle that ends there. */
    private static void sealed(byte[] input) throws IOException {
        byte[] id = new byte[BundleFormat.ID_LENGTH];
        BundleSeal seal = new BundleSeal(SamplePacks.keys(), id, SamplePacks.seeded(1));
        byte[] record = SamplePacks.golden(io.packstone.snapshot.SnapshotRecord.class, "record.hex");
        byte[] front = seal.seal(
                BundleSeal.Part.FRONT,
                0,
                BundleFormat.encodeFront(BundleKind.FULL, record, new byte[0], java.util.List.of(), "program"));
        byte[] table = seal.seal(BundleSeal.Part.TABLE, 0, input);
        ByteSink sink = new ByteSink(1024);
        sink.putBytes(BundleFormat.encodeOpening(SamplePacks.REPOSITORY, id, front.length))
                .putBytes(front);
        sink.putBytes(BundleFormat.encodeHead(
                new BundleFormat.Head(false, table.length, input.length * 100 % (64 << 20)), sink.length()));
        try {
            BundleSamples.read(sink.putBytes(table).toBytes());
        } catch (io.packstone.error.CorruptionException e) {
            return; // Its blocks are missing.
        }
        throw new AssertionError("a bundle without an end");
    }

    private static void front(byte[] input) throws IOException {
        BundleFront front = BundleFormat.decodeFront(input, "input", SamplePacks.keys());
        if ((front.base() == null) != (front.kind() == BundleKind.FULL)) {
            throw new AssertionError(front.toString());
        }
    }

    private static void end(byte[] input) throws IOException {
        FuzzTarget.same(input, BundleFormat.encodeEnd(BundleFormat.decodeEnd(input, "input")));
    }
}
