package io.packstone.maintenance.retention;

import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneId;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A span of time as people write it: {@code 12h}, {@code 30d}, {@code 1y6m}. Days and longer follow the calendar. */
public record TimeSpan(Period period, Duration duration) {
    private static final Pattern FORM = Pattern.compile("(?:(\\d{1,4})y)?(?:(\\d{1,4})m)?(?:(\\d{1,4})w)?"
            + "(?:(\\d{1,5})d)?(?:(\\d{1,6})h)?(?:(\\d{1,7})min)?(?:(\\d{1,9})s)?");

    /** No time at all. */
    public static final TimeSpan NONE = new TimeSpan(Period.ZERO, Duration.ZERO);

    /**
     * Years, months, weeks, days, hours, minutes and seconds, in this order, each at most once; {@code 0} is none.
     *
     * @throws IllegalArgumentException when {@code text} is anything else
     */
    public static TimeSpan parse(String text) {
        if (text.equals("0")) {
            return NONE;
        }
        Matcher form = FORM.matcher(text);
        if (text.isEmpty() || !form.matches()) {
            throw new IllegalArgumentException("no span of time; write 12h, 30d, 8w or 1y6m");
        }
        Period period = Period.of(part(form, 1), part(form, 2), 7 * part(form, 3) + part(form, 4));
        Duration duration =
                Duration.ofHours(part(form, 5)).plusMinutes(part(form, 6)).plusSeconds(part(form, 7));
        return new TimeSpan(period, duration);
    }

    private static int part(Matcher form, int group) {
        return form.group(group) == null ? 0 : Integer.parseInt(form.group(group));
    }

    /** True when it is no time at all. */
    public boolean isNone() {
        return period.isZero() && duration.isZero();
    }

    /** That long before {@code instant}, by the calendar of {@code zone}. */
    public Instant before(Instant instant, ZoneId zone) {
        return instant.atZone(zone).minus(period).minus(duration).toInstant();
    }
}
