package io.packstone.testkit;

import io.packstone.backend.Backend;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicLong;

/** A backend before whose n-th call something else is done, as if another process were as fast as that. */
public final class BesideBackend {
    private final AtomicLong calls = new AtomicLong();
    private final Backend backend;

    /** Something another process does. */
    public interface Deed {
        void run() throws IOException;
    }

    /** Does {@code deed} before call number {@code at}, counted from 1. */
    public BesideBackend(Backend inner, long at, Deed deed) {
        backend = (Backend) Proxy.newProxyInstance(
                Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, (proxy, method, arguments) -> {
                    if (calls.incrementAndGet() == at) {
                        deed.run();
                    }
                    try {
                        return method.invoke(inner, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /** To be used instead of the inner one. */
    public Backend backend() {
        return backend;
    }

    /** So many calls were made. */
    public long calls() {
        return calls.get();
    }
}
