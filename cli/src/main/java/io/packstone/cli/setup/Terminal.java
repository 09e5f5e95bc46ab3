package io.packstone.cli.setup;

import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The terminal of this process. */
final class Terminal {
    /** It, also when the standard streams lead elsewhere. */
    static final File DEVICE = new File("/dev/tty");

    private static final int COLUMNS_USUAL = 80;
    private static final Pattern SIZE = Pattern.compile("\\s*\\d+ +(\\d+)\\s*");

    private Terminal() {}

    /** True for a standard stream that a person looks at. */
    static boolean is(int descriptor) {
        try {
            String device = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
            return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty") || device.equals("/dev/console");
        } catch (IOException e) {
            return false; // Closed, or no /proc: nothing to draw on.
        }
    }

    /** How wide it is: asked once, when first needed. */
    static IntSupplier columns() {
        return new IntSupplier() {
            private int known;

            @Override
            public synchronized int getAsInt() {
                known = known == 0 ? ask() : known;
                return known;
            }
        };
    }

    private static int ask() {
        try {
            Matcher size = SIZE.matcher(stty("size"));
            int columns = size.matches() ? Integer.parseInt(size.group(1)) : 0;
            return columns == 0 ? COLUMNS_USUAL : columns;
        } catch (IOException | NumberFormatException e) {
            return COLUMNS_USUAL;
        }
    }

    /** Sets or asks something of it; what that prints. */
    static String stty(String what) throws IOException {
        Process process = new ProcessBuilder("stty", what)
                .redirectInput(DEVICE)
                .redirectErrorStream(true)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException("stty " + what + " failed: the terminal can't be set");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
        return printed;
    }
}
