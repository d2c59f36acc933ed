package org.amacrine.operators.arhmm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.Kernels;

/**
 * Which stickiness suits a recording: models are fitted to the first part of each sequence with one kappa after the other, and
 * asked how probable the rest is, which no fit has seen.
 */
public final class KappaScan {
    private final Sequences first;
    private final Sequences rest;
    private final Kernels kernels;
    private final Bands bands;

    /**
     * What a kappa led to.
     *
     * @param kappa the stickiness
     * @param logEvidence log probability of a frame of the rest given those before it, on the average, nats
     * @param states how many states have at least one frame of the first part
     * @param medianVisit frames that states last, the median over all visits of the first part
     */
    public record Row(double kappa, double logEvidence, int states, double medianVisit) {}

    /**
     * Parts the sequences.
     *
     * @param data at least one sequence
     * @param heldOut part of each sequence that is the rest, within 0 and 1
     */
    public KappaScan(Sequences data, double heldOut, Kernels kernels, Bands bands) {
        if (!(heldOut > 0 && heldOut < 1)) {
            throw new IllegalArgumentException(
                    "the part that is held out must be > 0 and < 1 but was " + heldOut + "; for example 0.25");
        }
        this.kernels = kernels;
        this.bands = bands;
        Sequences.Builder before = new Sequences.Builder(data.dims());
        Sequences.Builder behind = new Sequences.Builder(data.dims());
        for (int n = 0; n < data.count(); n++) {
            int frames = data.frames(n);
            int cut = frames - (int) Math.round(heldOut * frames);
            add(before, data, n, 0, cut);
            add(behind, data, n, cut, frames);
        }
        first = before.build();
        rest = behind.build();
    }

    private static void add(Sequences.Builder to, Sequences data, int n, int from, int end) {
        double[] mask = new double[end - from];
        Arrays.setAll(mask, t -> data.weight(n, from + t));
        to.add(Arrays.copyOfRange(data.x(n), from * data.dims(), end * data.dims()), mask);
    }

    /** What the fits are made to. */
    public Sequences first() {
        return first;
    }

    /** Runs a fit to {@link #first()} to its end, and says what it led to. */
    public Row row(Fit fit) {
        Observations observations =
                new Observations(rest, fit.result().parameters().lags());
        while (!fit.done()) {
            fit.step();
        }
        ArHmmParameters means = fit.posteriorMeans();
        double frames = 0;
        for (int n = 0; n < observations.count(); n++) {
            for (int s = 0; s < observations.length(n); s++) {
                frames += observations.weight(n, s);
            }
        }
        int[][] z = fit.result().states();
        return new Row(
                fit.result().hyperparameters().transitions().kappa(),
                new Functions(kernels, bands).marginalLogLikelihood(rest, means) / Math.max(1, frames),
                (int) Arrays.stream(z).flatMapToInt(Arrays::stream).distinct().count(),
                medianVisit(z));
    }

    /** The median length of stretches of equal states. */
    static double medianVisit(int[][] z) {
        List<Integer> visits = new ArrayList<>();
        for (int[] sequence : z) {
            int begin = 0;
            for (int s = 1; s <= sequence.length; s++) {
                if (s == sequence.length || sequence[s] != sequence[begin]) {
                    visits.add(s - begin);
                    begin = s;
                }
            }
        }
        int[] sorted = visits.stream().mapToInt(Integer::intValue).sorted().toArray();
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : 0.5 * (sorted[half - 1] + sorted[half]);
    }
}
