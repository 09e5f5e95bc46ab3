package io.packstone.repository.objects;

import io.packstone.backend.Backend;
import io.packstone.backend.ListVisitor;
import io.packstone.backend.Upload;
import io.packstone.error.ErrorKind;
import io.packstone.error.RepositoryException;
import io.packstone.error.StoreException;
import io.packstone.posix.Refusal;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Instant;

/**
 * Makes every failure of a backend a {@link StoreException} that names the object: what the device or the network did
 * is {@link ErrorKind#BACKEND}. Who goes on without a damaged object thus goes on without one that can't be read.
 */
public final class NamingBackend implements Backend {
    private static final String UNNAMED = "a new object";

    private final Backend backend;

    private NamingBackend(Backend backend) {
        this.backend = backend;
    }

    /** Around {@code backend}, which is closed with it; itself when it names failures already. */
    public static NamingBackend of(Backend backend) {
        return backend instanceof NamingBackend naming ? naming : new NamingBackend(backend);
    }

    private IOException named(String name, String what, IOException failure) {
        if (failure instanceof StoreException || failure instanceof InterruptedIOException) {
            return failure;
        }
        if (failure instanceof ClosedByInterruptException) {
            InterruptedIOException interrupted = new InterruptedIOException("interrupted");
            interrupted.initCause(failure);
            return interrupted;
        }
        String message = "could not " + what + " " + name + " at " + describe() + ": " + Refusal.of(failure);
        return new RepositoryException(ErrorKind.BACKEND, name, message, failure);
    }

    @Override
    public void put(String name, byte[] bytes) throws IOException {
        try {
            backend.put(name, bytes);
        } catch (IOException e) {
            throw named(name, "store", e);
        }
    }

    @Override
    public boolean putIfAbsent(String name, byte[] bytes) throws IOException {
        try {
            return backend.putIfAbsent(name, bytes);
        } catch (IOException e) {
            throw named(name, "store", e);
        }
    }

    @Override
    public Upload begin() throws IOException {
        try {
            return new NamingUpload(backend.begin());
        } catch (IOException e) {
            throw named(UNNAMED, "begin", e);
        }
    }

    @Override
    public byte[] get(String name, int maxLength) throws IOException {
        try {
            return backend.get(name, maxLength);
        } catch (IOException e) {
            throw named(name, "read", e);
        }
    }

    @Override
    public void read(String name, long offset, byte[] target, int targetOffset, int length) throws IOException {
        try {
            backend.read(name, offset, target, targetOffset, length);
        } catch (IOException e) {
            throw named(name, "read", e);
        }
    }

    @Override
    public long length(String name) throws IOException {
        try {
            return backend.length(name);
        } catch (IOException e) {
            throw named(name, "look at", e);
        }
    }

    @Override
    public void list(String prefix, ListVisitor visitor) throws IOException {
        try {
            backend.list(prefix, visitor);
        } catch (IOException e) {
            throw named(prefix.isEmpty() ? "what there is" : prefix, "list", e);
        }
    }

    @Override
    public void delete(String name) throws IOException {
        try {
            backend.delete(name);
        } catch (IOException e) {
            throw named(name, "delete", e);
        }
    }

    @Override
    public boolean releaseReserve() throws IOException {
        return backend.releaseReserve();
    }

    @Override
    public void settle() throws IOException {
        backend.settle();
    }

    @Override
    public void keepReserve() throws IOException {
        backend.keepReserve();
    }

    @Override
    public int sweepTemporary(Instant limit) throws IOException {
        return backend.sweepTemporary(limit);
    }

    @Override
    public String describe() {
        return backend.describe();
    }

    @Override
    public void close() throws IOException {
        backend.close();
    }

    private final class NamingUpload implements Upload {
        private final Upload upload;

        NamingUpload(Upload upload) {
            this.upload = upload;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            try {
                upload.write(bytes, offset, length);
            } catch (IOException e) {
                throw named(UNNAMED, "write", e);
            }
        }

        @Override
        public void commit(String name) throws IOException {
            try {
                upload.commit(name);
            } catch (IOException e) {
                throw named(name, "store", e);
            }
        }

        @Override
        public void replace(String name) throws IOException {
            try {
                upload.replace(name);
            } catch (IOException e) {
                throw named(name, "put a whole object in the place of", e);
            }
        }

        @Override
        public void close() throws IOException {
            upload.close();
        }
    }
}
