package io.packstone.browse;

import io.packstone.error.CorruptionException;
import io.packstone.error.ErrorKind;
import io.packstone.error.RepositoryException;
import io.packstone.id.ChunkType;
import io.packstone.manifest.BodyReader;
import io.packstone.manifest.ManifestEntry;
import io.packstone.metadata.FileType;
import io.packstone.metadata.TreePath;
import io.packstone.repository.Repository;
import io.packstone.repository.StoredSnapshot;
import java.io.IOException;
import java.io.OutputStream;

/** Writes the bytes of a file in a snapshot to a stream; each chunk is verified before it is written. */
public final class FileOutput {
    private final Repository repository;

    /** From {@code repository}, whose index must be loaded. */
    public FileOutput(Repository repository) {
        this.repository = repository;
    }

    /** Writes all bytes of the file at {@code path}; says so when there is none, or something else. */
    public void write(StoredSnapshot snapshot, TreePath path, OutputStream output) throws IOException {
        ManifestEntry entry = repository.manifests().find(snapshot.record().root(), path);
        if (entry == null || entry.metadata().type() != FileType.FILE) {
            throw new RepositoryException(
                    ErrorKind.NOT_FOUND,
                    null,
                    path + (entry == null ? " is not in" : " is no regular file in") + " snapshot "
                            + snapshot.id().toShortHex());
        }
        write(entry, output);
    }

    /** Writes all bytes of {@code entry}, a regular file. */
    public void write(ManifestEntry entry, OutputStream output) throws IOException {
        BodyReader body = new BodyReader(repository.chunks(), entry.body());
        while (body.next()) {
            byte[] payload = repository.chunks().get(body.id(), ChunkType.DATA).payload();
            if (payload.length != body.length()) {
                throw new CorruptionException(
                        "chunk " + body.id().toShortHex(), "it has another length than its file says");
            }
            output.write(payload);
        }
    }
}
