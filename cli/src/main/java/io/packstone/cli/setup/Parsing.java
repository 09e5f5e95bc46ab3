package io.packstone.cli.setup;

import io.packstone.backup.resume.Interval;
import io.packstone.maintenance.retention.TimeSpan;
import io.packstone.metadata.Quoting;
import io.packstone.metadata.RawName;
import io.packstone.metadata.Timestamp;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Locale;

/** Values of options: sizes, shares and times. What can't be read is a {@link UsageException} that shows the forms. */
public final class Parsing {
    private Parsing() {}

    /** A length in bytes: {@code 500}, {@code 64K}, {@code 1.5GiB}; units are powers of 1024. */
    public static long size(String option, String text) throws UsageException {
        String upper = text.strip().toUpperCase(Locale.ROOT);
        int end = upper.length();
        while (end > 0 && Character.isLetter(upper.charAt(end - 1))) {
            end--;
        }
        String unit = upper.substring(end);
        int power = unit.isEmpty() || unit.equals("B") ? 0 : 1 + "KMGTP".indexOf(unit.charAt(0));
        boolean known = power == 0 || unit.length() == 1 || unit.substring(1).equals("IB");
        double value = number(upper.substring(0, end).strip());
        double bytes = value * Math.pow(1024, power);
        if (power < 0
                || unit.length() > 0 && power == 0 && !unit.equals("B")
                || !known
                || !(value >= 0)
                || bytes > 1L << 60) {
            throw new UsageException(option + ": '" + Quoting.quote(text)
                    + "' is no size; write 500, 64K, 1.5G or 10MiB (powers of 1024)");
        }
        return Math.round(bytes);
    }

    /** What is to be kept as text: refused when it is none. */
    public static String text(String option, String argument) throws UsageException {
        RawName bytes = RawText.encode(argument);
        if (!bytes.isUtf8()) {
            throw new UsageException(option + ": '" + bytes + "' is not UTF-8");
        }
        return argument;
    }

    /** A share: {@code 5%}. */
    public static double percent(String option, String text) throws UsageException {
        double value = text.endsWith("%") ? number(text.substring(0, text.length() - 1)) : -1;
        if (!(value > 0 && value <= 100)) {
            throw new UsageException(option + ": '" + Quoting.quote(text) + "' is no share; write 5% or 0.1%");
        }
        return value;
    }

    private static double number(String digits) {
        boolean plain = !digits.isEmpty() && digits.chars().allMatch(c -> c >= '0' && c <= '9' || c == '.');
        try {
            return plain ? Double.parseDouble(digits) : -1;
        } catch (NumberFormatException e) {
            return -1; // Two points, or a point alone.
        }
    }

    /** A time: RFC 3339 or, in {@code zone}, {@code 2026-11-23T12:00} with seconds if need be. */
    public static Timestamp time(String option, String text, ZoneId zone) throws UsageException {
        try {
            Instant instant = hasOffset(text)
                    ? OffsetDateTime.parse(text).toInstant()
                    : LocalDateTime.parse(text).atZone(zone).toInstant();
            return new Timestamp(instant.getEpochSecond(), instant.getNano());
        } catch (DateTimeException e) {
            throw new UsageException(option + ": '" + Quoting.quote(text)
                    + "' is no time; write 2026-11-23T12:00 or 2026-11-23T12:00:00+01:00");
        }
    }

    private static boolean hasOffset(String text) {
        int time = text.indexOf('T');
        String clock = time < 0 ? "" : text.substring(time);
        return clock.endsWith("Z") || clock.endsWith("z") || clock.indexOf('+') >= 0 || clock.indexOf('-') >= 0;
    }

    /** A span of time. */
    public static TimeSpan span(String option, String text) throws UsageException {
        try {
            return TimeSpan.parse(text);
        } catch (IllegalArgumentException e) {
            throw new UsageException(option + ": '" + Quoting.quote(text) + "' is " + e.getMessage());
        }
    }

    /** A span of time until now, by the calendar of the clock. */
    public static Duration duration(String option, String text, Clock clock) throws UsageException {
        Instant now = clock.instant();
        return Duration.between(span(option, text).before(now, clock.getZone()), now);
    }

    /** How often: a span of time, a length in bytes, or {@code never}. What could be either is refused. */
    public static Interval interval(String option, String text, Clock clock) throws UsageException {
        if (text.equals("never")) {
            return Interval.NEVER;
        }
        Interval time = null;
        Interval bytes = null;
        try {
            time = Interval.every(duration(option, text, clock));
        } catch (UsageException | IllegalArgumentException e) {
            time = null; // No span, or one of no time.
        }
        try {
            bytes = Interval.everyBytes(size(option, text));
        } catch (UsageException | IllegalArgumentException e) {
            bytes = null;
        }
        if (time != null && bytes != null) {
            throw new UsageException(option + ": '" + Quoting.quote(text)
                    + "' may be months or megabytes; write 5min for minutes, 5MiB for bytes");
        }
        if (time == null && bytes == null) {
            throw new UsageException(option + ": '" + Quoting.quote(text)
                    + "' is neither a span of time nor a size; write 5min, 8G or never");
        }
        return time == null ? java.util.Objects.requireNonNull(bytes) : time;
    }
}
