package org.amacrine.operators.latent;

import java.util.List;
import java.util.Map;
import org.amacrine.core.io.NdArray;

/** Makes bumps as the manifest describes them. */
final class GoldenBumps {
    private GoldenBumps() {}

    /** The module of a case, with the parameters under a key such as {@code params} or {@code before}. */
    static WanderingModule module(LatentGolden.Case golden, String key) {
        Map<String, NdArray> parameters = golden.named(golden.map(key));
        if (parameters.containsKey("bump_fcns.0.c")) {
            return slowSum(golden, parameters);
        }
        double[] c = parameters.get("c").doubles();
        double[] w = parameters.get("w").doubles();
        double[] m = parameters.get("m").doubles();
        if (parameters.get("c").shape().length == 1) {
            return new BumpFcn(
                    c,
                    w,
                    m[0],
                    rows(golden, "c_bounds_rows_low_high"),
                    rows(golden, "w_bounds_rows_low_high"),
                    perturbation(golden),
                    number(golden, "support_p", 0.01));
        }
        return new SumOfBumpFcns(
                matrix(c, m.length),
                matrix(w, m.length),
                m,
                columns(golden, "c_bounds_cols_low_high"),
                columns(golden, "w_bounds_cols_low_high"));
    }

    private static WanderingModule slowSum(LatentGolden.Case golden, Map<String, NdArray> parameters) {
        int bumps = parameters.size() / 3;
        int dims = parameters.get("bump_fcns.0.c").size();
        double[][] c = new double[dims][bumps];
        double[][] w = new double[dims][bumps];
        double[] m = new double[bumps];
        for (int b = 0; b < bumps; b++) {
            for (int j = 0; j < dims; j++) {
                c[j][b] = parameters.get("bump_fcns." + b + ".c").at(j);
                w[j][b] = parameters.get("bump_fcns." + b + ".w").at(j);
            }
            m[b] = parameters.get("bump_fcns." + b + ".m").scalar();
        }
        return new SlowSumOfBumpFcns(
                c,
                w,
                m,
                columns(golden, "c_bounds_cols_low_high"),
                columns(golden, "w_bounds_cols_low_high"),
                perturbation(golden),
                number(golden, "support_p", 0.01));
    }

    private static double[][] matrix(double[] values, int columns) {
        double[][] matrix = new double[values.length / columns][columns];
        for (int i = 0; i < values.length; i++) {
            matrix[i / columns][i % columns] = values[i];
        }
        return matrix;
    }

    private static WanderingModule.Perturbation perturbation(LatentGolden.Case golden) {
        return new WanderingModule.Perturbation(
                number(golden, "c_grad_std", 0), number(golden, "w_grad_std", 0), number(golden, "m_grad_gain", 0));
    }

    private static double number(LatentGolden.Case golden, String key, double otherwise) {
        Object value = golden.has("config") ? golden.map("config").get(key) : null;
        return value == null ? otherwise : ((Number) value).doubleValue();
    }

    /** Bounds of which the manifest has the lower ones, then the upper ones. */
    private static BumpBounds rows(LatentGolden.Case golden, String key) {
        List<?> rows = (List<?>) golden.map("config").get(key);
        return rows == null ? null : new BumpBounds(numbers(rows.get(0)), numbers(rows.get(1)));
    }

    /** Bounds of which the manifest has the lower and the upper one of each coordinate. */
    private static BumpBounds columns(LatentGolden.Case golden, String key) {
        List<?> pairs = (List<?>) golden.map("config").get(key);
        if (pairs == null) {
            return null;
        }
        double[][] values = pairs.stream().map(GoldenBumps::numbers).toArray(double[][]::new);
        double[] low = new double[values.length];
        double[] high = new double[values.length];
        for (int j = 0; j < values.length; j++) {
            low[j] = values[j][0];
            high[j] = values[j][1];
        }
        return new BumpBounds(low, high);
    }

    private static double[] numbers(Object list) {
        return ((List<?>) list)
                .stream().mapToDouble(n -> ((Number) n).doubleValue()).toArray();
    }
}
