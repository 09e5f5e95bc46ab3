package io.packstone.repository.objects;

import io.packstone.backend.Backend;
import io.packstone.segment.RandomBytes;
import java.io.IOException;

/** One object of a backend, read in ranges. */
public record BackendBytes(Backend backend, String name, long length) implements RandomBytes {
    @Override
    public void read(long offset, byte[] target, int targetOffset, int count) throws IOException {
        backend.read(name, offset, target, targetOffset, count);
    }
}
