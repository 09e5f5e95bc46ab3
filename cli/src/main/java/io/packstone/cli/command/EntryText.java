package io.packstone.cli.command;

import io.packstone.cli.text.Json;
import io.packstone.cli.text.Wording;
import io.packstone.manifest.ManifestEntry;
import io.packstone.metadata.FileMetadata;
import io.packstone.metadata.FileType;
import io.packstone.metadata.Quoting;
import java.time.ZoneId;

/** Entries of a manifest, as lines and as JSON. */
final class EntryText {
    private EntryText() {}

    /** Mode, owner, size, time and path, as {@code ls -l} has them. */
    static String longLine(ManifestEntry entry, ZoneId zone) {
        FileMetadata metadata = entry.metadata();
        String user = name(metadata.owner().user(), metadata.owner().uid());
        String group = name(metadata.owner().group(), metadata.owner().gid());
        String target = metadata.type() == FileType.SYMLINK ? " -> " + metadata.linkTarget() : "";
        return mode(metadata) + " " + padded(user, 8) + " " + padded(group, 8) + " "
                + " ".repeat(Math.max(0, 12 - Long.toString(metadata.size()).length())) + metadata.size() + " "
                + Wording.local(metadata.modified(), zone) + " " + entry.path() + target
                + (entry.changedWhileRead() ? "  (changed while it was read)" : "");
    }

    private static String name(String name, int number) {
        return name.isEmpty() ? Integer.toUnsignedString(number) : Quoting.quote(name);
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    private static String mode(FileMetadata metadata) {
        int mode = metadata.mode();
        char[] text = new char[10];
        text[0] = letter(metadata.type());
        for (int bit = 0; bit < 9; bit++) {
            text[1 + bit] = (mode & (0400 >> bit)) == 0 ? '-' : "rwx".charAt(bit % 3);
        }
        special(text, 3, mode & 04000, 's');
        special(text, 6, mode & 02000, 's');
        special(text, 9, mode & 01000, 't');
        return String.valueOf(text);
    }

    private static void special(char[] text, int at, int set, char letter) {
        if (set != 0) {
            text[at] = text[at] == 'x' ? letter : Character.toUpperCase(letter);
        }
    }

    private static char letter(FileType type) {
        return switch (type) {
            case FILE -> '-';
            case DIRECTORY -> 'd';
            case SYMLINK -> 'l';
            case FIFO -> 'p';
            case CHARACTER_DEVICE -> 'c';
            case BLOCK_DEVICE -> 'b';
            case SOCKET -> 's';
        };
    }

    private static String word(FileType type) {
        return switch (type) {
            case FILE -> "file";
            case DIRECTORY -> "directory";
            case SYMLINK -> "symlink";
            case FIFO -> "fifo";
            case CHARACTER_DEVICE -> "characterDevice";
            case BLOCK_DEVICE -> "blockDevice";
            case SOCKET -> "socket";
        };
    }

    /** The fields of an entry in the object that is open. */
    static void fields(Json json, ManifestEntry entry) {
        FileMetadata metadata = entry.metadata();
        json.path("path", entry.path().absolute())
                .field("type", word(metadata.type()))
                .field("size", metadata.size());
        json.field("mode", String.format(java.util.Locale.ROOT, "%04o", metadata.mode()));
        json.field("mtime", metadata.modified());
        json.field("uid", Integer.toUnsignedLong(metadata.owner().uid()));
        json.field("gid", Integer.toUnsignedLong(metadata.owner().gid()));
        if (entry.changedWhileRead()) {
            json.field("changedWhileRead", true);
        }
        if (metadata.type() == FileType.SYMLINK) {
            json.path("linkTarget", metadata.linkTarget());
        }
    }
}
