package io.packstone.restore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.backend.ObjectNames;
import io.packstone.backup.BackupOptions;
import io.packstone.id.ChunkId;
import io.packstone.id.ChunkType;
import io.packstone.id.PackId;
import io.packstone.index.ChunkLocation;
import io.packstone.manifest.ManifestEntry;
import io.packstone.metadata.TreePath;
import io.packstone.pack.PackTable;
import io.packstone.repository.StoredSnapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Damaged packs cost the files that need them, are named, and cost nothing else. */
class DamageTest extends FixtureCase {
    private static final int FILES = 40;
    private static final int LENGTH = 1_000_000;

    @BeforeEach
    void makeFiles() throws IOException {
        for (int i = 0; i < FILES; i++) {
            fixture.file("file" + i, LENGTH, i);
        }
    }

    private ChunkLocation firstChunk(StoredSnapshot snapshot, String name) throws IOException {
        TreePath path = TreePath.parse(RestoreFixture.name(fixture.source.resolve(name)));
        ManifestEntry entry =
                fixture.repository().manifests().find(snapshot.record().root(), path);
        ChunkId id = entry.body().id(0);
        return fixture.repository().index().find(id, ChunkType.DATA);
    }

    private static long blockOffset(ChunkLocation location) {
        return location.table().blockOffset(location.table().rowBlock(location.row()));
    }

    private Path packFile(PackId pack) {
        String hex = pack.toHex();
        return place.resolve("repository/packs").resolve(hex.substring(0, 2)).resolve(hex);
    }

    private void assertRestIsThere(RestoreReport report) throws IOException {
        int lost = 0;
        for (int i = 0; i < FILES; i++) {
            Path there = fixture.target.resolve("file" + i);
            if (Files.exists(there)) {
                assertArrayEquals(RestoreFixture.bytes(LENGTH, i), Files.readAllBytes(there), "file" + i);
            } else {
                lost++;
                String path = fixture.source.resolve("file" + i).toString();
                assertTrue(
                        report.problems().stream().anyMatch(line -> line.startsWith(path + ":")),
                        path + " is not named in " + report.problems());
            }
        }
        assertEquals(lost, report.errors());
        assertEquals(FILES - lost, report.filesRestored());
        try (Stream<Path> left = Files.list(fixture.target)) {
            assertEquals(FILES - lost, left.count(), "pieces were left");
        }
    }

    @Test
    void aFlippedByteCostsOneBlock() throws IOException {
        StoredSnapshot snapshot = fixture.snapshot();
        ChunkLocation location = firstChunk(snapshot, "file7");
        PackTable table = location.table();
        int block = table.rowBlock(location.row());
        try (FileChannel pack =
                FileChannel.open(packFile(location.pack()), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long at = table.blockOffset(block) + table.blockStoredLength(block) / 2;
            ByteBuffer one = ByteBuffer.allocate(1);
            pack.read(one, at);
            one.put(0, (byte) (one.get(0) ^ 0x10)).rewind();
            pack.write(one, at);
        }
        fixture.reopen();
        RestoreReport report = fixture.restore(snapshot);
        assertTrue(report.damaged());
        assertFalse(Files.exists(fixture.target.resolve("file7")));
        assertTrue(report.errors() < 10, report.problems().toString());
        assertTrue(
                report.problems().get(0).contains(ObjectNames.pack(location.pack())),
                report.problems().toString());
        assertRestIsThere(report);
    }

    @Test
    void aTruncatedPackCostsWhatWasBehind() throws IOException {
        StoredSnapshot snapshot = fixture.snapshot();
        // Workers seal blocks side by side, so which file comes to lie how far back differs from run to run.
        String victim = "file0";
        for (int i = 1; i < FILES; i++) {
            victim = blockOffset(firstChunk(snapshot, "file" + i)) > blockOffset(firstChunk(snapshot, victim))
                    ? "file" + i
                    : victim;
        }
        ChunkLocation location = firstChunk(snapshot, victim);
        fixture.reopen();
        try (FileChannel pack = FileChannel.open(packFile(location.pack()), StandardOpenOption.WRITE)) {
            pack.truncate(blockOffset(location) + 10);
        }
        RestoreReport report = fixture.restore(snapshot);
        assertTrue(report.damaged());
        assertTrue(report.filesRestored() >= 10, "only " + report.filesRestored() + " files were restored");
        assertFalse(Files.exists(fixture.target.resolve(victim)));
        assertRestIsThere(report);
    }

    @Test
    void aMissingPackIsNamed() throws IOException {
        fixture.snapshot();
        fixture.file("later", LENGTH, 1000);
        StoredSnapshot second = fixture.snapshot();
        ChunkLocation location = firstChunk(second, "later");
        fixture.reopen();
        Files.delete(packFile(location.pack()));
        RestoreReport report = fixture.restore(second);
        assertTrue(report.damaged());
        assertEquals(1, report.errors());
        assertEquals(FILES, report.filesRestored());
        assertTrue(
                report.problems().get(0).contains(location.pack().toHex()),
                report.problems().toString());
        assertFalse(Files.exists(fixture.target.resolve("later")));
    }

    @Test
    void aDamagedCopyThatAnotherStoodInForIsAnError() throws IOException {
        StoredSnapshot snapshot = fixture.snapshot();
        Path index = place.resolve("repository/index");
        Files.move(index, place.resolve("aside"));
        fixture.reopen();
        fixture.snapshot(options -> options.withLabel(new BackupOptions.Label("other", "user", List.of(), null)));
        try (Stream<Path> segments = Files.list(place.resolve("aside"))) {
            for (Path segment : segments.toList()) {
                Files.move(segment, index.resolve(segment.getFileName()));
            }
        }
        fixture.reopen();
        ChunkLocation location = firstChunk(snapshot, "file7");
        try (FileChannel pack = FileChannel.open(packFile(location.pack()), StandardOpenOption.WRITE)) {
            pack.write(ByteBuffer.wrap(new byte[64]), blockOffset(location) + 100);
        }
        RestoreReport report = fixture.restore(snapshot);
        assertEquals(List.of(), RestoreFixture.differences(fixture.source, fixture.target));
        assertTrue(report.damaged());
        assertEquals(FILES, report.filesRestored());
        assertEquals(1, report.errors(), report.problems().toString());
        assertTrue(
                report.problems().get(0).contains(ObjectNames.pack(location.pack())),
                report.problems().toString());
    }

    @Test
    void anExistingFileSurvivesWhenTheNewOneCantBeRead() throws IOException {
        StoredSnapshot snapshot = fixture.snapshot();
        Path mine = RestoreFixture.file(fixture.target.resolve("file3"), new byte[77]);
        ChunkLocation location = firstChunk(snapshot, "file3");
        fixture.reopen();
        Files.delete(packFile(location.pack()));
        assertTrue(fixture.restore(snapshot).damaged());
        assertEquals(77, Files.size(mine));
    }

    @Test
    void deletionWaitsForAWholeList() throws IOException {
        StoredSnapshot snapshot = fixture.snapshot();
        fixture.restore(snapshot);
        ChunkLocation root = fixture.repository().index().find(snapshot.record().root(), ChunkType.NODE);
        fixture.reopen();
        Path pack = packFile(root.pack());
        byte[] bytes = Files.readAllBytes(pack);
        PackTable table = root.table();
        bytes[(int) table.blockOffset(table.rowBlock(root.row())) + 60] ^= 1;
        Files.write(pack, bytes);
        RestoreReport report = fixture.restore(
                snapshot, options -> options.withPath(TreePath.ROOT).withDelete(true));
        assertTrue(report.damaged());
        assertEquals(0, report.filesDeleted());
    }
}
