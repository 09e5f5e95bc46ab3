package io.packstone.cli;

/** What the program says of itself. */
final class Version {
    private static final String PROGRAM = "0.1.0";
    private static final int FORMAT = 1;

    private Version() {}

    /** One line: name, version, format version, Java version. */
    static String text() {
        return "packstone " + PROGRAM + " (repository format " + FORMAT + ", Java " + System.getProperty("java.version")
                + ")";
    }
}
