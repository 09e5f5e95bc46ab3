package io.packstone.cli.setup;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;

/** The computer's time in its zone, which is looked up when it is asked for: that takes a tenth of {@code --version}. */
final class ComputerClock extends Clock {
    @Override
    public ZoneId getZone() {
        return ZoneId.systemDefault();
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return Clock.system(zone);
    }

    @Override
    public Instant instant() {
        return Instant.now();
    }
}
