package io.packstone.simulation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Lets exactly one of several actors run at a time. Before each step at the storage the one that runs passes the baton on,
 * to whom the seed says; an actor may stop for ever at any step.
 */
final class Baton {
    private final Random random;
    private final double stickiness;
    private final List<Actor> actors = new ArrayList<>();
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
        stickiness = new double[] {0, 0.4, 0.8, 0.9}[random.nextInt(4)];
    }

    /** Adds an actor that stops for ever after {@code steps} steps. */
    Actor add(int steps, Work work) {
        Actor actor = new Actor(work, steps);
        actors.add(actor);
        return actor;
    }

    private Actor choose(Actor current) {
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

    /** Runs all of them to their ends. */
    void run(ExecutorService threads) throws InterruptedException {
        actors.forEach(actor -> threads.execute(actor::run));
        actors.get(random.nextInt(actors.size())).turn.release();
        if (!finished.await(2, TimeUnit.MINUTES)) {
            throw new IllegalStateException("the actors wait for each other");
        }
    }
}
