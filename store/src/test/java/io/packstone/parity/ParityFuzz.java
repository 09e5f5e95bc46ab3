package io.packstone.parity;

import io.packstone.bytes.Crc32c;
import io.packstone.bytes.LittleEndian;
import io.packstone.id.ObjectHash;
import io.packstone.pack.SamplePacks;
import io.packstone.segment.RandomBytes;
import io.packstone.testkit.FuzzTarget;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;

/** Parsers of sidecars, as they are and with a checksum that fits in the first summary. */
public final class ParityFuzz {
    private ParityFuzz() {}

    /** By name. */
    public static Map<String, FuzzTarget> targets() {
        return Map.of("sidecar", ParityFuzz::sidecar, "sidecar-summary", ParityFuzz::summary);
    }

    /** A valid input for each of them. */
    public static Map<String, byte[]> seeds() throws IOException {
        byte[] sidecar = SamplePacks.golden(ParityFuzz.class, "sidecar.hex");
        return Map.of("sidecar", sidecar, "sidecar-summary", sidecar);
    }

    private static void sidecar(byte[] input) throws IOException {
        SidecarFormat.Summary found = SidecarFormat.find(input);
        if (found == null) {
            return;
        }
        Sidecar sidecar = Sidecar.of(input, found.object(), "input");
        ParityGeometry geometry = sidecar.geometry();
        for (int cell = 0; cell < Math.min(1000, geometry.dataCells()); cell++) {
            sidecar.hasChecksum(cell, 0);
        }
        for (int row = 0; row < geometry.parityShards(); row++) {
            for (int column = 0; column < Math.min(100, geometry.columns()); column++) {
                sidecar.hasParity(row, column);
            }
        }
        sidecar.hasParity(geometry.parityShards() - 1, geometry.columns() - 1);
        Sidecar.verify(RandomBytes.of(input), found.object(), SamplePacks.REPOSITORY, "input");
    }

    private static void summary(byte[] input) throws IOException {
        byte[] bytes = Arrays.copyOf(input, Math.max(input.length, SidecarFormat.firstTable()));
        byte[] magic = SidecarFormat.encode(new SidecarFormat.Summary(
                io.packstone.format.FrameKind.PACK, ObjectHash.of(new byte[32], 0), ParityGeometry.of(1000)));
        System.arraycopy(SidecarFormat.header(SamplePacks.REPOSITORY), 0, bytes, 0, SidecarFormat.firstSummary());
        System.arraycopy(magic, 0, bytes, SidecarFormat.firstSummary(), 8);
        int at = SidecarFormat.firstSummary() + SidecarFormat.SUMMARY_LENGTH - 4;
        LittleEndian.putInt(bytes, at, crc(bytes));
        sidecar(bytes);
    }

    private static int crc(byte[] bytes) {
        return Crc32c.of(bytes, SidecarFormat.firstSummary(), SidecarFormat.SUMMARY_LENGTH - 4);
    }
}
