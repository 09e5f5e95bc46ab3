package io.packstone.parity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever is lost, as long as it is no more than there is parity for, comes back. */
class CauchyCodeTest {
    private final Random random = new Random(5);

    @Test
    void productsFollowTheFieldsLaws() {
        for (int a = 0; a < 256; a++) {
            for (int b = 0; b < 256; b++) {
                assertEquals(slowProduct(a, b), GaloisField.multiply(a, b));
            }
            if (a > 0) {
                assertEquals(1, GaloisField.multiply(a, GaloisField.invert(a)));
            }
        }
        assertThrows(ArithmeticException.class, () -> GaloisField.invert(0));
    }

    private static int slowProduct(int a, int b) {
        int product = 0;
        int shifted = a;
        for (int bit = 0; bit < 8; bit++) {
            product ^= (b >> bit & 1) != 0 ? shifted : 0;
            shifted = shifted << 1 ^ (shifted > 127 ? 0x11d : 0);
        }
        return product;
    }

    @Test
    void everyLossThatTheParityCoversComesBackForSmallCounts() {
        int cases = 0;
        for (int data = 1; data <= 9; data++) {
            for (int parity = 1; parity <= 4; parity++) {
                CauchyCode code = new CauchyCode(data, parity);
                for (int lost = 1; lost < 1 << data + parity; lost++) {
                    if (Integer.bitCount(lost) <= parity) {
                        cases += comesBack(code, data, parity, lost) ? 1 : 0;
                    }
                }
            }
        }
        assertEquals(4_836, cases);
    }

    private boolean comesBack(CauchyCode code, int data, int parity, int lost) {
        int[] shards =
                IntStream.range(0, data).filter(i -> (lost >> i & 1) != 0).toArray();
        int[] rows = IntStream.range(0, parity)
                .filter(i -> (lost >> data + i & 1) == 0)
                .toArray();
        return comesBack(code, data, shards, rows);
    }

    /** Encodes a random byte of each shard, loses some and computes them again. */
    private boolean comesBack(CauchyCode code, int data, int[] lost, int[] rows) {
        if (lost.length == 0) {
            return true;
        }
        byte[] plain = new byte[data];
        random.nextBytes(plain);
        int[] sums = new int[1];
        for (int shard = 0; shard < data; shard++) {
            code.add(shard, plain, shard, 1, sums, 0);
        }
        int[] rest = sums.clone();
        for (int shard = 0; shard < data; shard++) {
            int at = shard;
            if (IntStream.of(lost).noneMatch(each -> each == at)) {
                code.add(shard, plain, shard, 1, rest, 0);
            }
        }
        int found = code.solver(lost, IntStream.of(rows).limit(lost.length).toArray())
                .solve(rest[0]);
        for (int i = 0; i < lost.length; i++) {
            assertEquals(plain[lost[i]], (byte) (found >>> 8 * i));
        }
        return true;
    }

    @Test
    void randomLossesOfTheUsualCountsComeBack() {
        lose(20_000);
    }

    @Test
    @Tag("soak")
    void aMillionRandomLossesOfTheUsualCountsComeBack() {
        lose(1_000_000);
    }

    private void lose(int times) {
        CauchyCode code = new CauchyCode(64, 4);
        for (int i = 0; i < times; i++) {
            int count = 1 + random.nextInt(4);
            int[] lost = random.ints(0, 68).distinct().limit(count).toArray();
            int[] shards = IntStream.of(lost).filter(each -> each < 64).toArray();
            int[] rows = IntStream.range(0, 4)
                    .filter(row -> IntStream.of(lost).noneMatch(each -> each == 64 + row))
                    .toArray();
            comesBack(code, 64, shards, rows);
        }
    }

    @Test
    void theMatrixIsTheOneOfTheFormat() {
        assertEquals(GaloisField.invert(255), CauchyCode.factor(0, 0));
        assertEquals(GaloisField.invert(252 ^ 63), CauchyCode.factor(3, 63));
        assertEquals(0xfd, CauchyCode.factor(0, 0));
    }

    @Test
    void moreThanTheParityCoversIsRefused() {
        CauchyCode code = new CauchyCode(8, 2);
        assertThrows(IllegalArgumentException.class, () -> code.solver(new int[] {0, 1, 2}, new int[] {0, 1}));
        assertThrows(IllegalArgumentException.class, () -> code.solver(new int[] {8}, new int[] {0}));
        assertThrows(IllegalArgumentException.class, () -> code.solver(new int[] {0}, new int[] {2}));
    }
}
