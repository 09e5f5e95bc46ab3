package io.packstone.cli.setup;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Asks on the terminal of this process, also when standard input and output lead elsewhere. */
final class HiddenPrompt implements Surroundings.Prompt {
    @Override
    public byte @Nullable [] ask(String question) throws IOException {
        InputStream input;
        try {
            input = ProcessInput.of(Terminal.DEVICE);
        } catch (IOException e) {
            return null; // This process has no terminal of its own.
        }
        try (input;
                OutputStream output = new FileOutputStream(Terminal.DEVICE)) {
            return ask(question, input, output);
        }
    }

    private static byte[] ask(String question, InputStream input, OutputStream output) throws IOException {
        Thread restore = new Thread(HiddenPrompt::showAgain, "terminal");
        Runtime.getRuntime().addShutdownHook(restore);
        Terminal.stty("-echo");
        try {
            output.write(question.getBytes(StandardCharsets.UTF_8));
            output.flush();
            return line(input);
        } finally {
            output.write('\n');
            Terminal.stty("echo");
            forget(restore);
        }
    }

    private static void forget(Thread restore) {
        try {
            Runtime.getRuntime().removeShutdownHook(restore);
        } catch (IllegalStateException e) {
            // The process is ending already: the hook does no harm.
        }
    }

    private static byte[] line(InputStream input) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int value = input.read();
        while (value != '\n' && value >= 0) {
            line.write(value);
            value = input.read();
        }
        if (value < 0 && line.size() == 0) {
            throw new EOFException("the terminal's input ended before a password was typed");
        }
        return line.toByteArray();
    }

    private static void showAgain() {
        try {
            Terminal.stty("echo");
        } catch (IOException e) {
            // Nothing more can be done for the terminal while the process ends.
        }
    }
}
