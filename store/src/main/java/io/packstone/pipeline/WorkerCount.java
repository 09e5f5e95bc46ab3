package io.packstone.pipeline;

/** How many threads work at once: one a processor, and no more than the heap has room for. */
public final class WorkerCount {
    private WorkerCount() {}

    /** When each needs {@code heapBytes} of the heap, the room for everything else included; at least one. */
    public static int forHeapEach(long heapBytes) {
        Runtime machine = Runtime.getRuntime();
        long room = machine.maxMemory() / heapBytes;
        return (int) Math.max(1, Math.min(machine.availableProcessors(), room));
    }
}
