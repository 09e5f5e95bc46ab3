package io.packstone.simulation;

import io.packstone.backend.ObjectNames;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Lets exactly one of several actors run at a time. Before each step at the storage the one that runs passes the baton on,
 * to whom the seed says; an actor may stop for ever at any step.
 *
 * <p>The seed chooses one of three ways. Anew at each step. By rank, where the one that runs is ranked lower a few times, at
 * random (Burckhardt and others, A Randomized Scheduler with Probabilistic Guarantees of Finding Bugs, ASPLOS 2010): that
 * finds mistakes which need somebody to sleep long. And by rank where an actor falls asleep between what it announced and
 * what follows from it, since it is there that the others matter to it.
 */
final class Baton {
    /** About so many steps are there in a run. */
    private static final int STEPS = 400;

    /** How often an actor falls asleep. */
    private static final int[] NAPS = {0, 1, 1, 2};

    /** About so many kinds of steps does an actor take at which others matter to it. */
    private static final int PLACES = 14;

    /** Where backups, prunes and forgets meet. */
    private static final Set<String> ARENA =
            Set.of(ObjectNames.SNAPSHOTS, ObjectNames.GC, ObjectNames.PACKS, ObjectNames.JOBS);

    private final Random random;
    private final double stickiness;
    private final boolean sleepy;
    private final boolean drowsy;
    private final List<Actor> actors = new ArrayList<>();
    private final List<Actor> ranking = new ArrayList<>();
    private final Set<Integer> changes = new HashSet<>();
    private final CountDownLatch finished = new CountDownLatch(1);
    private final List<String> trace = new ArrayList<>();
    private int steps;

    /** The end of an actor that was killed. */
    static final class KilledException extends IOException {
        KilledException() {
            super("killed");
        }
    }

    /** The folder of a name or a prefix, with its slash. */
    static String folder(String name) {
        return name.substring(0, name.indexOf('/') + 1);
    }

    /** What an actor does. */
    interface Work {
        void run(Actor actor) throws IOException;
    }

    /** One actor. */
    final class Actor {
        private final Semaphore turn = new Semaphore(0);
        private final String name;
        private final Work work;
        private final Set<String> seen = new HashSet<>();
        private final Set<Integer> naps = new HashSet<>();
        private String announced = "";
        private int stepsLeft;
        private boolean over;
        private boolean killed;
        private Throwable failure;

        private Actor(String name, Work work, int stepsLeft) {
            this.name = name;
            this.work = work;
            this.stepsLeft = stepsLeft;
            for (int i = drowsy ? 2 : sleepy ? NAPS[random.nextInt(NAPS.length)] : 0; i > 0; i--) {
                naps.add(1 + random.nextInt(PLACES));
            }
        }

        /** Waits until it is this actor's turn to do {@code call} with the objects {@code where}. */
        void step(String call, String where) throws IOException {
            if (stepsLeft-- <= 0 || killed) {
                killed = true;
                throw new KilledException();
            }
            Actor next = choose(this, call, where);
            if (next != this) {
                next.turn.release();
                turn.acquireUninterruptibly();
            }
            trace.add(name + " " + call + where);
        }

        /** Says that others may now see what this one is about to do, or has done. */
        void announce(String what) {
            announced = what;
        }

        /** Whether to sleep before a step, the first of its kind after what was announced last. */
        private boolean fallsAsleep(String call, String where) {
            boolean matters = (!announced.isEmpty() || call.equals("put "))
                    && ARENA.contains(folder(where))
                    && !where.endsWith(".b")
                    && !call.equals("get ")
                    && (!call.equals("delete ") || where.startsWith(ObjectNames.PACKS));
            return matters && seen.add(announced + call + folder(where)) && naps.contains(seen.size());
        }

        /** True when it was stopped before its end. */
        boolean isKilled() {
            return killed;
        }

        /** What it failed of; null when it did not. */
        Throwable failure() {
            return failure;
        }

        @Override
        public String toString() {
            return name;
        }

        private void run() {
            turn.acquireUninterruptibly();
            try {
                work.run(this);
            } catch (Throwable e) {
                failure = e;
            }
            over = true;
            trace.add(name + (killed ? " is killed" : " ends"));
            Actor next = choose(null, "", "");
            if (next == null) {
                finished.countDown();
            } else {
                next.turn.release();
            }
        }
    }

    /** {@code drowsy}: nobody does without naps. */
    Baton(Random random, boolean drowsy) {
        this.random = random;
        this.drowsy = drowsy;
        int way = drowsy ? 14 : random.nextInt(15);
        stickiness = way == 0 ? 0.4 : way == 1 ? 0.9 : -1;
        sleepy = way > 2;
        for (int i = way == 2 ? random.nextInt(5) : -1; i >= 0; i--) {
            changes.add(random.nextInt(STEPS));
        }
    }

    /** Adds an actor that stops for ever after {@code steps} steps. */
    Actor add(String name, int steps, Work work) {
        Actor actor = new Actor(name, work, steps);
        actors.add(actor);
        return actor;
    }

    /** Who did what, line by line. */
    List<String> trace() {
        return trace;
    }

    private Actor choose(Actor current, String call, String where) {
        if (stickiness < 0) {
            return chooseByRank(current, call, where);
        }
        if (current != null && random.nextDouble() < stickiness) {
            return current;
        }
        int left = 0;
        for (Actor actor : actors) {
            left += actor.over ? 0 : 1;
        }
        int chosen = left == 0 ? 0 : random.nextInt(left);
        for (Actor actor : actors) {
            if (!actor.over && chosen-- == 0) {
                return actor;
            }
        }
        return null;
    }

    /** Whoever comes first goes on until its end, or until it is put behind others. */
    private Actor chooseByRank(Actor current, String call, String where) {
        if (current != null && (changes.contains(steps++) || current.fallsAsleep(call, where))) {
            ranking.remove(current);
            int behind = ranking.size();
            ranking.add(random.nextBoolean() ? behind : 1 + random.nextInt(behind), current);
        }
        for (Actor actor : ranking) {
            if (!actor.over) {
                return actor;
            }
        }
        return null;
    }

    /** Runs all of them to their ends. */
    void run(ExecutorService threads) throws InterruptedException {
        ranking.addAll(actors);
        Collections.shuffle(ranking, random);
        actors.forEach(actor -> threads.execute(actor::run));
        ranking.get(0).turn.release();
        if (!finished.await(2, TimeUnit.MINUTES)) {
            throw new IllegalStateException("the actors wait for each other");
        }
    }
}
