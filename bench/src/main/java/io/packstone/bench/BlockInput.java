package io.packstone.bench;

import io.packstone.pipeline.BlockDraft;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Blocks of plain bytes, the same at each run: cut from the file that the property {@code bench.input} names, else made-up
 * text. Several, and not one, so that no block is in a processor's cache when its turn comes.
 */
final class BlockInput {
    /** As in a repository. */
    static final int LENGTH = BlockDraft.DATA_LENGTH;

    /** An invocation works on a block and counts as so many operations: operations a second are MiB a second. */
    static final int MEBIBYTES = LENGTH >> 20;

    private static final int COUNT = 16;
    private static final int WORDS = 4000;

    private BlockInput() {}

    /** {@value #COUNT} blocks, fewer when the file has fewer. */
    static byte[][] blocks() {
        String file = System.getProperty("bench.input");
        return cut(file == null ? text() : read(Path.of(file)));
    }

    private static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[][] cut(byte[] all) {
        if (all.length < LENGTH) {
            throw new IllegalArgumentException("bench.input has fewer than " + LENGTH + " bytes");
        }
        byte[][] blocks = new byte[Math.min(COUNT, all.length / LENGTH)][];
        for (int i = 0; i < blocks.length; i++) {
            blocks[i] = Arrays.copyOfRange(all, i * LENGTH, (i + 1) * LENGTH);
        }
        return blocks;
    }

    /** Lines of made-up words, frequent ones first as in a language: zstd makes about a third of them. */
    private static byte[] text() {
        SplittableRandom random = new SplittableRandom(1);
        String[] words = new String[WORDS];
        for (int i = 0; i < WORDS; i++) {
            StringBuilder word = new StringBuilder();
            for (int length = 2 + random.nextInt(9); length > 0; length--) {
                word.append((char) ('a' + Math.min(random.nextInt(26), random.nextInt(26))));
            }
            words[i] = word.toString();
        }
        StringBuilder text = new StringBuilder(COUNT * LENGTH + 80);
        while (text.length() < COUNT * LENGTH) {
            double place = random.nextDouble();
            text.append(words[(int) (WORDS * place * place * place)]).append(random.nextInt(12) == 0 ? '\n' : ' ');
        }
        return text.substring(0, COUNT * LENGTH).getBytes(StandardCharsets.US_ASCII);
    }
}
