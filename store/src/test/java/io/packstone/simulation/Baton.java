package io.packstone.simulation;

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
 * <p>Half of the seeds choose anew at each step, half rank the actors and change the ranks a few times, which finds
 * mistakes that need somebody to sleep long at one step (Burckhardt and others, A Randomized Scheduler with Probabilistic
 * Guarantees of Finding Bugs, ASPLOS 2010).
 */
final class Baton {
    /** About so many steps are there in a run. */
    private static final int STEPS = 400;

    private final Random random;
    private final double stickiness;
    private final List<Actor> actors = new ArrayList<>();
    private final List<Actor> ranking = new ArrayList<>();
    private final Set<Integer> changes = new HashSet<>();
    private int steps;
    private final CountDownLatch finished = new CountDownLatch(1);

    /** The end of an actor that was killed. */
    static final class KilledException extends IOException {
        KilledException() {
            super("killed");
        }
    }

    /** What an actor does. */
    interface Work {
        void run(Actor actor) throws IOException;
    }

    /** One actor. */
    final class Actor {
        private final Semaphore turn = new Semaphore(0);
        private final Work work;
        private int stepsLeft;
        private boolean over;
        private boolean killed;
        private Throwable failure;

        private Actor(Work work, int stepsLeft) {
            this.work = work;
            this.stepsLeft = stepsLeft;
        }

        /** Waits until it is this actor's turn. */
        void step() throws IOException {
            if (stepsLeft-- <= 0 || killed) {
                killed = true;
                throw new KilledException();
            }
            Actor next = choose(this);
            if (next != this) {
                next.turn.release();
                turn.acquireUninterruptibly();
            }
        }

        /** True when it was stopped before its end. */
        boolean isKilled() {
            return killed;
        }

        /** What it failed of; null when it did not. */
        Throwable failure() {
            return failure;
        }

        private void run() {
            turn.acquireUninterruptibly();
            try {
                work.run(this);
            } catch (Throwable e) {
                failure = e;
            }
            over = true;
            Actor next = choose(null);
            if (next == null) {
                finished.countDown();
            } else {
                next.turn.release();
            }
        }
    }

    Baton(Random random) {
        this.random = random;
        stickiness = new double[] {0.4, 0.9, -1, -1}[random.nextInt(4)];
        if (stickiness < 0) {
            for (int i = random.nextInt(5); i >= 0; i--) {
                changes.add(random.nextInt(STEPS));
            }
        }
    }

    /** Adds an actor that stops for ever after {@code steps} steps. */
    Actor add(int steps, Work work) {
        Actor actor = new Actor(work, steps);
        actors.add(actor);
        return actor;
    }

    private Actor choose(Actor current) {
        if (stickiness < 0) {
            return chooseByPriority(current);
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

    /** Whoever comes first goes on until its end, or until it is put behind all others. */
    private Actor chooseByPriority(Actor current) {
        if (changes.contains(steps++) && current != null) {
            ranking.remove(current);
            ranking.add(current);
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
