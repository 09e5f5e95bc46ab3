package io.packstone.bundle;

import io.packstone.crypto.Hmac;
import io.packstone.crypto.KeyRing;
import io.packstone.crypto.Randomness;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.List;

/** Writes a bundle from start to end. For one thread. */
final class BundleWriter {
    private final OutputStream output;
    private final KeyRing keys;
    private final byte[] id = new byte[BundleFormat.ID_LENGTH];
    private final BundleSeal seal;
    private final MessageDigest digest = Hmac.sha256();
    private long offset;
    private long sections;
    private long blocks;
    private long chunks;

    /** The stream stays the caller's to close. */
    BundleWriter(OutputStream output, KeyRing keys, Randomness randomness) {
        this.output = output;
        this.keys = keys;
        randomness.fill(id);
        seal = new BundleSeal(keys, id, randomness);
    }

    /** How many bytes were written. */
    long offset() {
        return offset;
    }

    /** How many rows that are not dead. */
    long chunks() {
        return chunks;
    }

    /** Writes what the bundle says of itself; before all else. */
    void front(byte[] plain) throws IOException {
        byte[] sealed = seal.seal(BundleSeal.Part.FRONT, 0, plain);
        write(BundleFormat.encodeOpening(keys.repository(), id, sealed.length));
        write(sealed);
    }

    /** Writes blocks and the table that says what is in them. */
    void section(byte[] table, List<byte[]> stored, long liveRows) throws IOException {
        byte[] sealed = seal.seal(BundleSeal.Part.TABLE, sections, table);
        long length = stored.stream().mapToLong(block -> block.length).sum();
        head(new BundleFormat.Head(false, sealed.length, Math.toIntExact(length)));
        write(sealed);
        for (byte[] block : stored) {
            write(block);
        }
        sections++;
        blocks += stored.size();
        chunks += liveRows;
    }

    /** Writes the end. */
    void end() throws IOException {
        byte[] plain = BundleFormat.encodeEnd(new BundleTotals(sections, blocks, chunks, offset));
        byte[] sealed = seal.seal(BundleSeal.Part.END, 0, plain);
        head(new BundleFormat.Head(true, sealed.length, 0));
        write(sealed);
        byte[] hash = digest.digest();
        output.write(hash);
        offset += hash.length;
    }

    private void head(BundleFormat.Head head) throws IOException {
        write(BundleFormat.encodeHead(head, offset));
    }

    private void write(byte[] bytes) throws IOException {
        output.write(bytes);
        digest.update(bytes);
        offset += bytes.length;
    }
}
