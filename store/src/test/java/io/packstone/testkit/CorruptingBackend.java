package io.packstone.testkit;

import io.packstone.backend.Backend;
import io.packstone.backend.ListVisitor;
import io.packstone.backend.Upload;
import io.packstone.error.CorruptionException;
import io.packstone.error.LimitExceededException;
import io.packstone.error.MissingObjectException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/** Shows the objects of another backend damaged; the objects themselves stay whole. Puts pass through. Thread-safe. */
public final class CorruptingBackend implements Backend {
    private final Backend inner;
    private final Map<String, UnaryOperator<byte[]>> damages = new ConcurrentHashMap<>();
    private final Map<String, String> swaps = new ConcurrentHashMap<>();
    private final Map<String, long[]> unreadable = new ConcurrentHashMap<>();
    private final Set<String> dropped = ConcurrentHashMap.newKeySet();

    /** Shows everything as it is until told otherwise. */
    public CorruptingBackend(Backend inner) {
        this.inner = inner;
    }

    /** Shows the byte at {@code offset} with the bits of {@code mask} inverted. */
    public void flip(String name, long offset, int mask) {
        damages.put(name, bytes -> {
            bytes[Math.toIntExact(offset)] ^= (byte) mask;
            return bytes;
        });
    }

    /** Shows the first {@code length} bytes only. */
    public void truncate(String name, int length) {
        damages.put(name, bytes -> Arrays.copyOf(bytes, length));
    }

    /** Shows {@code extra} behind the object. */
    public void append(String name, byte[] extra) {
        damages.put(name, bytes -> {
            byte[] longer = Arrays.copyOf(bytes, bytes.length + extra.length);
            System.arraycopy(extra, 0, longer, bytes.length, extra.length);
            return longer;
        });
    }

    /** Shows other bytes. */
    public void replace(String name, byte[] bytes) {
        damages.put(name, before -> bytes.clone());
    }

    /** Hides an object. */
    public void drop(String name) {
        dropped.add(name);
    }

    /** Shows each of two objects under the other's name. */
    public void swap(String a, String b) {
        swaps.put(a, b);
        swaps.put(b, a);
    }

    /** Fails, as a device does, when a byte from {@code from} to before {@code to} is read. */
    public void unreadable(String name, long from, long to) {
        unreadable.put(name, new long[] {from, to});
    }

    private void expectReadable(String name, long offset, long length) throws IOException {
        long[] range = unreadable.get(name);
        if (range != null && offset < range[1] && offset + length > range[0]) {
            throw new IOException("Input/output error");
        }
    }

    /** Shows everything as it is again. */
    public void heal() {
        unreadable.clear();
        damages.clear();
        swaps.clear();
        dropped.clear();
    }

    private byte[] shown(String name) throws IOException {
        if (dropped.contains(name)) {
            throw new MissingObjectException(name, "a reader");
        }
        byte[] bytes = inner.get(swaps.getOrDefault(name, name), Integer.MAX_VALUE - 8);
        return damages.getOrDefault(name, same -> same).apply(bytes);
    }

    private boolean isWhole(String name) {
        return !dropped.contains(name) && !swaps.containsKey(name) && !damages.containsKey(name);
    }

    @Override
    public byte[] get(String name, int maxLength) throws IOException {
        expectReadable(name, 0, Long.MAX_VALUE);
        byte[] bytes = shown(name);
        if (bytes.length > maxLength) {
            throw new LimitExceededException(name, "its length", bytes.length, maxLength);
        }
        return bytes;
    }

    @Override
    public void read(String name, long offset, byte[] target, int targetOffset, int length) throws IOException {
        expectReadable(name, offset, length);
        if (isWhole(name)) {
            inner.read(name, offset, target, targetOffset, length);
            return;
        }
        byte[] bytes = shown(name);
        if (length > 0 && offset > bytes.length - (long) length) {
            throw new CorruptionException(name, bytes.length, "more bytes", "the end");
        }
        if (length > 0) {
            System.arraycopy(bytes, Math.toIntExact(offset), target, targetOffset, length);
        }
    }

    @Override
    public long length(String name) throws IOException {
        if (isWhole(name)) {
            return inner.length(name);
        }
        return dropped.contains(name) || inner.length(name) < 0 ? -1 : shown(name).length;
    }

    @Override
    public void list(String prefix, ListVisitor visitor) throws IOException {
        inner.list(prefix, (name, length) -> {
            long shown = isWhole(name) ? length : length(name);
            if (shown >= 0) {
                visitor.visit(name, shown);
            }
        });
    }

    @Override
    public void put(String name, byte[] bytes) throws IOException {
        inner.put(name, bytes);
    }

    @Override
    public boolean putIfAbsent(String name, byte[] bytes) throws IOException {
        return inner.putIfAbsent(name, bytes);
    }

    @Override
    public Upload begin() throws IOException {
        return inner.begin();
    }

    @Override
    public void delete(String name) throws IOException {
        inner.delete(name);
    }

    @Override
    public String describe() {
        return "corrupting " + inner.describe();
    }

    /** Leaves the inner backend open. */
    @Override
    public void close() {}
}
