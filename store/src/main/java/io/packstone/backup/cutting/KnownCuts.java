package io.packstone.backup.cutting;

import io.packstone.error.CorruptionException;
import io.packstone.error.MissingObjectException;
import io.packstone.id.ChunkId;
import io.packstone.manifest.BodyReader;
import io.packstone.manifest.ChunkSource;
import io.packstone.manifest.FileBody;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Where the parent's version of a file was cut. Where a chunk ends depends on nothing but its own bytes, so one that has the
 * id of the parent's chunk there ends where that did, and need not be gone through to find that out. Or every chunk has the same
 * length, and nothing need be known of a parent. For one thread.
 */
public final class KnownCuts {
    private @Nullable BodyReader chunks;
    private final long plainLength;
    private final int every;

    /** False after a guess that cost a hash for nothing, until a chunk of the parent's turns up again. */
    private boolean trusted = true;

    private KnownCuts(@Nullable BodyReader chunks, long plainLength, int every) {
        this.chunks = chunks;
        this.plainLength = plainLength;
        this.every = every;
    }

    /** At every multiple of {@code length}, whatever the bytes. */
    public static KnownCuts every(int length) {
        return new KnownCuts(null, 0, length);
    }

    /** Of a file that the parent does not have. */
    public static KnownCuts none() {
        return new KnownCuts(null, 0, 0);
    }

    /** Those of {@code body} at and after the offset {@code from}; recipes are read from {@code source} when it comes to them. */
    public static KnownCuts of(FileBody body, ChunkSource source, long from) throws IOException {
        KnownCuts cuts = new KnownCuts(new BodyReader(source, body), body.plainLength(), 0);
        cuts.seek(from);
        return cuts;
    }

    /** How long every chunk is but the last; 0 when that depends on the bytes. */
    public int every() {
        return every;
    }

    private interface Step {
        boolean run(BodyReader reader) throws IOException;
    }

    private void seek(long from) throws IOException {
        read(reader -> {
            reader.seek(from);
            return reader.next();
        });
    }

    /** Damage to the parent's recipes is for {@code check} to tell: here it only costs time. */
    private void read(Step step) throws IOException {
        BodyReader reader = chunks;
        try {
            if (reader != null && !step.run(reader)) {
                chunks = null;
            }
        } catch (CorruptionException | MissingObjectException e) {
            chunks = null;
        }
    }

    /**
     * How long the chunk at {@code offset} is if its bytes are the parent's; -1 when there is nothing to go by.
     *
     * @param available how many bytes of a chunk there can be
     * @param last whether the file ends after those
     */
    public int guess(long offset, int available, boolean last) throws IOException {
        while (chunks != null && chunks.offset() < offset) {
            read(BodyReader::next);
        }
        if (!trusted || chunks == null || chunks.offset() != offset || chunks.length() > available) {
            return -1;
        }
        // The parent's last chunk was cut by the end of the file, so it says nothing where that is not the end.
        boolean wasLast = offset + chunks.length() == plainLength;
        return wasLast && !(last && chunks.length() == available) ? -1 : chunks.length();
    }

    /** True when that is the parent's chunk at the offset last asked for. */
    public boolean isNext(ChunkId id) {
        return chunks != null && chunks.id().equals(id);
    }

    /** Says what the chunk at the offset last asked for was. */
    public void tell(boolean wasting, boolean same) {
        trusted = same || trusted && !wasting;
    }
}
