package io.packstone.bench;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/** One block of plain bytes, the same at each run. */
final class BlockInput {
    /** What one operation works on, so that operations a second are MiB a second. */
    static final int LENGTH = 1 << 20;

    private static final int WORDS = 4000;

    private BlockInput() {}

    /** Lines of made-up words, frequent ones first as in a language: zstd makes about a third of them. */
    static byte[] text() {
        SplittableRandom random = new SplittableRandom(1);
        String[] words = new String[WORDS];
        for (int i = 0; i < WORDS; i++) {
            StringBuilder word = new StringBuilder();
            for (int length = 2 + random.nextInt(9); length > 0; length--) {
                word.append((char) ('a' + Math.min(random.nextInt(26), random.nextInt(26))));
            }
            words[i] = word.toString();
        }
        StringBuilder text = new StringBuilder(LENGTH + 80);
        while (text.length() < LENGTH) {
            double place = random.nextDouble();
            text.append(words[(int) (WORDS * place * place * place)]).append(random.nextInt(12) == 0 ? '\n' : ' ');
        }
        return text.substring(0, LENGTH).getBytes(StandardCharsets.US_ASCII);
    }
}
