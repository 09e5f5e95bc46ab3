package io.packstone.testkit;

import io.packstone.backend.Backend;

class MemoryBackendTest extends BackendContract {
    @Override
    protected Backend open() {
        return new MemoryBackend();
    }
}
