package io.packstone.posix;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a device or a file system said no to, in words, and what to do about it. The system's own words depend on its
 * language; where they are not known, they are passed on.
 *
 * @param reason such as {@code permission denied}
 * @param remedy the next step of a person, such as {@code run as the user who owns it}
 */
public record Refusal(String reason, String remedy) {
    private static final String ATTACHED = "see that the disk is attached and mounted, then run again";
    private static final Refusal[] KNOWN = {
        new Refusal("permission denied", "run as the user it belongs to, or let this one in"),
        new Refusal("operation not permitted", "run as the user it belongs to, or let this one in"),
        new Refusal("input/output error", "the device fails: copy away what it still gives, then run check"),
        new Refusal("no space left on device", "free some space and run again"),
        new Refusal("disk quota exceeded", "free some space or raise the quota, and run again"),
        new Refusal("read-only file system", "mount it for writing and run again"),
        new Refusal("not a directory", "name a folder"),
        new Refusal("is a directory", "name a file"),
        new Refusal("file name too long", "use a shorter path"),
        new Refusal("too many levels of symbolic links", "name the place itself"),
        new Refusal("too many open files", "raise the limit with ulimit -n and run again"),
        new Refusal("file too large", "raise the limit with ulimit -f, or use another file system"),
        new Refusal("cannot allocate memory", "free some memory and run again"),
        new Refusal("no such file or directory", "see that the path is right and its disk mounted"),
    };

    /** Of {@code failure}, which has to be the system's. */
    public static Refusal of(IOException failure) {
        if (failure instanceof NoSuchFileException) {
            return known("no such file or directory");
        }
        if (failure instanceof AccessDeniedException) {
            return known("permission denied");
        }
        if (failure instanceof NotDirectoryException) {
            return known("not a directory");
        }
        if (failure instanceof FileAlreadyExistsException) {
            return new Refusal("exists already", "choose another name");
        }
        if (failure instanceof DirectoryNotEmptyException) {
            return new Refusal("the folder is not empty", "choose another one");
        }
        String words = failure instanceof FileSystemException file ? file.getReason() : failure.getMessage();
        return known(words);
    }

    private static Refusal known(@Nullable String words) {
        if (words == null || words.isBlank()) {
            return new Refusal("the system gave no reason", ATTACHED);
        }
        String lower = words.toLowerCase(Locale.ROOT);
        for (Refusal known : KNOWN) {
            if (lower.contains(known.reason)) {
                return known;
            }
        }
        return new Refusal(words, ATTACHED);
    }

    /** Reason and remedy, as the end of a message. */
    @Override
    public String toString() {
        return reason + "; " + remedy;
    }
}
