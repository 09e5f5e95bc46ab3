package io.packstone.index;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * Copies a database that another process may be writing, as it is at one moment: its sorted files, which never change,
 * get second names, its logs and the manifest are copied. A copy is good when the same files were there before and after
 * and the manifest had not grown: then nothing but the last log changed, and of that any first part will do.
 *
 * <p>Opening the very files that are being written is no way: RocksDB reads the manifest first and the logs after, so
 * that what was written between comes to half, and it crashed where columns were dropped meanwhile.
 */
final class DatabaseCopy {
    private static final int ATTEMPTS = 5;
    private static final String CURRENT = "CURRENT";
    private static final String MANIFEST = "MANIFEST-";
    private static final String LOG = ".log";
    private static final String SORTED = ".sst";

    private DatabaseCopy() {}

    /**
     * Copies {@code database} into {@code folder}, which is made; false when it was changed each time while it was copied,
     * or when this file system gives no second names. What was copied in vain is left to the owner of the folder.
     */
    static boolean make(Path database, Path folder) throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            IndexFolder.delete(folder);
            Files.createDirectories(folder);
            try {
                if (tryMake(database, folder)) {
                    return true;
                }
            } catch (NoSuchFileException e) {
                continue; // Deleted since it was listed: the next list is newer.
            } catch (UnsupportedOperationException e) {
                return false;
            }
        }
        return false;
    }

    private static boolean tryMake(Path database, Path folder) throws IOException {
        Map<String, Long> before = list(database);
        for (String name : before.keySet()) {
            if (name.endsWith(SORTED)) {
                Files.createLink(folder.resolve(name), database.resolve(name));
            } else {
                Files.copy(database.resolve(name), folder.resolve(name));
            }
        }
        return list(database).equals(before)
                && Files.readString(folder.resolve(CURRENT)).equals(Files.readString(database.resolve(CURRENT)));
    }

    /** The files that make up the database, in the order of their numbers; lengths of those whose growth is a change. */
    private static Map<String, Long> list(Path database) throws IOException {
        Map<String, Long> files = new TreeMap<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(database)) {
            for (Path file : all) {
                String name = String.valueOf(file.getFileName());
                if (name.startsWith(MANIFEST)) {
                    files.put(name, Files.size(file));
                } else if (name.equals(CURRENT) || name.endsWith(LOG) || name.endsWith(SORTED)) {
                    files.put(name, -1L);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return files;
    }
}
