package io.packstone.compress;

import net.jpountz.lz4.LZ4Factory;

/**
 * Finds the LZ4 to use: the native one wherever it loads. The library's own choice leaves it out under any class loader
 * but the system's, and the Java one is several times slower.
 */
final class Lz4 {
    private Lz4() {}

    static LZ4Factory factory() {
        try {
            return LZ4Factory.nativeInstance();
        } catch (LinkageError | AssertionError e) {
            // For another processor, or no room to unpack it: the Java one writes the same format.
            return LZ4Factory.fastestJavaInstance();
        }
    }
}
