package org.amacrine.sources.camera;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What goes wrong with a simulated camera, and when. Entries are separated by semicolons or commas:
 *
 * <pre>
 *   jitter 5ms          frames arrive up to 5 ms late, each by another time
 *   drop 1%             one frame in a hundred never arrives
 *   corrupt 0.5%        one frame in two hundred arrives damaged
 *   100 drop 5          frames 100 to 104 never arrive
 *   150 corrupt 2       frames 150 and 151 arrive damaged
 *   200 stall 1.5s      from frame 200 on the camera makes no frame for that long
 *   300 unplug 2s       at frame 300 the camera is lost, and cannot be opened for that long
 *   400 hang 10s        at frame 400 the library hangs for that long, whatever anybody does
 * </pre>
 *
 * @param jitterNanos the most that a frame is late
 * @param dropShare share of the frames that never arrive
 * @param corruptShare share of the frames that arrive damaged
 * @param events what happens once, in order
 */
record CameraScript(long jitterNanos, double dropShare, double corruptShare, List<Event> events) {
    private static final Pattern ENTRY =
            Pattern.compile("(?:(\\d{1,15})\\s+)?([a-z]+)(?:\\s+(\\d{1,12}(?:\\.\\d{1,9})?)\\s*(%|ms|s|min|h)?)?");
    private static final double LONGEST_SECONDS = 1e6;
    private static final double MOST_PERCENT = 90;

    /** What can happen. */
    enum Kind {
        DROP,
        CORRUPT,
        STALL,
        UNPLUG,
        HANG
    }

    /**
     * Something that happens once.
     *
     * @param frame number of the camera's frame at which it does
     * @param amount number of frames, or nanoseconds
     */
    record Event(long frame, Kind kind, long amount) {}

    /** Reads a script; throws {@link IllegalArgumentException} that names the entry that is wrong. */
    static CameraScript parse(String text) {
        long jitter = 0;
        double drop = 0;
        double corrupt = 0;
        List<Event> events = new ArrayList<>();
        for (String part : text.split("[;,\n]")) {
            String entry = part.strip();
            if (entry.isEmpty()) {
                continue;
            }
            Matcher matcher = ENTRY.matcher(entry);
            if (!matcher.matches()) {
                throw wrong(entry);
            }
            String what = matcher.group(2);
            String number = matcher.group(3);
            String unit = matcher.group(4) == null ? "" : matcher.group(4);
            if (matcher.group(1) != null) {
                events.add(new Event(
                        Long.parseLong(matcher.group(1)), kind(what, entry), amount(what, number, unit, entry)));
            } else if (what.equals("jitter")) {
                jitter = nanos(number, unit, entry);
            } else if (what.equals("drop")) {
                drop = share(number, unit, entry);
            } else if (what.equals("corrupt")) {
                corrupt = share(number, unit, entry);
            } else {
                throw wrong(entry);
            }
        }
        events.sort(Comparator.comparingLong(Event::frame));
        return new CameraScript(jitter, drop, corrupt, List.copyOf(events));
    }

    private static Kind kind(String what, String entry) {
        return switch (what) {
            case "drop" -> Kind.DROP;
            case "corrupt" -> Kind.CORRUPT;
            case "stall" -> Kind.STALL;
            case "unplug" -> Kind.UNPLUG;
            case "hang" -> Kind.HANG;
            default -> throw wrong(entry);
        };
    }

    private static long amount(String what, String number, String unit, String entry) {
        if (!what.equals("drop") && !what.equals("corrupt")) {
            return nanos(number, unit, entry);
        }
        if (number == null) {
            return 1;
        }
        if (!unit.isEmpty() || number.contains(".") || Long.parseLong(number) == 0) {
            throw wrong(entry);
        }
        return Long.parseLong(number);
    }

    private static double share(String number, String unit, String entry) {
        if (number == null || !unit.equals("%") || Double.parseDouble(number) > MOST_PERCENT) {
            throw wrong(entry);
        }
        return Double.parseDouble(number) / 100;
    }

    private static long nanos(String number, String unit, String entry) {
        if (number == null) {
            throw wrong(entry);
        }
        double scale = switch (unit) {
            case "ms" -> 1e-3;
            case "s" -> 1;
            case "min" -> 60;
            case "h" -> 3600;
            default -> throw wrong(entry);
        };
        double seconds = Double.parseDouble(number) * scale;
        if (seconds > LONGEST_SECONDS) {
            throw wrong(entry);
        }
        return Math.round(seconds * 1e9);
    }

    private static IllegalArgumentException wrong(String entry) {
        return new IllegalArgumentException("script: \"" + entry + "\" is no entry of a camera's script; entries are"
                + " \"jitter 5ms\", \"drop 1%\", \"corrupt 1%\", and with the number of a frame \"100 drop 5\","
                + " \"100 corrupt\", \"100 stall 1.5s\", \"100 unplug 2s\", \"100 hang 10s\"");
    }
}
