package io.packstone.pipeline;

import io.packstone.backend.ObjectNames;
import io.packstone.backend.Upload;
import io.packstone.crypto.Envelope;
import io.packstone.crypto.Hmac;
import io.packstone.crypto.Sealer;
import io.packstone.format.Footer;
import io.packstone.format.Frame;
import io.packstone.format.FrameKind;
import io.packstone.id.ChunkId;
import io.packstone.id.PackId;
import io.packstone.pack.PackClass;
import io.packstone.pack.PackTable;
import io.packstone.pack.PackTableBuilder;
import io.packstone.pack.PackTableFormat;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Writes sealed blocks into packs of one class, in the order they arrive, on a thread of its own; a full pack is made
 * durable on a second one while the next is written.
 *
 * <p>At most {@value #BLOCKS_WAITING} blocks and {@value #PACKS_WAITING} full packs wait; after that {@link #add}
 * blocks. Threads: {@link #add} may be called from any.
 */
public final class PackStream implements AutoCloseable {
    private static final int BLOCKS_WAITING = 6;
    private static final int PACKS_WAITING = 2;
    private static final int BLOCKS_PER_PACK_MAX = 60_000;

    /**
     * A pack with a longer table ends early, as where files are tiny: what is known of chunks takes more room than they
     * do, and is held in memory several times while it is sealed and indexed.
     */
    private static final int TABLE_LENGTH_MAX = 2 << 20;

    private final PackContext context;
    private final PackClass packClass;
    private final FailureLatch failures;
    private final BlockingQueue<Step> blocks = new ArrayBlockingQueue<>(BLOCKS_WAITING);
    private final BlockingQueue<Step> packs = new ArrayBlockingQueue<>(PACKS_WAITING);
    private final @Nullable Thread writer;
    private final @Nullable Thread finisher;
    private final Sealer sealer;
    private final Set<Upload> uploads = ConcurrentHashMap.newKeySet();
    private @Nullable OpenPack open;
    private boolean closed;

    /** Starts the two threads; {@code failures} is shared with everything that must stop when a pack fails. */
    public PackStream(PackContext context, PackClass packClass, FailureLatch failures) {
        this(context, packClass, failures, true);
    }

    /** One without threads: whoever adds a block writes it. */
    public static PackStream direct(PackContext context, PackClass packClass, FailureLatch failures) {
        return new PackStream(context, packClass, failures, false);
    }

    private PackStream(PackContext context, PackClass packClass, FailureLatch failures, boolean threads) {
        this.context = context;
        this.sealer = new Sealer(context.randomness());
        this.packClass = packClass;
        this.failures = failures;
        if (!threads) {
            writer = null;
            finisher = null;
            return;
        }
        String name = "pack-" + packClass.name().toLowerCase(java.util.Locale.ROOT);
        writer = started(() -> consume(blocks), name);
        finisher = started(() -> consume(packs), name + "-finish");
    }

    private static Thread started(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private interface Step {
        /** False ends the thread. */
        boolean run() throws IOException, InterruptedException;
    }

    private record OpenPack(
            Upload upload,
            PackTableBuilder table,
            List<Envelope> envelopes,
            MessageDigest digest,
            long[] length,
            int[] blocks) {}

    /** Takes over {@code block}; blocks while the queue is full. Rethrows what failed on any thread. */
    public void add(StoredBlock block) throws IOException {
        offer(blocks, () -> {
            write(block);
            return true;
        });
    }

    /** Ends the open pack and waits until every pack is durable. The stream may be used again. */
    public void flush() throws IOException {
        java.util.concurrent.CountDownLatch done = new java.util.concurrent.CountDownLatch(1);
        offer(blocks, () -> {
            if (open != null) {
                finishOpenPack();
            }
            offer(packs, () -> {
                done.countDown();
                return true;
            });
            return true;
        });
        try {
            while (!done.await(50, TimeUnit.MILLISECONDS)) {
                failures.check();
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        failures.check();
    }

    private void offer(BlockingQueue<Step> queue, Step step) throws IOException {
        if (writer == null) {
            runHere(step);
            return;
        }
        try {
            do {
                failures.check();
            } while (!queue.offer(step, 50, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private synchronized void runHere(Step step) throws IOException {
        failures.check();
        try {
            step.run();
        } catch (InterruptedException e) {
            throw interrupted(e);
        } catch (IOException | RuntimeException | Error e) {
            failures.fail(e);
            throw e;
        }
    }

    private static IOException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        java.io.InterruptedIOException exception = new java.io.InterruptedIOException("interrupted");
        exception.initCause(e);
        return exception;
    }

    private void consume(BlockingQueue<Step> queue) {
        try {
            boolean more = true;
            while (more) {
                Step step = queue.poll(100, TimeUnit.MILLISECONDS);
                if (step != null) {
                    more = step.run();
                } else if (failures.failed()) {
                    more = false;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException | Error e) {
            failures.fail(e);
        }
    }

    private void write(StoredBlock block) throws IOException {
        OpenPack pack = open == null ? begin() : open;
        int envelope = pack.envelopes.indexOf(block.envelope());
        if (envelope < 0 && pack.envelopes.size() == PackTableFormat.ENVELOPES_MAX) {
            finishOpenPack();
            pack = begin();
        }
        if (envelope < 0) {
            envelope = pack.envelopes.size();
            pack.envelopes.add(block.envelope());
            pack.table.addEnvelope(block.envelope());
        }
        int ref = 0;
        for (int row = 0; row < block.rowCount(); row++) {
            int refCount = block.refCount(row);
            pack.table.addRow(
                    block.id(row),
                    block.chunkType(row),
                    block.isDead(row),
                    block.payloadLength(row),
                    block.refs(),
                    ref,
                    refCount);
            ref += refCount * ChunkId.LENGTH;
        }
        pack.table.endBlock(block.type(), block.codec(), envelope, block.stored().length, block.plainLength());
        append(pack, block.stored());
        pack.blocks[0]++;
        if (pack.length[0] >= context.packLengthTarget()
                || pack.blocks[0] >= BLOCKS_PER_PACK_MAX
                || pack.table.length() >= TABLE_LENGTH_MAX) {
            finishOpenPack();
        }
    }

    private OpenPack begin() throws IOException {
        PackTableBuilder table = new PackTableBuilder(packClass);
        Upload upload = context.backend().begin();
        uploads.add(upload);
        OpenPack pack = new OpenPack(upload, table, new ArrayList<>(), Hmac.sha256AtHand(), new long[1], new int[1]);
        open = pack;
        append(pack, Frame.header(FrameKind.PACK, context.keys().repository()));
        append(pack, context.job().toBytes());
        return pack;
    }

    private static void append(OpenPack pack, byte[] bytes) throws IOException {
        pack.upload.write(bytes, 0, bytes.length);
        pack.digest.update(bytes);
        pack.length[0] += bytes.length;
    }

    private void finishOpenPack() throws IOException {
        OpenPack pack = java.util.Objects.requireNonNull(open);
        open = null;
        offer(packs, () -> {
            finish(pack);
            return true;
        });
    }

    private void finish(OpenPack pack) throws IOException {
        try (Upload upload = pack.upload) {
            byte[] plain = pack.table.toBytes();
            long tableOffset = pack.length[0];
            byte[] sealed = new byte[Math.toIntExact(Sealer.sealedLength(plain.length))];
            byte[] aad = PackTableFormat.associatedData(context.keys().repository());
            sealer.seal(context.keys().packTableKey(), aad, plain, 0, plain.length, sealed, 0);
            verifyTable(sealed, aad, plain);
            append(pack, sealed);
            long total = pack.length[0] + Footer.LENGTH;
            append(
                    pack,
                    new Footer(
                                    tableOffset,
                                    sealed.length,
                                    plain.length,
                                    total,
                                    context.keys().repository())
                            .encode());
            PackId id = PackId.of(pack.digest.digest());
            PackTable table = PackTableFormat.decode(plain, "the table of pack " + id.toShortHex(), tableOffset);
            upload.commit(ObjectNames.pack(id));
            uploads.remove(upload);
            context.listener().packStored(id, total, table);
        }
    }

    private void verifyTable(byte[] sealed, byte[] aad, byte[] plain) throws IOException {
        byte[] opened = new byte[plain.length];
        sealer.open(
                context.keys().packTableKey(), aad, sealed, 0, sealed.length, opened, 0, "a pack table just sealed");
        if (!java.util.Arrays.equals(opened, plain)) {
            throw new io.packstone.error.CorruptionException(
                    "a pack table just sealed", "it does not open to what was sealed; check this machine's memory");
        }
    }

    /** Stops both threads; what was not flushed is abandoned. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        stop(writer);
        stop(finisher);
        for (Upload upload : uploads) {
            try {
                upload.close();
            } catch (IOException e) {
                failures.fail(e);
            }
        }
    }

    private static void stop(@Nullable Thread thread) {
        if (thread == null) {
            return;
        }
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
