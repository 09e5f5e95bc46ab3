package io.packstone.cli;

import io.packstone.cli.setup.ExitCode;
import io.packstone.cli.setup.Interruption;
import io.packstone.cli.setup.RawArguments;
import io.packstone.cli.setup.Surroundings;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The entry point. */
public final class Main {
    private Main() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String[] arguments) throws IOException {
        if (!isSupported()) {
            String message = "packstone: this system is not supported; Linux on x86-64 or aarch64 is\n";
            new FileOutputStream(FileDescriptor.err).write(message.getBytes(StandardCharsets.US_ASCII));
            System.exit(ExitCode.FAILED.number());
        }
        Surroundings surroundings = Surroundings.ofProcess();
        Interruption interruption = Interruption.watch();
        ExitCode code = ExitCode.FAILED;
        try {
            code = run(arguments, surroundings, interruption);
        } finally {
            interruption.end(code);
        }
        System.exit(code.number());
    }

    private static ExitCode run(String[] arguments, Surroundings surroundings, Interruption interruption) {
        if (arguments.length == 1 && (arguments[0].equals("--version") || arguments[0].equals("-V"))) {
            surroundings.console().print(Version.text());
            surroundings.console().results().push();
            return ExitCode.DONE;
        }
        return new Program(surroundings, interruption).run(RawArguments.recover(arguments));
    }

    private static boolean isSupported() {
        String processor = System.getProperty("os.arch");
        return System.getProperty("os.name").equals("Linux")
                && (processor.equals("amd64") || processor.equals("aarch64"));
    }
}
