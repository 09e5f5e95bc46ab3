package io.packstone.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.packstone.backend.Backend;
import io.packstone.backend.ListVisitor;
import io.packstone.backend.local.LocalBackend;
import io.packstone.backend.local.WatchedDisk;
import io.packstone.testkit.FaultyBackend;
import io.packstone.testkit.FaultyBackend.Fault;
import io.packstone.testkit.FaultyBackend.Operation;
import io.packstone.testkit.MemoryBackend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Each of twelve commands meets an error at the N-th call to the storage, once or from then on, or a full disk at the N-th
 * call that needs room: it says so or completes; what was acknowledged is there, and the same command completes when
 * it is given again.
 */
final class FaultEverywhereTest {
    private static final Set<Operation> ALL = EnumSet.allOf(Operation.class);
    private static final Set<String> NEED_ROOM = Set.of("create", "write", "force", "publish", "replace", "mkdir");

    @Test
    void someCallsOfEachCommandFail() throws Exception {
        run(11);
    }

    @Test
    @Tag("soak")
    void everyCallOfEachCommandFails() throws Exception {
        run(1);
    }

    /** Every {@code stride}-th call, and among them the last ones of each command. */
    private static void run(int stride) throws Exception {
        try (Scratch scratch = new Scratch()) {
            int[] cases = new int[3];
            for (Command command : Command.values()) {
                TwelveCommands base =
                        new TwelveCommands(Files.createDirectory(scratch.path().resolve(command.name())));
                MemoryBackend before = base.prepared(command);
                FaultyBackend counting = new FaultyBackend(before.copy());
                counting.arm(Fault.FAIL_BEFORE, Integer.MAX_VALUE, ALL);
                base.run(command, counting, scratch.path());
                int calls = (int) counting.calls();
                cases[0] += calls;
                List<String> wrong = IntStream.rangeClosed(1, calls)
                        .filter(call -> call % stride == command.ordinal() % stride || call > calls - 3)
                        .parallel()
                        .mapToObj(call -> problems(base, command, before, call, scratch.path()))
                        .filter(problem -> !problem.isEmpty())
                        .toList();
                assertEquals(List.of(), wrong);
                Scratch.delete(scratch.path().resolve(command.name()));
            }
            System.out.println(Command.values().length + " commands of " + cases[0] + " calls; one in " + stride
                    + " of them failed, once and for good, or found no room");
        }
    }

    private static String problems(TwelveCommands base, Command command, MemoryBackend before, int call, Path scratch) {
        StringBuilder problems = new StringBuilder();
        for (String how : List.of("once", "for good", "no room")) {
            try {
                Path folder = Files.createTempDirectory(scratch, "at");
                if (how.equals("no room")) {
                    full(base, command, before, call, folder);
                } else {
                    MemoryBackend stored = before.copy();
                    FaultyBackend faulty = new FaultyBackend(stored);
                    faulty.arm(how.equals("once") ? Fault.FAIL_BEFORE : Fault.CRASH_BEFORE, call, ALL);
                    attempt(base, command, faulty, folder);
                    base.examine(command, stored, folder);
                }
                Scratch.delete(folder);
            } catch (IOException | RuntimeException | AssertionError e) {
                problems.append("\n")
                        .append(command)
                        .append(" at call ")
                        .append(call)
                        .append(' ')
                        .append(how);
                problems.append(": ").append(e).append(' ').append(Arrays.asList(e.getStackTrace()));
            }
        }
        return problems.toString();
    }

    private static void attempt(TwelveCommands base, Command command, Backend faulty, Path folder) {
        try {
            base.run(command, faulty, folder);
        } catch (IOException e) {
            assertTrue(e.getMessage() != null, "an error without a word: " + e);
        }
    }

    /** On a disk that has no room from the N-th call that needs some on, for as long as the command runs. */
    private static void full(TwelveCommands base, Command command, MemoryBackend before, int call, Path folder)
            throws IOException {
        Path root = folder.resolve("repository");
        try (Backend disk = new LocalBackend(root)) {
            for (var object : before.stored().entrySet()) {
                disk.put(object.getKey(), object.getValue());
            }
        }
        AtomicInteger calls = new AtomicInteger();
        Backend full = WatchedDisk.open(root, each -> {
            if (NEED_ROOM.contains(each.split(" ")[0]) && calls.incrementAndGet() >= call) {
                throw new IOException(each + ": No space left on device");
            }
        });
        attempt(base, command, full, folder);
        MemoryBackend after = new MemoryBackend();
        try (Backend disk = new LocalBackend(root)) {
            ListVisitor copy = (name, length) -> after.put(name, disk.get(name, (int) length));
            disk.list("", copy);
        }
        base.examine(command, after, folder);
    }

    /** The commands. */
    enum Command {
        INIT,
        FIRST_SNAPSHOT,
        SECOND_SNAPSHOT,
        RESTORE,
        CHECK,
        FORGET,
        UNDELETE,
        PRUNE,
        REBUILD_INDEX,
        REPAIR,
        KEY_ADD,
        PARITY_ADD
    }
}
