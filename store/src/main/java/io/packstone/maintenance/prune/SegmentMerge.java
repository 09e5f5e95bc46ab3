package io.packstone.maintenance.prune;

import io.packstone.backend.ObjectNames;
import io.packstone.crypto.Hmac;
import io.packstone.error.CorruptionException;
import io.packstone.error.StoreException;
import io.packstone.id.PackId;
import io.packstone.id.SegmentId;
import io.packstone.repository.Repository;
import io.packstone.segment.RandomBytes;
import io.packstone.segment.SegmentBuilder;
import io.packstone.segment.SegmentReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts segments without some packs in the place of those that speak of them, and few segments in the place of many short
 * ones. The old ones are deleted only after the new ones were seen to say the same, table for table and byte for byte, but
 * for the packs dropped. For one thread.
 */
final class SegmentMerge {
    private static final long SHORT_LENGTH = 1 << 20;
    private static final int SHORT_MAX = 16;
    private static final long ROWS_MAX = 400_000;
    private static final long BYTES_MAX = 24 << 20;

    private final Repository repository;
    private final Set<PackId> dropped;
    private final Map<PackId, byte[]> written = new HashMap<>();
    private SegmentBuilder builder;
    private long rows;
    private long bytes;

    /** {@code dropped} are the packs that no segment is to speak of any more. */
    SegmentMerge(Repository repository, Set<PackId> dropped) {
        this.repository = repository;
        this.dropped = dropped;
        builder = new SegmentBuilder(repository.keys(), repository.randomness());
    }

    /** Merges; does nothing when no segment speaks of a dropped pack and few are short. */
    void run() throws IOException {
        Map<SegmentId, Long> all = repository.loader().listSegments();
        List<SegmentId> copied = new ArrayList<>();
        List<SegmentId> shortOnes = new ArrayList<>();
        for (Map.Entry<SegmentId, Long> entry : all.entrySet()) {
            boolean isShort = entry.getValue() < SHORT_LENGTH;
            SegmentReader segment = dropped.isEmpty() ? null : open(entry.getKey(), entry.getValue());
            if (segment != null && speaksOfDropped(segment)) {
                copy(segment);
                copied.add(entry.getKey());
            } else if (isShort) {
                shortOnes.add(entry.getKey());
            }
        }
        if (shortOnes.size() > SHORT_MAX) {
            for (SegmentId id : shortOnes) {
                SegmentReader segment = open(id, all.get(id));
                if (segment != null) {
                    copy(segment);
                    copied.add(id);
                }
            }
        }
        put();
        for (SegmentId id : copied) {
            if (isElsewhere(id, all.get(id))) {
                repository.backend().delete(ObjectNames.segment(id));
                repository.index().forgetSegment(id);
            }
        }
        for (PackId pack : dropped) {
            repository.index().removePack(pack);
        }
    }

    private boolean speaksOfDropped(SegmentReader segment) throws IOException {
        for (int i = 0; i < segment.tableCount() && !dropped.isEmpty(); i++) {
            if (dropped.contains(segment.run(i).pack())) {
                return true;
            }
        }
        return false;
    }

    /** Null for a segment that is gone or damaged: it is left alone, and check tells of it. */
    private @Nullable SegmentReader open(SegmentId id, long length) throws IOException {
        try {
            SegmentReader segment = repository.loader().open(id, length);
            for (int i = 0; i < segment.tableCount(); i++) {
                segment.run(i);
            }
            return segment;
        } catch (StoreException e) {
            if (Repacking.isOfOnePack(e)) {
                return null;
            }
            throw e;
        }
    }

    private void copy(SegmentReader segment) throws IOException {
        for (int i = 0; i < segment.tableCount(); i++) {
            SegmentReader.Run run = segment.run(i);
            if (dropped.contains(run.pack()) || written.containsKey(run.pack())) {
                continue;
            }
            long added = run.table().plainBytes().length;
            if (builder.isFull() || rows + run.table().rowCount() > ROWS_MAX || bytes + added > BYTES_MAX) {
                put();
            }
            builder.add(run.pack(), run.packLength(), run.table());
            written.put(run.pack(), digest(run));
            rows += run.table().rowCount();
            bytes += added;
        }
    }

    private static byte[] digest(SegmentReader.Run run) {
        byte[] plain = run.table().plainBytes();
        byte[] both = Arrays.copyOf(Hmac.sha256(plain, 0, plain.length), 40);
        for (int i = 0; i < 8; i++) {
            both[32 + i] = (byte) (run.packLength() >>> 8 * i);
        }
        return both;
    }

    /** Puts what was gathered, after it was opened again and found to be that. */
    private void put() throws IOException {
        if (builder.tableCount() == 0) {
            return;
        }
        int tables = builder.tableCount();
        byte[] segment = builder.toBytes();
        SegmentId id = SegmentId.of(Hmac.sha256(segment, 0, segment.length));
        SegmentReader read = SegmentReader.open(RandomBytes.of(segment), repository.keys(), "a merged index segment");
        read.verifyAll();
        Set<PackId> seen = new HashSet<>();
        for (int i = 0; i < read.tableCount(); i++) {
            SegmentReader.Run run = read.run(i);
            if (!Arrays.equals(written.get(run.pack()), digest(run)) || !seen.add(run.pack())) {
                throw new CorruptionException("a merged index segment", "it does not say what was put in");
            }
        }
        if (seen.size() != tables) {
            throw new CorruptionException("a merged index segment", "it lacks what was put in");
        }
        repository.putSegment(id, segment);
        repository.index().addSegment(id, read);
        builder = new SegmentBuilder(repository.keys(), repository.randomness());
        rows = 0;
        bytes = 0;
    }

    /** The set check: everything that the old segment says, read afresh, was put elsewhere, or is dropped. */
    private boolean isElsewhere(SegmentId id, long length) throws IOException {
        SegmentReader old = open(id, length);
        for (int i = 0; old != null && i < old.tableCount(); i++) {
            SegmentReader.Run run = old.run(i);
            if (!dropped.contains(run.pack()) && !Arrays.equals(written.get(run.pack()), digest(run))) {
                throw new CorruptionException(
                        ObjectNames.segment(id), "the segments that were to take its place do not say what it says");
            }
        }
        return old != null;
    }
}
