package io.packstone.fuzz;

import io.packstone.bundle.BundleFuzz;
import io.packstone.format.FormatFuzz;
import io.packstone.keyslot.KeyFuzz;
import io.packstone.maintenance.retention.TimeSpan;
import io.packstone.manifest.NodeFuzz;
import io.packstone.pack.PackFuzz;
import io.packstone.parity.ParityFuzz;
import io.packstone.segment.SegmentFuzz;
import io.packstone.snapshot.SnapshotFuzz;
import io.packstone.source.rules.PatternFuzz;
import io.packstone.testkit.FuzzTarget;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.TreeMap;

/** All targets, and what each input is run under. */
final class FuzzTargets {
    /** An input of a few kilobytes may cost so many bytes of memory, whatever it says. */
    private static final long ALLOCATION_MAX = 64 << 20;

    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    private FuzzTargets() {}

    static Map<String, FuzzTarget> all() {
        Map<String, FuzzTarget> all = new TreeMap<>();
        all.putAll(FormatFuzz.targets());
        all.putAll(PackFuzz.targets());
        all.putAll(SegmentFuzz.targets());
        all.putAll(SnapshotFuzz.targets());
        all.putAll(NodeFuzz.targets());
        all.putAll(KeyFuzz.targets());
        all.putAll(ParityFuzz.targets());
        all.putAll(BundleFuzz.targets());
        all.putAll(PatternFuzz.targets());
        all.put("time-span", FuzzTarget.typed(FuzzTargets::timeSpan));
        return all;
    }

    /** Valid inputs to begin with; targets without one begin with nothing. */
    static Map<String, byte[]> seeds() throws IOException {
        Map<String, byte[]> seeds = new TreeMap<>();
        seeds.putAll(FormatFuzz.seeds());
        seeds.putAll(PackFuzz.seeds());
        seeds.putAll(SegmentFuzz.seeds());
        seeds.putAll(SnapshotFuzz.seeds());
        seeds.putAll(NodeFuzz.seeds());
        seeds.putAll(KeyFuzz.seeds());
        seeds.putAll(ParityFuzz.seeds());
        seeds.putAll(BundleFuzz.seeds());
        seeds.putAll(PatternFuzz.seeds());
        seeds.put("time-span", "1y6m3w2d12h5min7s".getBytes(StandardCharsets.UTF_8));
        return seeds;
    }

    private static void timeSpan(byte[] input) {
        TimeSpan span = TimeSpan.parse(new String(input, StandardCharsets.UTF_8));
        Instant now = Instant.ofEpochSecond(1_700_000_000);
        if (span.before(now, ZoneOffset.UTC).isAfter(now)) {
            throw new AssertionError(span.toString());
        }
    }

    /** Runs one input; any other exception than a refusal is thrown, and too much memory is an error. */
    static void run(FuzzTarget target, byte[] input) throws Exception {
        long allocated = allocated(target, input);
        for (int again = 0; again < 2 && allocated > ALLOCATION_MAX; again++) {
            allocated = allocated(target, input); // The first time, classes are loaded.
        }
        if (allocated > ALLOCATION_MAX) {
            throw new AssertionError(allocated + " bytes of memory for an input of " + input.length);
        }
    }

    private static long allocated(FuzzTarget target, byte[] input) throws Exception {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        target.run(input);
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }
}
