package io.packstone.restore;

import io.packstone.format.CborWriter;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.metadata.FileType;
import io.packstone.metadata.RawName;
import io.packstone.repository.CommitOutcome;
import io.packstone.repository.Repository;
import io.packstone.repository.StoredSnapshot;
import io.packstone.repository.WriteSession;
import io.packstone.snapshot.SnapshotRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A manifest as whoever has the right key may write it: node for node as bytes, so that it may say what no builder would.
 * Snapshots of it are as authentic as any.
 */
public final class WickedManifest {
    private static final int INODE = 77;

    private final List<Run> runs = new ArrayList<>();

    /** The entries of one directory, in the order given. */
    private record Run(byte[] directory, List<Line> lines) {}

    /**
     * One entry.
     *
     * @param chunk that a body refers to; null for a body of no chunk
     * @param length what the entry says of that chunk
     * @param bodied whether it has a body, which only files may have
     * @param names how many names it says that it has; they are one inode for all
     */
    public record Line(
            byte[] name,
            FileType type,
            @Nullable ChunkId chunk,
            long length,
            boolean bodied,
            byte[] linkTarget,
            int names) {
        /** An entry of that name. */
        public static Line folder(String name) {
            return new Line(utf8(name), FileType.DIRECTORY, null, 0, false, new byte[0], 1);
        }

        /** An entry of that name. */
        public static Line link(String name, String target) {
            return new Line(utf8(name), FileType.SYMLINK, null, 0, false, utf8(target), 1);
        }

        /** An entry of that name. */
        public static Line file(String name, ChunkId chunk, long length) {
            return file(utf8(name), chunk, length);
        }

        static Line file(byte[] name, ChunkId chunk, long length) {
            return new Line(name, FileType.FILE, chunk, length, true, new byte[0], 1);
        }

        Line withNames(int count) {
            return new Line(name, type, chunk, length, bodied, linkTarget, count);
        }

        Line withType(FileType other) {
            return new Line(name, other, chunk, length, bodied, linkTarget, names);
        }
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Adds entries of {@code directory}, whose path has no slash at its beginning. */
    public WickedManifest in(String directory, Line... lines) {
        return in(utf8(directory), lines);
    }

    WickedManifest in(byte[] directory, Line... lines) {
        runs.add(new Run(directory, List.of(lines)));
        return this;
    }

    /** Commits it as a snapshot with the record of {@code like} but for its root and its paths. */
    public StoredSnapshot commit(Repository repository, SnapshotRecord like, List<RawName> paths) throws IOException {
        ByteArrayOutputStream refs = new ByteArrayOutputStream();
        byte[] payload = leaf(refs);
        try (WriteSession session = repository.loadIndex().begin(repository.compression())) {
            ChunkId root = session.nodes()
                    .put(ChunkType.NODE, refs.toByteArray(), refs.size() / ChunkId.LENGTH, payload, payload.length);
            CommitOutcome outcome = session.commit(record(like, root, paths));
            return repository.snapshots().list().snapshots().stream()
                    .filter(stored -> stored.id().equals(Objects.requireNonNull(outcome.snapshot())))
                    .findAny()
                    .orElseThrow();
        }
    }

    private static SnapshotRecord record(SnapshotRecord like, ChunkId root, List<RawName> paths) {
        return new SnapshotRecord(
                root,
                null,
                List.of(),
                like.order(),
                null,
                like.time(),
                like.host(),
                like.user(),
                paths,
                like.tags(),
                like.strategy(),
                SnapshotRecord.COMPLETE,
                List.of(),
                0,
                like.counts(),
                like.options(),
                like.consistency(),
                like.program());
    }

    private byte[] leaf(ByteArrayOutputStream refs) {
        CborWriter cbor = new CborWriter();
        cbor.array(3).integer(0);
        cbor.array(1).array(4).integer(0).text("").integer(0).text("").end().end();
        cbor.array(runs.size());
        for (Run run : runs) {
            cbor.array(2).bytes(run.directory()).array(run.lines().size());
            run.lines().forEach(line -> write(cbor, line, refs));
            cbor.end().end();
        }
        return cbor.end().end().toBytes();
    }

    private static void write(CborWriter cbor, Line line, ByteArrayOutputStream refs) {
        boolean more = line.linkTarget().length > 0 || line.names() > 1;
        cbor.array(more ? 13 : 12).bytes(line.name()).integer(line.type().number());
        cbor.integer(line.type() == FileType.DIRECTORY ? 0755 : 0644).integer(0);
        cbor.integer(1_500_000_000).integer(0).integer(line.length());
        cbor.integer(INODE).integer(1).integer(1_500_000_000).integer(0);
        if (line.bodied()) {
            cbor.array(3).integer(0).integer(0).array(line.chunk() == null ? 0 : 1);
            if (line.chunk() != null) {
                cbor.integer(line.length());
                refs.writeBytes(line.chunk().toBytes());
            }
            cbor.end().end();
        } else {
            cbor.nothing();
        }
        if (more) {
            cbor.map((line.linkTarget().length > 0 ? 1 : 0) + (line.names() > 1 ? 1 : 0));
            if (line.linkTarget().length > 0) {
                cbor.key(1).bytes(line.linkTarget());
            }
            if (line.names() > 1) {
                cbor.key(2).integer(line.names());
            }
            cbor.end();
        }
        cbor.end();
    }
}
