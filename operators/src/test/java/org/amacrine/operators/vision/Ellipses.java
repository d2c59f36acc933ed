package org.amacrine.operators.vision;

import java.util.Arrays;
import java.util.Random;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;

/** Films of ellipses on an even ground, drawn with soft edges: each pixel by the part of it that is covered. */
final class Ellipses {
    static final Shape SHAPE = Shape.image(120, 160);
    /** Points along each side of a pixel at which it is asked whether it is covered. */
    private static final int POINTS = 5;

    private final Frames frames;

    Ellipses(int count, double ground) {
        frames = Frames.zeros(SHAPE, count);
        Arrays.fill(frames.values(), (float) ground);
    }

    Frames frames() {
        return frames;
    }

    /** Draws an ellipse with whole axes {@code length} and {@code width}, the long one in direction {@code angle}. */
    Ellipses draw(int frame, double column, double row, double angle, double length, double width, double shade) {
        int at = frame * SHAPE.values();
        for (int y = 0; y < SHAPE.rows(); y++) {
            for (int x = 0; x < SHAPE.columns(); x++) {
                if (Math.hypot(x - column, y - row) < length / 2 + 1) {
                    double part = covered(x - column, y - row, angle, length, width);
                    int i = at + y * SHAPE.columns() + x;
                    frames.values()[i] = (float) (frames.values()[i] + part * (shade - frames.values()[i]));
                }
            }
        }
        return this;
    }

    private static double covered(double dx, double dy, double angle, double length, double width) {
        int inside = 0;
        for (int i = 0; i < POINTS * POINTS; i++) {
            double x = dx + (i % POINTS + 0.5) / POINTS - 0.5;
            double y = dy + (i / POINTS + 0.5) / POINTS - 0.5;
            double along = (x * Math.cos(angle) + y * Math.sin(angle)) * 2 / length;
            double across = (y * Math.cos(angle) - x * Math.sin(angle)) * 2 / width;
            if (along * along + across * across < 1) {
                inside++;
            }
        }
        return (double) inside / (POINTS * POINTS);
    }

    /** Adds normal noise. */
    Ellipses noise(double sigma, long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < frames.values().length; i++) {
            frames.values()[i] += (float) (sigma * random.nextGaussian());
        }
        return this;
    }

    /** Multiplies each frame. */
    Ellipses light(java.util.function.IntToDoubleFunction factor) {
        for (int i = 0; i < frames.values().length; i++) {
            frames.values()[i] *= (float) factor.applyAsDouble(i / SHAPE.values());
        }
        return this;
    }
}
