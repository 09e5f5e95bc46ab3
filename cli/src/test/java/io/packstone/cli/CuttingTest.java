package io.packstone.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Images of disks are cut at fixed places, all else by content, unless somebody says otherwise. */
class CuttingTest extends ShellCase {
    private static final int CHUNK = 64 << 10;

    private byte[] bytes = new byte[0];

    @BeforeEach
    void makeRepository() {
        shell.run("init").expect(0);
        bytes = new byte[4 << 20];
        new Random(11).nextBytes(bytes);
    }

    /** How many bytes of chunks were new. */
    private long snapshot(Path file, String... options) throws IOException {
        String[] arguments = new String[options.length + 3];
        arguments[0] = "snapshot";
        arguments[1] = file.toString();
        arguments[2] = "--json";
        System.arraycopy(options, 0, arguments, 3, options.length);
        Map<String, Object> report = shell.run(arguments).expect(0).object();
        return (Long) Shell.require(report.get("bytesNew"));
    }

    private void comesBack(Path file) {
        assertArrayEquals(bytes, shell.run("cat", "latest:" + file).expect(0).output());
    }

    private void write(Path file) throws IOException {
        Files.write(file, bytes);
        Files.setLastModifiedTime(file, java.nio.file.attribute.FileTime.fromMillis(bytes.length + bytes[0]));
    }

    @Test
    void imagesAreCutAtMultiples() throws IOException {
        for (String name : List.of("a.img", "b.QCOW2", "c.raw", "d.vmdk", "e.vdi", "f.vhd", "g.vhdx", "h.iso")) {
            new Random(name.hashCode()).nextBytes(bytes);
            Path image = source.resolve(name);
            write(image);
            assertEquals(bytes.length, snapshot(image));
            // Zeros in the midst: one chunk of them is new, the others are the same.
            Arrays.fill(bytes, 10 * CHUNK, 14 * CHUNK, (byte) 0);
            bytes[20 * CHUNK + 5]++;
            write(image);
            assertEquals(name.equals("a.img") ? 2 * CHUNK : CHUNK, snapshot(image));
            comesBack(image);
        }
        shell.run("check", "--read-data").expect(0);
    }

    /** Those are not read, and must not be cut where content says. */
    @Test
    void theHolesOfAnImageAreCutAsItsZerosAre() throws IOException {
        int from = 5 * CHUNK + 100;
        int to = 12 * CHUNK + 7;
        Arrays.fill(bytes, from, to, (byte) 0);
        Path image = source.resolve("sparse.img");
        write(image);
        assertEquals(bytes.length - 5 * CHUNK, snapshot(image));
        Path plain = source.resolve("plain");
        writeAround(plain, from, to);
        snapshot(plain);
        writeAround(image, from, to);
        assertEquals(0, snapshot(image, "--strategy", "full"));
        comesBack(image);
    }

    private void writeAround(Path file, int from, int to) throws IOException {
        Files.deleteIfExists(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes, 0, from), 0);
            channel.write(ByteBuffer.wrap(bytes, to, bytes.length - to), to);
        }
    }

    @Test
    void otherFilesAreCutByContent() throws IOException {
        Path file = source.resolve("img");
        write(file);
        snapshot(file);
        byte[] shifted = new byte[bytes.length + 1];
        System.arraycopy(bytes, 0, shifted, 1, bytes.length);
        bytes = shifted;
        write(file);
        assertTrue(snapshot(file) < 8 * CHUNK);
        comesBack(file);
    }

    /** Each way and back: what the parent was cut like says nothing of where this one is cut. */
    @Test
    void aCutterDoesNotTakeOverTheCutsOfAnother() throws IOException {
        Path image = source.resolve("disk.img");
        write(image);
        assertEquals(bytes.length, snapshot(image));
        Files.setLastModifiedTime(image, java.nio.file.attribute.FileTime.fromMillis(1));
        assertTrue(snapshot(image, "--chunker", "content") > bytes.length / 2);
        comesBack(image);
        Files.setLastModifiedTime(image, java.nio.file.attribute.FileTime.fromMillis(2));
        assertEquals(0, snapshot(image, "--strategy", "full"));
        Files.setLastModifiedTime(image, java.nio.file.attribute.FileTime.fromMillis(3));
        assertEquals(0, snapshot(image, "--chunker", "content", "--strategy", "full"));
        Path plain = source.resolve("plain");
        write(plain);
        snapshot(plain, "--chunker", "fixed");
        bytes[0]++;
        write(plain);
        assertEquals(CHUNK, snapshot(plain, "--chunker", "fixed"));
        comesBack(plain);
        shell.run("snapshot", "source", "--chunker", "other").expect(2);
    }

    @Test
    void standardInputIsCutByItsName() throws IOException {
        shell.input(bytes)
                .run("snapshot", "--stdin", "--stdin-name", "disk.raw")
                .expect(0);
        bytes[CHUNK]++;
        Map<String, Object> report = shell.input(bytes)
                .run("snapshot", "--stdin", "--stdin-name", "disk.raw", "--json")
                .expect(0)
                .object();
        assertEquals((long) CHUNK, report.get("bytesNew"));
        comesBack(Path.of("/disk.raw"));
    }

    @Test
    void aBlockDeviceIsTheFileOfItsBytes() throws Exception {
        Path image = work.resolve("disk");
        bytes = Arrays.copyOf(bytes, bytes.length + 512);
        write(image);
        String device = losetup("--find", "--show", image.toString());
        assumeTrue(device.startsWith("/dev/"), "no loop device can be made here (losetup, root)");
        try {
            Path path = Path.of(device);
            assertEquals(bytes.length, snapshot(path));
            comesBack(path);
            assertEquals(0, snapshot(path));
            Path link = Files.createSymbolicLink(source.resolve("disk"), path);
            String refusal = shell.run("snapshot", link.toString()).expect(2).messages();
            assertTrue(refusal.contains("is a link to the block device " + device), refusal);
            Files.delete(link);
            assertTrue(losetup("--detach", device).isEmpty());
            bytes[3 * CHUNK] ^= 1;
            write(image);
            losetup(device, image.toString());
            Map<String, Object> report =
                    shell.run("snapshot", device, "--json").expect(0).object();
            assertEquals((long) CHUNK, report.get("bytesNew"));
            assertEquals(1L, report.get("filesChanged"));
            comesBack(path);
            shell.run("restore", "latest:" + path, "--target", "back").expect(0);
            assertArrayEquals(bytes, Files.readAllBytes(work.resolve("back/" + path.getFileName())));
            String refused = shell.run("restore", "latest", "--target", "/", "--include", device)
                    .expect(3)
                    .messages();
            assertTrue(refused.contains("which only --delete replaces by a file"), refused);
            assertTrue((int) Files.getAttribute(path, "unix:mode") >> 12 == 6, "the device is gone");
            Map<String, Object> explained = shell.run("explain", device, "--source", device, "--json")
                    .expect(0)
                    .object();
            assertEquals("given", explained.get("reason"));
        } finally {
            losetup("--detach", device);
        }
    }

    /** What it prints; empty when it can't be run or fails. */
    private static String losetup(String... arguments) throws Exception {
        String[] command = new String[arguments.length + 1];
        command[0] = "losetup";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        try {
            Process process = new ProcessBuilder(command).start();
            String output =
                    new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? output.strip() : "";
        } catch (IOException e) {
            return "";
        }
    }
}
