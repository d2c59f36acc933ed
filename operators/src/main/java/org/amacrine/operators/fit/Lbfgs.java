package org.amacrine.operators.fit;

import java.util.LinkedHashMap;
import java.util.Map;
import org.amacrine.core.io.NdArray;

/**
 * The limited-memory method of Broyden, Fletcher, Goldfarb and Shanno (Nocedal 1980), without line search. A step is up to
 * {@code maxIterations} moves {@code theta += t d}, where d follows from the last moves and changes of the gradient by the two-loop
 * recursion; the first move of all goes down the gradient by {@code min(1, 1 / sum|g|) lr}, all later ones by lr d.
 *
 * <p>Follows the reference, also in that what it remembers survives from step to step. It ends a step when the gradient or the move
 * is small, or after so many evaluations. Without line search a move may overshoot by far.
 */
final class Lbfgs implements Optimiser {
    private static final double LEAST_CURVATURE = 1e-10;

    private final double rate;
    private final int maxIterations;
    private final int maxEvaluations;
    private final double toleranceGradient;
    private final double toleranceChange;
    private final int history;
    /** The last moves and changes of the gradient, as rings: the oldest at {@code oldest}. */
    private final double[][] moves;

    private final double[][] changes;
    private final double[] gradient;
    private final double[] lastGradient;
    private final double[] direction;
    private final double[] weights;
    private int oldest;
    private int pairs;
    private double scale = 1;
    private double length;
    private long total;

    Lbfgs(int size, Arguments a) {
        rate = a.get("lr", 1);
        maxIterations = a.count("maxIterations", 20);
        maxEvaluations = a.count("maxEvaluations", (int) Math.min(Integer.MAX_VALUE, maxIterations * 5L / 4));
        toleranceGradient = a.get("toleranceGradient", 1e-7);
        toleranceChange = a.get("toleranceChange", 1e-9);
        history = a.count("history", 100);
        moves = new double[history][size];
        changes = new double[history][size];
        gradient = new double[size];
        lastGradient = new double[size];
        direction = new double[size];
        weights = new double[history];
    }

    @Override
    public double step(double[] theta, Objective objective) {
        double first = objective.evaluate(theta, gradient);
        double loss = first;
        int evaluations = 1;
        boolean flat = largest(gradient) <= toleranceGradient;
        for (int iteration = 1; !flat && iteration <= maxIterations; iteration++) {
            total++;
            findDirection();
            System.arraycopy(gradient, 0, lastGradient, 0, gradient.length);
            double lastLoss = loss;
            length = total == 1 ? Math.min(1, 1 / sumOfAbsolutes(gradient)) * rate : rate;
            if (dot(gradient, direction) > -toleranceChange) {
                break;
            }
            for (int i = 0; i < theta.length; i++) {
                theta[i] += length * direction[i];
            }
            if (iteration < maxIterations) {
                loss = objective.evaluate(theta, gradient);
                evaluations++;
                flat = largest(gradient) <= toleranceGradient;
            }
            boolean still =
                    length * largest(direction) <= toleranceChange || Math.abs(loss - lastLoss) < toleranceChange;
            if (evaluations >= maxEvaluations || still) {
                break;
            }
        }
        return first;
    }

    /** From the gradient now and before; the first time down the gradient. */
    private void findDirection() {
        if (total > 1) {
            remember();
        }
        for (int i = 0; i < direction.length; i++) {
            direction[i] = -gradient[i];
        }
        for (int n = pairs - 1; n >= 0; n--) {
            int k = (oldest + n) % history;
            weights[k] = dot(moves[k], direction) / dot(changes[k], moves[k]);
            addTo(direction, -weights[k], changes[k]);
        }
        for (int i = 0; i < direction.length; i++) {
            direction[i] *= scale;
        }
        for (int n = 0; n < pairs; n++) {
            int k = (oldest + n) % history;
            double weight = dot(changes[k], direction) / dot(changes[k], moves[k]);
            addTo(direction, weights[k] - weight, moves[k]);
        }
    }

    /** Takes the last move and what it changed, if the curvature along it is positive. */
    private void remember() {
        double curvature = 0;
        double square = 0;
        for (int i = 0; i < gradient.length; i++) {
            double y = gradient[i] - lastGradient[i];
            curvature += y * direction[i] * length;
            square += y * y;
        }
        if (curvature <= LEAST_CURVATURE) {
            return;
        }
        int k = (oldest + pairs) % history;
        if (pairs < history) {
            pairs++;
        } else {
            oldest = (oldest + 1) % history;
        }
        for (int i = 0; i < gradient.length; i++) {
            changes[k][i] = gradient[i] - lastGradient[i];
            moves[k][i] = direction[i] * length;
        }
        scale = curvature / square;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static void addTo(double[] a, double factor, double[] b) {
        for (int i = 0; i < a.length; i++) {
            a[i] += factor * b[i];
        }
    }

    private static double largest(double[] values) {
        double largest = 0;
        for (double value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    private static double sumOfAbsolutes(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += Math.abs(value);
        }
        return sum;
    }

    @Override
    public Map<String, NdArray> save() {
        Map<String, NdArray> saved = new LinkedHashMap<>();
        int size = gradient.length;
        saved.put("moves", new NdArray(new int[] {history, size}, flat(moves)));
        saved.put("changes", new NdArray(new int[] {history, size}, flat(changes)));
        saved.put("lastGradient", new NdArray(new int[] {size}, lastGradient.clone()));
        saved.put("direction", new NdArray(new int[] {size}, direction.clone()));
        saved.put("counts", new NdArray(new int[] {3}, new long[] {oldest, pairs, total}));
        saved.put("numbers", new NdArray(new int[] {2}, new double[] {scale, length}));
        return saved;
    }

    private static double[] flat(double[][] rows) {
        double[] all = new double[rows.length * rows[0].length];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], 0, all, i * rows[i].length, rows[i].length);
        }
        return all;
    }

    @Override
    public void restore(Map<String, NdArray> saved) {
        int size = gradient.length;
        double[] savedMoves = Saved.require(saved, "moves", history * size).doubles();
        double[] savedChanges = Saved.require(saved, "changes", history * size).doubles();
        for (int k = 0; k < history; k++) {
            System.arraycopy(savedMoves, k * size, moves[k], 0, size);
            System.arraycopy(savedChanges, k * size, changes[k], 0, size);
        }
        System.arraycopy(Saved.require(saved, "lastGradient", size).doubles(), 0, lastGradient, 0, size);
        System.arraycopy(Saved.require(saved, "direction", size).doubles(), 0, direction, 0, size);
        long[] counts = (long[]) Saved.require(saved, "counts", 3).data();
        oldest = (int) counts[0];
        pairs = (int) counts[1];
        total = counts[2];
        double[] numbers = Saved.require(saved, "numbers", 2).doubles();
        scale = numbers[0];
        length = numbers[1];
    }
}
