package io.packstone.manifest;

import io.packstone.bytes.ByteSink;
import io.packstone.crypto.BoundaryHash;
import io.packstone.metadata.RawName;
import io.packstone.metadata.TreePath;

/** The encoded keys of entries and their digests, which decide where nodes end. For one thread. */
final class NodeKeys {
    /** Computes the digest of a key; a seam for tests of unlucky keys. */
    interface Digest {
        void digest(byte[] key, int offset, int length, byte[] target);
    }

    private final Digest digest;
    private final ByteSink key = new ByteSink(256);

    NodeKeys(BoundaryHash hash) {
        this(hash::digest);
    }

    NodeKeys(Digest digest) {
        this.digest = digest;
    }

    /** Each component of the directory and a zero byte, another zero byte, the name: bytewise order is tree order. */
    byte[] digest(TreePath path) {
        key.clear();
        RawName directory = path.directory();
        for (int i = 0; i < directory.length(); i++) {
            key.putByte(directory.at(i) == '/' ? 0 : directory.at(i));
        }
        if (directory.length() > 0) {
            key.putByte(0);
        }
        key.putByte(0).putBytes(path.name().array());
        byte[] result = new byte[32];
        digest.digest(key.array(), 0, key.length(), result);
        return result;
    }
}
