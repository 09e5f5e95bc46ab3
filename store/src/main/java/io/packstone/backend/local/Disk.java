package io.packstone.backend.local;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;

/** The few calls that writing needs, so that a test can record their order and let each one fail. */
interface Disk {
    /** Creates a file that did not exist, for its owner only. */
    NewFile create(Path file) throws IOException;

    /**
     * Gives the file {@code from} the further name {@code to}, atomically and never over an existing one. Where the
     * file system has no hard links the file is renamed instead, as atomically.
     *
     * @throws java.nio.file.FileAlreadyExistsException when {@code to} exists
     */
    void publish(Path from, Path to) throws IOException;

    /** Gives the file {@code from} the name {@code to}, atomically and over an existing file of that name. */
    void replace(Path from, Path to) throws IOException;

    /** Makes a directory for its owner only; one that exists is fine. */
    void makeDirectory(Path directory) throws IOException;

    /** Returns when the names in {@code directory} are on stable storage. */
    void forceDirectory(Path directory) throws IOException;

    /** Returns when the bytes of an existing file, written by whomever, are on stable storage. */
    void forceFile(Path file) throws IOException;

    /** Removes a file's name and says whether there was one; a directory stays. */
    boolean delete(Path file) throws IOException;

    /** A file being written. */
    interface NewFile extends Closeable {
        /** Appends {@code length} bytes (borrowed). */
        void write(byte[] bytes, int offset, int length) throws IOException;

        /** Returns when what was written is on stable storage. Never called again after it failed. */
        void force() throws IOException;
    }
}
