package io.packstone.backup.strategy;

import io.packstone.backup.strategy.Strategy.Kind;
import io.packstone.metadata.Timestamp;
import io.packstone.repository.StoredSnapshot;
import io.packstone.snapshot.SnapshotRecord;
import io.packstone.snapshot.TakenAs;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a strategy comes to.
 *
 * @param asked the strategy
 * @param taken never hybrid
 * @param before what files are compared with; null for nothing
 * @param partials what a run that was stopped has left: it goes on from there, where they have what {@code before} has not;
 *     the newest first
 */
public record Choice(Kind asked, Kind taken, @Nullable StoredSnapshot before, List<StoredSnapshot> partials) {
    /** A run that begins a little earlier in its hour than the last one did is still due. */
    private static final Duration SLACK_MAX = Duration.ofMinutes(10);

    private static final int SLACK_PART = 100;

    /** Each is read beside the source. */
    private static final int PARTIALS_MAX = 8;

    /** Of a stream, or where nothing is to be compared with. */
    public static final Choice WHOLE = new Choice(Kind.FULL, Kind.FULL, null, List.of());

    /**
     * For a snapshot that begins at {@code now}. It goes on from partial ones that no whole one came after, and that read as
     * much: a full one from those that were to be full, but for one that has nothing to go by.
     *
     * @param all those of the same host and paths, in the order they are listed
     */
    public static Choice of(Strategy strategy, List<StoredSnapshot> all, Timestamp now) {
        List<StoredSnapshot> earlier =
                all.stream().filter(s -> !s.record().isPartial()).toList();
        Choice choice = among(strategy, earlier, now);
        List<StoredSnapshot> partials = new ArrayList<>();
        for (int i = all.size() - 1; i >= 0 && all.get(i).record().isPartial(); i--) {
            if (partials.size() < PARTIALS_MAX && choice.goesOnFrom(all.get(i))) {
                partials.add(all.get(i));
            }
        }
        return choice.withPartials(partials);
    }

    private boolean goesOnFrom(StoredSnapshot partial) {
        return switch (taken) {
            case FULL -> taken(partial, Kind.FULL) || before == null && asked == Kind.INCREMENTAL;
            case DIFFERENTIAL -> taken(partial, Kind.FULL) || taken(partial, Kind.DIFFERENTIAL);
            case INCREMENTAL, HYBRID -> true;
        };
    }

    /** As {@link #of}, among {@code earlier} alone, whatever they are: whole ones, or the one that was named. */
    public static Choice among(Strategy strategy, List<StoredSnapshot> earlier, Timestamp now) {
        Kind asked = strategy.kind();
        StoredSnapshot newest = earlier.isEmpty() ? null : earlier.get(earlier.size() - 1);
        StoredSnapshot base = base(earlier);
        Kind wanted = asked == Kind.HYBRID ? due(strategy, earlier, now) : asked;
        StoredSnapshot before = wanted == Kind.DIFFERENTIAL ? base : newest;
        return before == null || wanted == Kind.DIFFERENTIAL && base == null
                ? new Choice(asked, Kind.FULL, newest, List.of())
                : new Choice(asked, wanted, before, List.of());
    }

    /** The newest full one that has everything; where each lacks something, the newest of those, for what one lacks is read. */
    private static @Nullable StoredSnapshot base(List<StoredSnapshot> earlier) {
        StoredSnapshot whole = null;
        StoredSnapshot any = null;
        for (StoredSnapshot snapshot : earlier) {
            if (taken(snapshot, Kind.FULL)) {
                any = snapshot;
                whole = snapshot.record().status().equals(SnapshotRecord.COMPLETE) ? snapshot : whole;
            }
        }
        return whole == null ? any : whole;
    }

    private static boolean taken(StoredSnapshot snapshot, Kind kind) {
        return TakenAs.parse(snapshot.record().strategy()).taken().equals(kind.word());
    }

    private static Kind due(Strategy strategy, List<StoredSnapshot> earlier, Timestamp now) {
        boolean full = true;
        boolean differential = true;
        for (StoredSnapshot snapshot : earlier) {
            Timestamp time = snapshot.record().time();
            boolean wasFull = taken(snapshot, Kind.FULL);
            boolean wasDifferential = taken(snapshot, Kind.DIFFERENTIAL);
            full &= !(wasFull && isWithin(strategy.fullEvery(), time, now));
            differential &= !((wasFull || wasDifferential) && isWithin(strategy.differentialEvery(), time, now));
        }
        if (full) {
            return Kind.FULL;
        }
        return differential ? Kind.DIFFERENTIAL : Kind.INCREMENTAL;
    }

    /** False for a time to come too: a clock that was wrong once must not put off the next full one for years. */
    private static boolean isWithin(Duration span, Timestamp time, Timestamp now) {
        Duration part = span.dividedBy(SLACK_PART);
        Duration least = span.minus(part.compareTo(SLACK_MAX) < 0 ? part : SLACK_MAX);
        Duration age = Duration.between(instant(time), instant(now));
        return !age.isNegative() && age.compareTo(least) < 0;
    }

    private static Instant instant(Timestamp time) {
        return Instant.ofEpochSecond(time.seconds(), time.nanos());
    }

    /** The same with nothing to compare with, as when it can't be read: everything is read. */
    public Choice withoutBefore() {
        return new Choice(asked, Kind.FULL, null, List.of());
    }

    /** The same, going on from {@code others} alone, which took over what this would have. */
    public Choice withOnly(List<StoredSnapshot> others) {
        return withoutBefore().withPartials(others);
    }

    /** The same, going on from {@code others}; no full one any more when one of those had not read every file. */
    public Choice withPartials(List<StoredSnapshot> others) {
        boolean isFull = taken == Kind.FULL && others.stream().allMatch(partial -> taken(partial, Kind.FULL));
        Kind kind = taken == Kind.FULL && !isFull ? Kind.INCREMENTAL : taken;
        return new Choice(asked, kind, before, List.copyOf(others));
    }

    /** What unchanged files are taken over from; null when every file is read. */
    public @Nullable StoredSnapshot parent() {
        return taken == Kind.FULL ? null : before;
    }

    /** As {@link #parent}; when that is null, the partial one that this goes on from, which no record names. */
    public @Nullable StoredSnapshot parentOrPartial() {
        StoredSnapshot parent = parent();
        return parent == null && !partials.isEmpty() ? partials.get(0) : parent;
    }

    /** As the record has it. */
    public TakenAs takenAs() {
        return new TakenAs(asked.word(), taken.word());
    }
}
