package io.packstone.source;

import io.packstone.error.SourceException;
import io.packstone.metadata.FileType;
import io.packstone.metadata.RawName;
import io.packstone.posix.DirectoryHandle;
import io.packstone.posix.FileHandle;
import io.packstone.posix.FileStatus;
import io.packstone.posix.PosixException;
import io.packstone.source.rules.FolderRules;
import io.packstone.source.rules.IgnoreLines;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads the ignore files of directories. What can't be read as one is told, and leaves nothing out. */
final class IgnoreFiles {
    private final Consumer<SourceException> errors;

    IgnoreFiles(Consumer<SourceException> errors) {
        this.errors = errors;
    }

    /** The rules in {@code directory} and above it: {@code outer} when it has no ignore file. */
    @Nullable
    FolderRules read(SourceDirectory directory, DirectoryHandle handle, @Nullable FolderRules outer) {
        try (FileHandle file = handle.openFile(FolderRules.FILE_NAME)) {
            FileStatus status = file.stat();
            if (!status.isKnown() || status.type() != FileType.FILE) {
                return outer;
            }
            if (status.size() > FolderRules.FILE_LENGTH_MAX) {
                tell(directory, "longer than " + FolderRules.FILE_LENGTH_MAX + " bytes");
                return outer;
            }
            byte[] content = new byte[(int) status.size()];
            int length = file.read(0, content, 0, content.length);
            List<IgnoreLines.Line> lines = IgnoreLines.parse(Arrays.copyOf(content, length));
            return lines.isEmpty() ? outer : new FolderRules(outer, directory.path(), lines);
        } catch (PosixException e) {
            if (!e.isNotFound()) {
                tell(directory, e.reason());
            }
            return outer;
        }
    }

    private void tell(SourceDirectory directory, String why) {
        RawName name = FolderRules.FILE_NAME;
        errors.accept(new SourceException(directory.quoted(name), why + "; its rules are not heeded"));
    }
}
