package io.packstone.pack;

import io.packstone.bytes.ByteSink;
import io.packstone.compress.Codec;
import io.packstone.crypto.Envelope;
import io.packstone.crypto.Hkdf;
import io.packstone.id.RepositoryId;

/** What the seal of a block is bound to; not its place, so that it can move to another pack unopened. */
final class BlockAad {
    private BlockAad() {}

    static byte[] of(RepositoryId repository, BlockType type, Codec codec, int plainLength, Envelope envelope) {
        ByteSink sink = new ByteSink(64);
        sink.putBytes(Hkdf.info("block")).putBytes(repository.toBytes());
        sink.putByte(type.number()).putByte(codec.number()).putLong(plainLength);
        envelope.putId(sink);
        return sink.toBytes();
    }
}
