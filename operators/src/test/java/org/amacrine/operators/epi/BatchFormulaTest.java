package org.amacrine.operators.epi;

import static org.amacrine.operators.epi.EpiGolden.assertClose;
import static org.amacrine.operators.epi.EpiGolden.doubles;
import static org.amacrine.operators.epi.EpiGolden.transposed;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.amacrine.operators.epi.BatchFormula.Value;
import org.junit.jupiter.api.Test;

/** Formulas on numbers worked out by hand, on the linear system, and against differences. */
class BatchFormulaTest {

    @Test
    void shouldEvaluateFormulasAndTheirAdjointSampleBySample() {
        BatchFormula formula = new BatchFormula(2);
        Value a = formula.parameter(0);
        Value b = formula.parameter(1);
        EmergentProperty property =
                formula.property(a.times(b).plus(1), a.over(b), a.minus(b).square());
        double[] z = {1, 6, 2, 3};
        double[] t = new double[6];
        property.simulate(z, 2, 0, t);
        assertArrayEquals(new double[] {3, 19, 0.5, 2, 1, 9}, t, 1e-15);

        double[] gradient = new double[4];
        property.pull(z, 2, 0, new double[] {1, 1, 10, 10, 100, 100}, gradient);
        // d/da = b + 10 / b + 200 (a - b), d/db = a - 10 a / b² - 200 (a - b)
        assertArrayEquals(
                new double[] {2 + 5 - 200, 3 + 10.0 / 3 + 600, 1 - 2.5 + 200, 6 - 60.0 / 9 - 600}, gradient, 1e-12);
    }

    @Test
    void shouldTakeTheSlopesOfEveryFunction() {
        Map<String, UnaryOperator<Value>> functions = Map.ofEntries(
                Map.entry("negated", Value::negated),
                Map.entry("square", Value::square),
                Map.entry("sqrt", Value::sqrt),
                Map.entry("rectified", Value::rectified),
                Map.entry("exp", Value::exp),
                Map.entry("log", Value::log),
                Map.entry("tanh", Value::tanh),
                Map.entry("sigmoid", Value::sigmoid),
                Map.entry("softplus", Value::softplus),
                Map.entry("sin", Value::sin),
                Map.entry("cos", Value::cos),
                Map.entry("times", v -> v.times(3).minus(2)));
        double step = 1e-6;
        functions.forEach((name, function) -> {
            BatchFormula formula = new BatchFormula(1);
            EmergentProperty property = formula.property(function.apply(formula.parameter(0)));
            double[] at = {0.7 - step, 0.7, 0.7 + step};
            double[] t = new double[3];
            property.simulate(at, 3, 0, t);
            double[] gradient = new double[3];
            property.pull(at, 3, 0, new double[] {1, 1, 1}, gradient);
            assertEquals((t[2] - t[0]) / (2 * step), gradient[1], 1e-8, name);
        });
    }

    @Test
    void shouldSayTheSameOfTheLinearSystemAsTheAdjointByHand() {
        BatchFormula formula = new BatchFormula(4);
        Value trace = formula.parameter(0).plus(formula.parameter(3));
        Value det = formula.parameter(0)
                .times(formula.parameter(3))
                .minus(formula.parameter(1).times(formula.parameter(2)));
        Value disc = trace.square().minus(det.times(4));
        Value re = trace.times(0.5).plus(disc.rectified().sqrt().times(0.5));
        Value im = disc.negated().rectified().sqrt().times(0.5);
        EmergentProperty property =
                formula.property(re, re.square(), im, im.minus(2 * Math.PI).square());
        Map<?, ?> golden = EpiGolden.map("linear2D");
        double[] rows = doubles(golden.get("A"));
        int samples = rows.length / 4;
        double[] z = transposed(rows, samples, 4);
        double[] t = new double[z.length];

        property.simulate(z, samples, 0, t);

        assertClose("T", doubles(golden.get("T_freq")), transposed(t, 4, samples), 1e-12);
        double[] tGradient = new double[z.length];
        Arrays.fill(tGradient, 2 * samples, 3 * samples, 1);
        double[] gradient = new double[z.length];
        double[] expected = new double[z.length];
        property.pull(z, samples, 0, tGradient, gradient);
        LinearSystem.frequency().pull(z, samples, 0, tGradient, expected);
        assertClose("gradient", expected, gradient, 1e-12);
    }

    @Test
    void shouldDrawTheSameNoiseForTheSameBatchOnly() {
        BatchFormula formula = new BatchFormula(1);
        EmergentProperty property =
                formula.property(formula.parameter(0).plus(formula.noise()), formula.constant(2), formula.noise());
        double[] z = new double[5];
        double[] first = new double[15];
        double[] again = new double[15];
        double[] other = new double[15];
        property.simulate(z, 5, 7, first);
        property.simulate(z, 5, 8, other);
        property.simulate(z, 5, 7, again);
        assertArrayEquals(first, again);
        assertFalse(Arrays.equals(first, other));
        assertFalse(first[0] == first[10], "each noise is its own");
        assertEquals(2, first[5]);
    }

    @Test
    void shouldRejectWhatIsNoFormulaOfItsOwn() {
        BatchFormula formula = new BatchFormula(2);
        Value foreign = new BatchFormula(2).parameter(0);
        assertThrows(IllegalArgumentException.class, () -> formula.parameter(2));
        assertThrows(IllegalArgumentException.class, formula::property);
        assertThrows(IllegalArgumentException.class, () -> formula.property(foreign));
        formula.property(formula.parameter(0));
        assertThrows(IllegalStateException.class, () -> formula.parameter(0).exp());
        assertThrows(IllegalArgumentException.class, () -> new BatchFormula(0));
    }
}
