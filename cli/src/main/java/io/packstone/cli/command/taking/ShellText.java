package io.packstone.cli.command.taking;

import io.packstone.cli.setup.RawText;
import io.packstone.metadata.RawName;

/** A process gets its arguments in the locale's own code; what is not ASCII goes to a shell by its bytes, whatever that is. */
final class ShellText {
    private ShellText() {}

    /** A script of the same bytes as {@code command}. */
    static String script(String command) {
        RawName bytes = RawText.encode(command);
        return isPlain(bytes) ? command : "eval \"" + substitution(bytes) + "\"";
    }

    /** What a shell puts those bytes in the place of, within double quotes. */
    static String substitution(RawName bytes) {
        StringBuilder text = new StringBuilder("$(printf '");
        for (int i = 0; i < bytes.length(); i++) {
            int value = bytes.at(i);
            text.append('\\').append(value >> 6).append(value >> 3 & 7).append(value & 7);
        }
        return text.append("')").toString();
    }

    /** True for what is the same in every locale. */
    static boolean isPlain(RawName bytes) {
        for (int i = 0; i < bytes.length(); i++) {
            if (bytes.at(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }
}
