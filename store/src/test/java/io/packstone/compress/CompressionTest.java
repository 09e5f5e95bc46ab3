package io.packstone.compress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class CompressionTest {
    @Test
    void textFormsComeBack() {
        for (String text : List.of("auto", "none", "lz4", "zstd:1", "zstd:19", "zstd:-7", "zstd:0")) {
            assertEquals(text, Compression.parse(text).toText());
        }
        assertEquals(Compression.AUTO, Compression.parse("zstd"));
        assertEquals(Compression.AUTO, Compression.parse("zstd:" + Compression.LEVEL_DEFAULT));
        assertEquals(new Compression(Codec.ZSTD, 9), Compression.parse("zstd:9"));
    }

    @Test
    void otherTextIsRefusedWithTheForms() {
        for (String text :
                List.of("", "gzip", "ZSTD", "zstd:", "zstd:x", "zstd:20", "zstd:-8", "zstd:999", "lz4:1", " lz4")) {
            String message = assertThrows(IllegalArgumentException.class, () -> Compression.parse(text), text)
                    .getMessage();
            assertTrue(message.contains("-7 to 19"), message);
        }
    }

    @Test
    void numbersAreTheStoredOnes() {
        assertEquals(0, Codec.NONE.number());
        assertEquals(1, Codec.LZ4.number());
        assertEquals(2, Codec.ZSTD.number());
        for (Codec codec : Codec.values()) {
            assertEquals(codec, Codec.of(codec.number()));
        }
        assertThrows(IllegalArgumentException.class, () -> Codec.of(3));
        assertThrows(IllegalArgumentException.class, () -> Codec.of(-1));
    }
}
