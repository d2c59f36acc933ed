package org.amacrine.sinks.console;

import java.util.Locale;

/** What can be said about some frames in one line. */
final class Summary {
    private long frames;
    private long values;
    private long notFinite;
    private double min;
    private double max;
    private double sum;
    private boolean spikes;

    Summary() {
        clear();
    }

    /** Forgets all frames. */
    void clear() {
        frames = 0;
        values = 0;
        notFinite = 0;
        min = Double.POSITIVE_INFINITY;
        max = Double.NEGATIVE_INFINITY;
        sum = 0;
        spikes = true;
    }

    /** Adds a frame. */
    void add(float[] frame, int start, int count) {
        float smallest = Float.POSITIVE_INFINITY;
        float largest = Float.NEGATIVE_INFINITY;
        double total = 0;
        int finite = 0;
        int zerosAndOnes = 0;
        for (int i = start; i < start + count; i++) {
            float value = frame[i];
            if (Float.isFinite(value)) {
                finite++;
                smallest = value < smallest ? value : smallest;
                largest = value > largest ? value : largest;
                total += value;
                zerosAndOnes += value == 0 || value == 1 ? 1 : 0;
            }
        }
        frames++;
        values += finite;
        notFinite += count - finite;
        min = Math.min(min, smallest);
        max = Math.max(max, largest);
        sum += total;
        spikes &= zerosAndOnes == count;
    }

    /** Adds all frames of another summary. */
    void add(Summary other) {
        frames += other.frames;
        values += other.values;
        notFinite += other.notFinite;
        min = Math.min(min, other.min);
        max = Math.max(max, other.max);
        sum += other.sum;
        spikes &= other.spikes;
    }

    /** For example {@code 1000 frames  0..1  mean 0.0123  rate 12.3 Hz}. */
    String text(double stepsPerSecond) {
        StringBuilder text = new StringBuilder().append(frames).append(" frames");
        if (values > 0) {
            double mean = sum / values;
            text.append("  ").append(number(min)).append("..").append(number(max));
            text.append("  mean ").append(number(mean));
            if (spikes) {
                text.append("  rate ").append(number(mean * stepsPerSecond)).append(" Hz");
            }
        }
        if (notFinite > 0) {
            text.append("  not finite ").append(notFinite);
        }
        return text.toString();
    }

    private static String number(double value) {
        String text = String.format(Locale.ROOT, "%.4g", value);
        return text.contains("e") || !text.contains(".") ? text : text.replaceFirst("\\.?0+$", "");
    }
}
