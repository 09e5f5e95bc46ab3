package io.packstone.segment;

import java.io.IOException;

/** An object read in ranges. Thread-safe. */
public interface RandomBytes {
    /** Fills {@code count} bytes of {@code target} from {@code offset} of the object; all of them or an error. */
    void read(long offset, byte[] target, int targetOffset, int count) throws IOException;

    /** The object's length in bytes. */
    long length();

    /** An object in memory; borrowed. */
    static RandomBytes of(byte[] bytes) {
        return new RandomBytes() {
            @Override
            public void read(long offset, byte[] target, int targetOffset, int count) {
                System.arraycopy(bytes, Math.toIntExact(offset), target, targetOffset, count);
            }

            @Override
            public long length() {
                return bytes.length;
            }
        };
    }
}
