package io.packstone.house;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The checkout that the tests run in: where it is, and which files people wrote in it. */
final class Checkout {
    private static final Set<String> NOT_OURS =
            Set.of("target", ".git", ".idea", ".settings", ".vscode", "node_modules");

    private Checkout() {}

    /** The folder that holds the launcher and the modules. */
    static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("packstone")) || !Files.isDirectory(folder.resolve("store"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new IllegalStateException("run the tests inside a checkout");
            }
        }
        return folder;
    }

    /** Every regular file below the root that is not built, relative to it and sorted. */
    static List<Path> files() throws IOException {
        Path root = root();
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                boolean skip = NOT_OURS.contains(folder.getFileName().toString());
                return skip ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile() && !file.getFileName().toString().equals(".git")) {
                    files.add(root.relativize(file));
                }
                return FileVisitResult.CONTINUE;
            }
        });
        files.sort(null);
        return files;
    }

    /** A file's text; {@code file} is relative to the root. */
    static String text(Path file) throws IOException {
        return Files.readString(root().resolve(file), StandardCharsets.UTF_8);
    }

    /** Whether {@code file} is Java that ships, not a test. */
    static boolean isMain(Path file) {
        return file.getNameCount() > 3 && file.subpath(1, 3).equals(Path.of("src/main"));
    }
}
