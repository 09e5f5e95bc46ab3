package io.packstone.cli.setup;

import io.packstone.metadata.RawName;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Absolute names of what was typed. Links are followed only where the name says so: before {@code ..}, and at the end
 * when it ends in a slash or {@code /.}, as every system call does.
 */
final class Absolute {
    private Absolute() {}

    /** {@code given}, relative to {@code folder} unless absolute; no {@code .}, {@code ..}, empty components. */
    static RawName of(RawName folder, RawName given) throws IOException {
        ByteArrayOutputStream path = new ByteArrayOutputStream();
        boolean isAbsolute = given.length() > 0 && given.at(0) == '/';
        if (!isAbsolute) {
            path.writeBytes(folder.length() == 1 ? new byte[0] : folder.array());
        }
        int from = 0;
        for (int at = 0; at <= given.length(); at++) {
            if (at == given.length() || given.at(at) == '/') {
                step(path, RawName.of(given.array(), from, at - from), at == given.length());
                from = at + 1;
            }
        }
        return path.size() == 0 ? RawName.of("/") : RawName.takeOver(path.toByteArray());
    }

    private static void step(ByteArrayOutputStream path, RawName component, boolean last) throws IOException {
        boolean here = component.length() == 0 || component.equals(RawName.of("."));
        boolean up = component.equals(RawName.of(".."));
        if (up || here && last) {
            follow(path);
        }
        if (up) {
            byte[] whole = path.toByteArray();
            int length = whole.length;
            while (length > 0 && whole[--length] != '/') {
                // Back to the slash before the last component.
            }
            path.reset();
            path.write(whole, 0, Math.max(0, length));
        } else if (!here) {
            path.write('/');
            path.writeBytes(component.array());
        }
    }

    private static void follow(ByteArrayOutputStream path) throws IOException {
        if (path.size() == 0) {
            return;
        }
        Path there = RawText.path(RawName.takeOver(path.toByteArray()));
        if (Files.isDirectory(there)) {
            RawName real = RawText.name(there.toRealPath());
            path.reset();
            path.writeBytes(real.length() == 1 ? new byte[0] : real.array());
        }
    }
}
