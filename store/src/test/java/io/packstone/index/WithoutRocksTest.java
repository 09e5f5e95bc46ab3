package io.packstone.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.packstone.testkit.ClassPath;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** The index in plain Java works where RocksDB is not on the class path. */
class WithoutRocksTest {
    /** Runs in a class loader that has everything but RocksDB. */
    public static final class Inside implements Callable<Integer> {
        /** Found by its class loader. */
        public Inside() {}

        @Override
        public Integer call() throws IOException {
            SyntheticPacks make = new SyntheticPacks(1);
            SyntheticPacks.Pack pack = make.pack(make.rows(300));
            SyntheticPacks.Segment segment = make.segment(List.of(pack));
            PendingChunks pending = new PendingChunks();
            int found = 0;
            try (ChunkIndex index = new SegmentIndex()) {
                index.addSegment(segment.id(), make.open(segment));
                for (int row = 0; row < 300; row++) {
                    pending.claim(pack.table().rowId(row));
                    found += index.find(pack.table().rowId(row), pack.table().rowType(row)) == null ? 0 : 1;
                }
            }
            return found + pending.count();
        }
    }

    @Test
    void findsWithNoClassOfRocksDb() throws Exception {
        URL[] classPath = ClassPath.entries().stream()
                .filter(entry -> !entry.getPath().contains("rocksdb"))
                .toArray(URL[]::new);
        try (URLClassLoader loader = new URLClassLoader(classPath, ClassLoader.getPlatformClassLoader())) {
            assertThrows(ClassNotFoundException.class, () -> loader.loadClass("org.rocksdb.RocksDB"));
            Object inside =
                    loader.loadClass(Inside.class.getName()).getConstructor().newInstance();
            assertEquals(600, inside.getClass().getMethod("call").invoke(inside));
        } catch (InvocationTargetException e) {
            throw new AssertionError(e.getCause());
        }
    }
}
