package org.amacrine.operators.fit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Rules of optimisers on gradients that are given. The expected numbers are those that the program {@code fit/optimiser_rules.py} in
 * the test resources prints: the rules once more, in Python, from the equations.
 */
class RulesTest {
    private static final double[][] GRADIENTS = {
        {1.0, -0.3}, {-0.5, -0.1}, {2.0, 0.4}, {0.25, -0.2}, {0.7, 0.05}, {-1.5, 0.6}, {0.3, 0.2}
    };

    /** Takes the steps from one to another from where theta is. */
    private static void steps(Optimiser optimiser, double[] theta, int from, int to) {
        for (int n = from; n < to; n++) {
            double[] given = GRADIENTS[n];
            double loss = n;
            assertEquals(loss, optimiser.step(theta, (values, gradient) -> {
                System.arraycopy(given, 0, gradient, 0, given.length);
                return loss;
            }));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "sgd:lr=0.1,momentum=0.9,weightDecay=0.1,nesterov=1; -0.37926561381683915; -1.597068948806559",
                "sgd:lr=0.1,momentum=0.9,dampening=0.2,weightDecay=0.1; -0.1445034214820347; -1.6331972258755791",
                "adam:lr=0.1,beta1=0.8,beta2=0.9,eps=0.001,weightDecay=0.05,amsgrad=1; 0.6510935979921917; -1.762265314728364",
                "adamw:lr=0.1,beta1=0.8,beta2=0.9,eps=0.001; 0.658003830265039; -1.8993768453259585",
                "adamax; 0.9948570983934617; -1.9973405122552075",
                "nadam; 0.9962497474518076; -2.0011216291675553",
                "radam:lr=0.1; 0.6523357897711304; -1.949312731724581",
                "adagrad:lr=0.1,lrDecay=0.2,initial=0.5; 0.8893074510213219; -2.0081986290229663",
                "rmsprop:alpha=0.9,momentum=0.5,centered=1; 0.9023483397019909; -1.9911198420475382",
                "rprop; 0.9682; -1.9786",
                "asgd:lr=0.1,lambd=0.01; 0.7693461308670595; -2.0507970665696416",
                "adadelta; 0.9947004677860278; -2.004078903050813"
            })
    void shouldMoveByTheRule(String text, double first, double second) {
        Optimiser optimiser = Optimisers.parse(text, 2);
        double[] theta = {1, -2};

        steps(optimiser, theta, 0, GRADIENTS.length);

        assertArrayEquals(new double[] {first, second}, theta, 1e-12, text);
    }

    static List<String> names() {
        return Optimisers.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void shouldGoOnFromWhatWasSaved(String name) {
        Map<String, Double> rate = Map.of("lr", 0.1);
        Optimiser straight = Optimisers.of(name, rate, 2);
        double[] expected = {1, -2};
        steps(straight, expected, 0, 3);
        double[] theta = expected.clone();
        Optimiser restored = Optimisers.of(name, rate, 2);
        restored.restore(straight.save());

        steps(straight, expected, 3, 7);
        steps(restored, theta, 3, 7);

        assertArrayEquals(expected, theta);
        assertThrows(
                IllegalArgumentException.class,
                () -> Optimisers.of(name, rate, 3).restore(straight.save()));
    }

    /** f = a² + 10 b², whose smallest value is at 0: without line search, with the curvature it learns. */
    @Test
    void shouldFindTheMinimumOfAQuadraticFunctionByItsCurvature() {
        Optimiser lbfgs = Optimisers.parse("lbfgs", 2);
        double[] theta = {3, -2};

        double first = lbfgs.step(theta, (at, gradient) -> {
            gradient[0] = 2 * at[0];
            gradient[1] = 20 * at[1];
            return at[0] * at[0] + 10 * at[1] * at[1];
        });

        assertEquals(49, first);
        assertArrayEquals(new double[2], theta, 1e-4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "adma; no optimiser \"adma\"; did you mean \"adam\"?; there are",
                "sgd; sgd needs lr; for example sgd:lr=0.01",
                "adam:lr=-1; lr of adam must be a finite number >= 0 but was -1.0",
                "adam:beta=0.5; adam has no argument \"beta\"",
                "adam:lr; an optimiser is written as sgd:lr=0.01,momentum=0.9 but was \"adam:lr\"",
                "adam:lr=1,lr=2; \"adam:lr=1,lr=2\" gives an argument twice",
                "lbfgs:history=0; history of lbfgs must be a whole number from 1 to 2147483647 but was 0.0",
                "lbfgs:maxIterations=2.5; maxIterations of lbfgs must be a whole number",
                "lbfgs:maxIterations=1e10; maxIterations of lbfgs must be a whole number",
                "lbfgs:maxEvaluations=0; maxEvaluations of lbfgs must be a whole number",
                "adam:beta1=1; beta1 of adam must be >= 0 and < 1 but was 1.0",
                "radam:beta2=1.5; beta2 of radam must be >= 0 and < 1",
                "rmsprop:alpha=2; alpha of rmsprop must be >= 0 and < 1",
                "rmsprop:centered=0.5; centered of rmsprop must be 0 or 1 but was 0.5",
                "sgd:lr=1,nesterov=1; nesterov of sgd looks ahead by the momentum, which is 0",
                "sgd:lr=1,nesterov=1,momentum=0.9,dampening=0.1; nesterov of sgd goes with a dampening of 0 but it was 0.1",
                "adam:lr=nan; lr of adam must be a finite number >= 0 but was \"nan\"",
                "adam:lr=NaN; lr of adam must be a finite number >= 0 but was NaN",
                "asgd:t0=10; asgd has no argument \"t0\"",
                "rprop:etaMinus=1; etaMinus of rprop must be >= 0 and < 1",
                "rprop:etaPlus=1; etaPlus of rprop must be > 1 but was 1.0"
            })
    void shouldSayWhatIsAllowed(String text, String begins) {
        var e = assertThrows(IllegalArgumentException.class, () -> Optimisers.parse(text, 2));

        assertEquals(
                begins.replace(";", ""),
                e.getMessage()
                        .replace(";", "")
                        .substring(
                                0,
                                Math.min(
                                        begins.replace(";", "").length(),
                                        e.getMessage().replace(";", "").length())));
    }

    /** The variance of what stays the same is 0, and rounding may bring it below. */
    @Test
    void shouldMoveByACentredRuleAlsoWhereTheGradientStaysTheSame() {
        Optimiser optimiser = Optimisers.parse("rmsprop:centered=1,alpha=0.5", 3);
        double[] theta = new double[3];

        for (int n = 0; n < 1000; n++) {
            optimiser.step(theta, (values, gradient) -> {
                gradient[0] = 0.1;
                gradient[1] = -0.7;
                gradient[2] = 1e3 / 3;
                return 0;
            });
        }

        for (double value : theta) {
            assertTrue(Double.isFinite(value), Arrays.toString(theta));
        }
    }

    /** Adam and AdamW remember as many numbers, and so would go on from each other's. */
    @Test
    void shouldRefuseWhatAnotherRuleSaved() {
        Optimiser saved = Optimisers.of("adam", Map.of(), 2);

        var e = assertThrows(
                IllegalArgumentException.class,
                () -> Optimisers.of("adamw", Map.of(), 2).restore(saved.save()));

        assertTrue(e.getMessage().contains("the optimiser is adamw but adam was saved"), e.getMessage());
    }
}
