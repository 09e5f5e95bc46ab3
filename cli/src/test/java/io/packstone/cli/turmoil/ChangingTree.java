package io.packstone.cli.turmoil;

import io.packstone.endtoend.Workplace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;

/**
 * A small tree that changes: most files get what another file, here or in a tree with the same pool, has or had, so that
 * chunks which a prune is about to delete are needed again. For one thread.
 */
final class ChangingTree {
    private static final int FILES = 24;
    private static final int FOLDERS = 3;
    private static final int POOL = 30;
    private static final int LENGTH_MAX = 150_000;
    private static final int CHANGES_MAX = 6;

    private final Path root;
    private final long pool;
    private final Random random;

    /** Makes one in {@code root}, which is not there yet. */
    ChangingTree(Path root, long pool, long seed) throws IOException {
        this.root = root;
        this.pool = pool;
        random = new Random(seed);
        for (int folder = 0; folder < FOLDERS; folder++) {
            Files.createDirectories(root.resolve("d" + folder));
        }
        for (int i = 0; i < FILES; i++) {
            write(i);
        }
    }

    Path root() {
        return root;
    }

    private void write(int number) throws IOException {
        boolean shared = random.nextInt(4) > 0;
        Random content = new Random(shared ? pool * POOL + random.nextInt(POOL) : random.nextLong());
        byte[] bytes = new byte[1 + content.nextInt(LENGTH_MAX)];
        content.nextBytes(bytes);
        Files.write(file(number), bytes);
    }

    private Path file(int number) {
        return root.resolve("d" + number % FOLDERS).resolve("f" + number);
    }

    /** Rewrites, removes and brings back some files. */
    void change() throws IOException {
        for (int i = random.nextInt(CHANGES_MAX); i >= 0; i--) {
            int number = random.nextInt(FILES);
            if (random.nextInt(6) == 0) {
                Files.deleteIfExists(file(number));
            } else {
                write(number);
            }
        }
    }

    /** What a restore of it must bring back. */
    Map<String, String> describe() throws IOException {
        return Workplace.describe(root);
    }
}
