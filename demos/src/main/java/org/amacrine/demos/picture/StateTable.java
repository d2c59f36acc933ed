package org.amacrine.demos.picture;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** What an animal does in each state, in figures: means of its motion, and how long visits last. */
final class StateTable {
    private final int[] steps;
    private final int[] visits;
    private final double[] speeds;
    private final double[] forwards;
    private final double[] turnings;
    private int all;
    private int before = -1;

    /** A table without a step. */
    StateTable(int states) {
        steps = new int[states];
        visits = new int[states];
        speeds = new double[states];
        forwards = new double[states];
        turnings = new double[states];
    }

    /**
     * Takes the next step.
     *
     * @param state what the animal does, or -1 where nobody knows
     * @param speed pixels/s
     * @param forward pixels/s
     * @param turning rad/s, clockwise
     */
    void add(int state, float speed, float forward, float turning) {
        if (state >= 0 && !Float.isNaN(turning)) {
            all++;
            steps[state]++;
            visits[state] += state == before ? 0 : 1;
            speeds[state] += speed;
            forwards[state] += forward;
            turnings[state] += turning;
        }
        before = state;
    }

    /** A line for each state that was seen, the most frequent one first. */
    String text(double stepsPerSecond) {
        List<Integer> order = new ArrayList<>();
        for (int k = 0; k < steps.length; k++) {
            if (steps[k] > 0) {
                order.add(k);
            }
        }
        order.sort(Comparator.comparing(k -> -steps[k]));
        StringBuilder text = new StringBuilder("state  of time  visits  mean     speed     forwards  turning\n");
        for (int k : order) {
            double n = steps[k];
            text.append(String.format(
                    Locale.ROOT,
                    "%5d  %5.1f %%  %6d  %4.2f s %5.0f px/s %5.0f px/s %6.2f rad/s%n",
                    k,
                    100 * n / all,
                    visits[k],
                    n / visits[k] / stepsPerSecond,
                    speeds[k] / n,
                    forwards[k] / n,
                    turnings[k] / n));
        }
        return text.toString();
    }
}
