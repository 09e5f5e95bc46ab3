package io.packstone.cli.setup;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.packstone.metadata.RawName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names keep every byte on their way through text and paths. */
class RawTextTest {
    @TempDir
    Path folder;

    @Test
    void anyBytesSurvive() {
        Random random = new Random(7);
        for (int round = 0; round < 2000; round++) {
            byte[] bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            assertArrayEquals(bytes, RawText.encode(RawText.decode(bytes)).array());
        }
    }

    @Test
    void textStandsAsItself() {
        String text = "Grüße/日本/😀";
        assertEquals(text, RawText.decode(text.getBytes(StandardCharsets.UTF_8)));
        assertEquals(RawName.of(text), RawText.encode(text));
    }

    @Test
    void pathsKeepEveryByte() {
        byte[] bytes = new byte[255];
        for (int i = 0; i < 255; i++) {
            bytes[i] = (byte) (i + 1);
        }
        bytes['/' - 1] = 'x';
        bytes['.' - 1] = 'y';
        RawName name = RawName.takeOver(
                ("/" + new String(bytes, StandardCharsets.ISO_8859_1)).getBytes(StandardCharsets.ISO_8859_1));
        assertEquals(name, RawText.name(RawText.path(name)));
    }

    @Test
    void argumentsComeFromTheKernelWhenJavaLostThem() {
        byte[] line = {'j', 0, '-', 'x', 0, 'l', 's', 0, 'a', (byte) 0xff, 0};
        String[] raw = RawArguments.match(new String[] {"ls", "a\ufffd"}, line);
        assertEquals("ls", raw[0]);
        assertArrayEquals(new byte[] {'a', (byte) 0xff}, RawText.encode(raw[1]).array());
    }

    @Test
    void argumentsThatDifferFromTheKernelsStay() {
        byte[] line = {'j', 0, 'c', 'p', 0, 'b', 0};
        String[] given = {"ls", "a\ufffd"};
        assertSame(given, RawArguments.match(given, line));
        assertSame(given, RawArguments.match(given, new byte[] {'j', 0}));
    }

    @Test
    void namesAreMadeAbsolute() throws IOException {
        RawName here = RawName.of("/a/b");
        assertEquals(RawName.of("/a/b/c"), Absolute.of(here, RawName.of("c")));
        assertEquals(RawName.of("/c"), Absolute.of(here, RawName.of("//c/")));
        assertEquals(RawName.of("/a/c"), Absolute.of(here, RawName.of("./../c/.")));
        assertEquals(RawName.of("/"), Absolute.of(here, RawName.of("../../..")));
        assertEquals(RawName.of("/x"), Absolute.of(RawName.of("/"), RawName.of("x")));
        assertEquals(RawName.of("/a/b"), Absolute.of(here, RawName.of(".")));
    }

    @Test
    void linksAreFollowedOnlyWhereTheNameSaysSo() throws IOException {
        Path real = Files.createDirectories(folder.toRealPath().resolve("real/below"));
        Path link = Files.createSymbolicLink(folder.toRealPath().resolve("link"), real);
        RawName here = RawText.name(folder.toRealPath());
        assertEquals(RawText.name(link), Absolute.of(here, RawName.of("link")));
        assertEquals(RawText.name(real), Absolute.of(here, RawName.of("link/")));
        assertEquals(RawText.name(real.getParent()), Absolute.of(here, RawName.of("link/..")));
        assertEquals(RawText.name(link.resolve("x")), Absolute.of(here, RawName.of("link/x")));
    }
}
