package io.packstone.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.testkit.FuzzTarget;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Any bytes are decoded or refused: here the inputs that are kept, those that once were too much for a parser among them,
 * and some hundreds near a valid one. {@code FuzzSoakTest} looks for new ones.
 */
final class FuzzTest {
    private static final int NEAR = 500;

    @Test
    void everyTargetHasAValidInput() throws Exception {
        Map<String, FuzzTarget> targets = FuzzTargets.all();
        for (Map.Entry<String, byte[]> seed : FuzzTargets.seeds().entrySet()) {
            FuzzTarget target = targets.get(seed.getKey());
            // A block of other bytes, a footer without its object and a bundle without its rest are refused.
            if (!seed.getKey().equals("block")
                    && !seed.getKey().startsWith("footer")
                    && !seed.getKey().equals("bundle-opening")) {
                target.parse(seed.getValue());
            }
        }
        assertTrue(targets.keySet().containsAll(FuzzTargets.seeds().keySet()));
    }

    @Test
    void inputsThatAreKeptAreDecodedOrRefused() throws Exception {
        int count = 0;
        for (Map.Entry<String, FuzzTarget> target : FuzzTargets.all().entrySet()) {
            for (byte[] input : kept(target.getKey())) {
                run(target.getKey(), target.getValue(), input);
                count++;
            }
        }
        assertTrue(count > 0, "no inputs were found");
    }

    @Test
    void inputsNearAValidOneAreDecodedOrRefused() {
        Map<String, String> failed = new TreeMap<>();
        Map<String, FuzzTarget> targets = FuzzTargets.all();
        seeds().forEach((name, seed) -> {
            Random random = new Random(name.hashCode());
            for (int i = 0; i < NEAR && !failed.containsKey(name); i++) {
                byte[] input = near(seed, random);
                try {
                    run(name, targets.get(name), input);
                } catch (Exception | AssertionError e) {
                    failed.put(name, e + " " + e.getCause() + " " + Arrays.asList(e.getStackTrace()));
                }
            }
        });
        assertEquals(Map.of(), failed);
    }

    private static Map<String, byte[]> seeds() {
        try {
            return FuzzTargets.seeds();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Bytes changed, a part left out, doubled or cut off. */
    private static byte[] near(byte[] seed, Random random) {
        byte[] input = seed.clone();
        for (int times = 1 + random.nextInt(3); times > 0 && input.length > 0; times--) {
            int at = random.nextInt(input.length);
            int end = at + random.nextInt(Math.min(16, input.length - at) + 1);
            switch (random.nextInt(5)) {
                case 0 -> input[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> input[at] = (byte) (random.nextBoolean() ? 0xff : random.nextInt());
                case 2 -> input = joined(input, at, input, end);
                case 3 -> input = joined(input, end, input, at);
                default -> input = random.nextInt(4) == 0 ? Arrays.copyOf(input, at) : input;
            }
        }
        return input;
    }

    private static byte[] joined(byte[] first, int end, byte[] second, int from) {
        byte[] both = Arrays.copyOf(first, end + second.length - from);
        System.arraycopy(second, from, both, end, second.length - from);
        return both;
    }

    private static void run(String name, FuzzTarget target, byte[] input) throws Exception {
        try {
            FuzzTargets.run(target, input);
        } catch (RuntimeException | Error e) {
            throw new AssertionError(name + ", input " + HexFormat.of().formatHex(input), e);
        }
    }

    /** Inputs in hexadecimal, one a line. */
    static List<byte[]> kept(String target) throws IOException {
        List<byte[]> inputs = new ArrayList<>();
        try (InputStream stream = FuzzTest.class.getResourceAsStream(target + ".txt")) {
            if (stream != null) {
                String text = new String(stream.readAllBytes(), StandardCharsets.US_ASCII);
                text.lines().forEach(line -> inputs.add(HexFormat.of().parseHex(line)));
            }
        }
        return inputs;
    }
}
