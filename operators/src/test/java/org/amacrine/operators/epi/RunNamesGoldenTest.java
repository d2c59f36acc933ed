package org.amacrine.operators.epi;

import static org.amacrine.operators.epi.EpiGolden.doubles;
import static org.amacrine.operators.epi.EpiGolden.number;
import static org.amacrine.operators.epi.EpiGolden.numbers;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Names, hashes, messages and the sorting of outliers, exactly as the reference writes them. */
class RunNamesGoldenTest {

    private static List<?> strings(String key) {
        return (List<?>) EpiGolden.entry("strings", key);
    }

    @Test
    void shouldCountEqualNeighbours() {
        for (Object each : strings("array_str")) {
            List<?> pair = (List<?>) each;
            assertEquals(pair.get(1), RunNames.text(numbers(pair.get(0))));
        }
    }

    @Test
    void shouldHashBytesOfNumbersAndWords() {
        Map<?, ?> golden = EpiGolden.map("strings", "hash_md5");
        assertEquals(golden.get("['foo']"), RunNames.hash("foo"));
        assertEquals(golden.get("[[1.0,2.0], None, 'x']"), RunNames.hash(new double[] {1, 2}, null, "x"));
        double[] bounds = {10, 10, 10, 10};
        double[] lower = {-10, -10, -10, -10};
        assertEquals(
                golden.get("init of the LDS tutorial: [zeros(4), diag(25), lb=-10, ub=10]"),
                RunNames.hash(
                        new double[4],
                        Gaussian.diagonal(new double[4], new double[] {25, 25, 25, 25})
                                .sigma(),
                        lower,
                        bounds));
        assertEquals(
                golden.get("emergent property of the LDS tutorial: ['linear2D_eig', mu]"),
                RunNames.hash("linear2D_eig", Fits.linearMu()));
        assertThrows(IllegalArgumentException.class, () -> RunNames.hash(1));
    }

    @Test
    void shouldNameFlows() {
        EpiGolden.map("strings", "nf_to_string")
                .forEach((name, expected) -> assertEquals(
                        expected,
                        EpiGolden.flow(EpiGolden.map("flows", (String) name, "cfg"))
                                .toString()));
    }

    @Test
    void shouldFindTheTutorialsRunAtItsPath() {
        EpiModel model = Fits.linearModel();
        double[] variances = {25, 25, 25, 25};
        String path = RunNames.run(
                        model,
                        Gaussian.diagonal(new double[4], variances),
                        Fits.linearFlow().build(),
                        Fits.linearMu(),
                        new LagrangianSettings(500, 1e-3, 1e-3, 0.25, 4))
                .toString()
                .replace('\\', '/');
        assertEquals(EpiGolden.entry("strings", "tutorial_path"), path);
        assertArrayEquals(
                Gaussian.diagonal(new double[4], variances).sigma(),
                Gaussian.within(model.lower(), model.upper()).sigma());
    }

    @Test
    void shouldNameSettings() {
        for (Object each : strings("aug_lag_hps")) {
            double[] values = numbers(((List<?>) each).get(0));
            LagrangianSettings settings =
                    new LagrangianSettings((int) values[0], values[1], values[2], values[3], values[4]);
            assertEquals(((List<?>) each).get(1), settings.toString());
        }
    }

    @Test
    void shouldWriteProgressAsTheReferenceDoes() {
        for (Object each : strings("opt_msg")) {
            List<?> in = (List<?>) ((List<?>) each).get(0);
            EpiRecord record =
                    new EpiRecord((int) in.get(0), 0, number(in.get(3)), number(in.get(2)), null, numbers(in.get(4)));
            assertEquals(((List<?>) each).get(1), record.message((int) in.get(1), number(in.get(5))));
        }
    }

    @Test
    void shouldWordErrorsAboutTypes() {
        for (Object each : strings("type_err")) {
            List<?> in = (List<?>) each;
            assertEquals(
                    in.get(4),
                    ErrorFormat.wrongType(
                            (String) in.get(0), (String) in.get(1), (String) in.get(2), (String) in.get(3)));
        }
        assertThrows(IllegalArgumentException.class, () -> ErrorFormat.wrongType("a", "b", "int", "int"));
    }

    @Test
    void shouldSortOutliers() {
        for (Object each : (List<?>) EpiGolden.entry("filter_outliers")) {
            Map<?, ?> golden = (Map<?, ?>) each;
            Outliers outliers = Outliers.of(doubles(golden.get("c")), number(golden.get("num_stds")));
            assertArrayEquals(EpiGolden.integers(golden.get("plot")), outliers.inside());
            assertArrayEquals(EpiGolden.integers(golden.get("below")), outliers.below());
            assertArrayEquals(EpiGolden.integers(golden.get("over")), outliers.above());
        }
    }
}
