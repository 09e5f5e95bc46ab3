package io.packstone.testkit;

import io.packstone.backend.Backend;
import io.packstone.backend.ListVisitor;
import io.packstone.backend.Upload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A backend that counts its calls and breaks at one of them. A test runs something once to count, then once for each
 * number, and looks at what is left. Thread-safe.
 */
public class FaultyBackend implements Backend {
    /** What can be counted. */
    public enum Operation {
        PUT,
        PUT_IF_ABSENT,
        BEGIN,
        WRITE,
        COMMIT,
        GET,
        READ,
        LENGTH,
        LIST,
        DELETE
    }

    /** How the chosen call breaks. */
    public enum Fault {
        /** It does nothing and fails; later calls work. */
        FAIL_BEFORE,
        /** It does its work and fails all the same; later calls work. */
        FAIL_AFTER,
        /** It does nothing; it and every later call fail. */
        CRASH_BEFORE,
        /** It does its work; it and every later call fail. */
        CRASH_AFTER,
        /** As CRASH_AFTER, but of a put only the first half of the bytes arrives: a store that broke its promise. */
        TORN
    }

    /** The failure that a test ordered. */
    public static final class InjectedFaultException extends IOException {
        InjectedFaultException(String message) {
            super(message);
        }
    }

    /** Calls that change something. */
    public static final Set<Operation> CHANGES = Collections.unmodifiableSet(
            EnumSet.of(Operation.PUT, Operation.PUT_IF_ABSENT, Operation.COMMIT, Operation.DELETE));

    private final Backend inner;
    private final List<String> log = new ArrayList<>();
    private Set<Operation> counted = CHANGES;
    private Fault fault = Fault.FAIL_BEFORE;
    private long brokenCall;
    private long calls;
    private boolean crashed;

    /** Passes everything on to {@code inner} until {@link #arm} is called. */
    public FaultyBackend(Backend inner) {
        this.inner = inner;
    }

    /** Breaks at the {@code call}-th call from now on, from 1, among {@code operations}; 0 never. */
    public synchronized void arm(Fault how, long call, Set<Operation> operations) {
        fault = how;
        brokenCall = call;
        counted = operations;
        calls = 0;
        crashed = false;
        log.clear();
    }

    /** How many calls were counted since {@link #arm}. */
    public synchronized long calls() {
        return calls;
    }

    /** True once the chosen call came. */
    public synchronized boolean isTriggered() {
        return brokenCall > 0 && calls >= brokenCall;
    }

    /** The counted calls in order, such as "PUT config/1". */
    public synchronized List<String> log() {
        return List.copyOf(log);
    }

    /** Counts and fails if that is ordered; true when the call is to do its work and fail then. */
    private synchronized boolean enter(Operation operation, String name) throws IOException {
        if (crashed) {
            throw new InjectedFaultException("the backend is gone: " + operation + " " + name);
        }
        if (!counted.contains(operation)) {
            return false;
        }
        calls++;
        log.add(operation + " " + name);
        if (calls != brokenCall) {
            return false;
        }
        crashed = fault != Fault.FAIL_BEFORE && fault != Fault.FAIL_AFTER;
        if (fault == Fault.FAIL_BEFORE || fault == Fault.CRASH_BEFORE) {
            throw broken(operation, name);
        }
        return true;
    }

    private static InjectedFaultException broken(Operation operation, String name) {
        return new InjectedFaultException("ordered to fail: " + operation + " " + name);
    }

    private synchronized byte[] torn(byte[] bytes) {
        return fault == Fault.TORN ? Arrays.copyOf(bytes, bytes.length / 2) : bytes;
    }

    @Override
    public void put(String name, byte[] bytes) throws IOException {
        boolean breaks = enter(Operation.PUT, name);
        inner.put(name, breaks ? torn(bytes) : bytes);
        leave(breaks, Operation.PUT, name);
    }

    private static void leave(boolean breaks, Operation operation, String name) throws IOException {
        if (breaks) {
            throw broken(operation, name);
        }
    }

    @Override
    public boolean putIfAbsent(String name, byte[] bytes) throws IOException {
        boolean breaks = enter(Operation.PUT_IF_ABSENT, name);
        boolean created = inner.putIfAbsent(name, breaks ? torn(bytes) : bytes);
        leave(breaks, Operation.PUT_IF_ABSENT, name);
        return created;
    }

    @Override
    public Upload begin() throws IOException {
        boolean breaks = enter(Operation.BEGIN, "");
        Upload upload = inner.begin();
        leave(breaks, Operation.BEGIN, "");
        return new Upload() {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                boolean breaksWrite = enter(Operation.WRITE, "");
                upload.write(bytes, offset, length);
                leave(breaksWrite, Operation.WRITE, "");
            }

            @Override
            public void commit(String name) throws IOException {
                boolean breaksCommit = enter(Operation.COMMIT, name);
                upload.commit(name);
                leave(breaksCommit, Operation.COMMIT, name);
            }

            @Override
            public void replace(String name) throws IOException {
                boolean breaksReplace = enter(Operation.COMMIT, name);
                upload.replace(name);
                leave(breaksReplace, Operation.COMMIT, name);
            }

            @Override
            public void close() throws IOException {
                upload.close();
            }
        };
    }

    @Override
    public byte[] get(String name, int maxLength) throws IOException {
        boolean breaks = enter(Operation.GET, name);
        byte[] bytes = inner.get(name, maxLength);
        leave(breaks, Operation.GET, name);
        return bytes;
    }

    @Override
    public void read(String name, long offset, byte[] target, int targetOffset, int length) throws IOException {
        boolean breaks = enter(Operation.READ, name);
        inner.read(name, offset, target, targetOffset, length);
        leave(breaks, Operation.READ, name);
    }

    @Override
    public long length(String name) throws IOException {
        boolean breaks = enter(Operation.LENGTH, name);
        long length = inner.length(name);
        leave(breaks, Operation.LENGTH, name);
        return length;
    }

    @Override
    public void list(String prefix, ListVisitor visitor) throws IOException {
        boolean breaks = enter(Operation.LIST, prefix);
        inner.list(prefix, visitor);
        leave(breaks, Operation.LIST, prefix);
    }

    @Override
    public void delete(String name) throws IOException {
        boolean breaks = enter(Operation.DELETE, name);
        inner.delete(name);
        leave(breaks, Operation.DELETE, name);
    }

    @Override
    public String describe() {
        return "faulty " + inner.describe();
    }

    /** Leaves the inner backend open, so that a test can look at it. */
    @Override
    public void close() {}
}
