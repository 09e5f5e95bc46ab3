package io.packstone.cli.text;

import io.packstone.metadata.Timestamp;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Locale;

/** Sizes, counts, times and durations as people and machines read them. */
public final class Wording {
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    private Wording() {}

    /** A length in bytes, such as {@code 17 B}, {@code 4.2 KiB} or {@code 123 MiB}. */
    public static String size(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 999.5 && unit < UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0 || value >= 99.95
                ? Math.round(value) + " " + UNITS[unit]
                : oneDecimal(value) + " " + UNITS[unit];
    }

    private static String oneDecimal(double value) {
        long tenths = Math.round(value * 10);
        return tenths / 10 + "." + tenths % 10;
    }

    /** A count with its thousands apart, such as {@code 80,000}. */
    public static String count(long count) {
        String digits = Long.toString(count);
        StringBuilder text = new StringBuilder(digits);
        for (int at = digits.length() - 3; at > (count < 0 ? 1 : 0); at -= 3) {
            text.insert(at, ',');
        }
        return text.toString();
    }

    /** A count and its noun, such as {@code 1 file} or {@code 2 files}. */
    public static String count(long count, String noun) {
        return count(count) + " " + (count == 1 ? noun : noun + "s");
    }

    /** A duration, such as {@code 0.4 s}, {@code 42 s}, {@code 3:07} or {@code 2:03:07}. */
    public static String duration(double seconds) {
        if (seconds < 9.95) {
            return oneDecimal(Math.max(0, seconds)) + " s";
        }
        long whole = Math.round(seconds);
        if (whole < 60) {
            return whole + " s";
        }
        String text = whole / 3600 > 0 ? whole / 3600 + ":" + two(whole / 60 % 60) : Long.toString(whole / 60);
        return text + ":" + two(whole % 60);
    }

    private static String two(long value) {
        return value < 10 ? "0" + value : Long.toString(value);
    }

    /** A share of a whole, such as {@code 37 %}; empty when the whole is 0. */
    public static String percent(long part, long whole) {
        return whole <= 0 ? "" : Math.min(100, Math.round(100.0 * part / whole)) + " %";
    }

    /** A ratio, such as {@code 3.4}; {@code -} when there is nothing to divide by. */
    public static String ratio(long above, long below) {
        return below <= 0 ? "-" : String.format(Locale.ROOT, "%.2f", (double) above / below);
    }

    /** A time in {@code zone}, to the second: {@code 2026-11-23 12:00:00}. */
    public static String local(Timestamp time, ZoneId zone) {
        ZonedDateTime there = Instant.ofEpochSecond(time.seconds()).atZone(zone);
        return there.getYear() + "-" + two(there.getMonthValue()) + "-" + two(there.getDayOfMonth()) + " "
                + two(there.getHour()) + ":" + two(there.getMinute()) + ":" + two(there.getSecond());
    }

    /** A time in UTC by RFC 3339, with as many nanoseconds as it has. */
    public static String rfc3339(Timestamp time) {
        return Instant.ofEpochSecond(time.seconds(), time.nanos()).toString();
    }
}
