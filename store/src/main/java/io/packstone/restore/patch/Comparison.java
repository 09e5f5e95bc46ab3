package io.packstone.restore.patch;

import io.packstone.crypto.ChunkHasher;
import io.packstone.crypto.SecretKey;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.manifest.BodyReader;
import io.packstone.manifest.ChunkSource;
import io.packstone.manifest.ManifestEntry;
import io.packstone.posix.FileHandle;
import io.packstone.posix.PosixException;
import io.packstone.restore.work.Workers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Which chunks of a file differ from what is at their place in another one; read by several threads at once. It takes one bit
 * for each chunk.
 */
public final class Comparison {
    private static final byte[] NO_REFS = new byte[0];
    private static final int PIECE = 16 << 20;

    private final FileHandle old;
    private final long oldLength;
    private final BitSet differing = new BitSet();
    private long bytesDiffering;
    private long bytesToSave;
    private long bytesNeeded;
    private long bytesFitting;
    private boolean complete = true;
    private int running;
    private boolean ended;

    /** One chunk: the number of it, and whether it lies in a hole. */
    private record Place(int index, ChunkId id, long offset, int length, boolean hole) {}

    private Comparison(FileHandle old, long oldLength) {
        this.old = old;
        this.oldLength = oldLength;
    }

    /**
     * Compares; for the thread that hands out work, and waits until all of it is done.
     *
     * @param differingMax gives up when more bytes differ
     */
    public static Comparison of(
            ManifestEntry entry,
            ChunkSource chunks,
            SecretKey idKey,
            FileHandle old,
            long oldLength,
            long differingMax,
            Workers workers)
            throws IOException {
        Comparison comparison = new Comparison(old, oldLength);
        try {
            comparison.run(entry, chunks, idKey, differingMax, workers);
        } finally {
            comparison.end();
        }
        return comparison;
    }

    private void run(ManifestEntry entry, ChunkSource chunks, SecretKey idKey, long differingMax, Workers workers)
            throws IOException {
        ChunkHasher hasher = new ChunkHasher(idKey);
        BodyReader body = new BodyReader(chunks, entry.body());
        List<Place> places = new ArrayList<>();
        long bytes = 0;
        int index = 0;
        while (body.next() && !isOver(differingMax)) {
            places.add(new Place(index++, body.id(), body.offset(), body.length(), isHole(entry, body, hasher)));
            bytes += body.length();
            if (bytes >= PIECE) {
                submit(places, idKey, workers);
                places = new ArrayList<>();
                bytes = 0;
            }
        }
        submit(places, idKey, workers);
        workers.await();
        isOver(differingMax);
    }

    /**
     * True when the current chunk of {@code body} is in a hole, so that it is neither fetched nor written; and is zeros
     * indeed: a manifest that says otherwise is not believed.
     */
    public static boolean isHole(ManifestEntry entry, BodyReader body, ChunkHasher hasher) {
        return !entry.holes().isEmpty()
                && entry.holes().cover(body.offset(), body.offset() + body.length())
                && body.id().equals(hasher.idOfZeros(body.length()));
    }

    private synchronized boolean isOver(long differingMax) {
        complete &= bytesDiffering <= differingMax;
        return !complete;
    }

    private void submit(List<Place> places, SecretKey idKey, Workers workers) throws IOException {
        workers.submit(batch -> () -> {
            if (enter()) {
                try {
                    compare(places, new ChunkHasher(idKey), workers);
                } catch (PosixException e) {
                    giveUp();
                } finally {
                    leave();
                }
            }
        });
    }

    private void compare(List<Place> places, ChunkHasher hasher, Workers workers) throws PosixException {
        byte[] buffer = new byte[0];
        for (Place place : places) {
            if (workers.isStopped()) {
                return;
            }
            buffer = buffer.length < place.length() ? new byte[place.length()] : buffer;
            note(place, !fits(place, buffer, hasher));
        }
    }

    private synchronized boolean enter() {
        running += ended ? 0 : 1;
        return !ended;
    }

    private synchronized void leave() {
        running--;
        notifyAll();
    }

    /** Waits for those that still read, since the file is closed next; after a failure that may be some. */
    private synchronized void end() {
        ended = true;
        boolean interrupted = false;
        while (running > 0) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean fits(Place place, byte[] buffer, ChunkHasher hasher) throws PosixException {
        int length = place.length();
        return place.offset() + length <= oldLength
                && old.read(place.offset(), buffer, 0, length) == length
                && hasher.id(ChunkType.DATA, NO_REFS, 0, buffer, 0, length).equals(place.id());
    }

    private synchronized void note(Place place, boolean differs) {
        if (differs) {
            differing.set(place.index());
            bytesDiffering += place.length();
            bytesToSave += Math.max(0, Math.min(oldLength, place.offset() + place.length()) - place.offset());
            bytesNeeded += place.hole() ? 0 : place.length();
        } else {
            bytesFitting += place.hole() ? 0 : place.length();
        }
    }

    private synchronized void giveUp() {
        complete = false;
    }

    /** False when too much differs or the other file can't be read; then the rest says nothing. */
    public synchronized boolean isComplete() {
        return complete;
    }

    /** True when the chunk with this number, from 0, differs. */
    public synchronized boolean differs(int index) {
        return differing.get(index);
    }

    /** True when no chunk differs. */
    public synchronized boolean isSame() {
        return complete && differing.isEmpty();
    }

    /** Bytes of chunks that differ and are to be fetched: those in holes are not. */
    public synchronized long bytesNeeded() {
        return bytesNeeded;
    }

    /** Bytes of the other file that chunks which differ would overwrite. */
    public synchronized long bytesToSave() {
        return bytesToSave;
    }

    /** Bytes of chunks that fit, those in holes not counted. */
    public synchronized long bytesFitting() {
        return bytesFitting;
    }
}
