package org.amacrine.demos.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.NpyReader;
import org.amacrine.core.io.NpyWriter;
import org.amacrine.core.io.Npz;
import org.amacrine.core.random.CounterRandom;
import org.amacrine.core.random.RandomSequence;
import org.amacrine.demos.Cli;
import org.amacrine.operators.latent.Adam;
import org.amacrine.operators.latent.DirectPair;
import org.amacrine.operators.latent.Feedback;
import org.amacrine.operators.latent.Fit;
import org.amacrine.operators.latent.GroupMap;
import org.amacrine.operators.latent.Identity;
import org.amacrine.operators.latent.IdentityMap;
import org.amacrine.operators.latent.Kind;
import org.amacrine.operators.latent.LatentModelFile;
import org.amacrine.operators.latent.LatentRegressionModel;
import org.amacrine.operators.latent.LearningRates;
import org.amacrine.operators.latent.Modules;
import org.amacrine.operators.latent.StateDict;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LatentCommandTest {
    @TempDir
    Path folder;

    private Path model;

    /** One variable, halved: y = 0.5 x + noise of the variance 0.25. */
    @BeforeEach
    void writeModel() throws IOException {
        model = known("known.npz", 0.5);
    }

    private Path known(String name, double factor) throws IOException {
        LatentRegressionModel known = LatentRegressionModel.builder(
                        new int[] {1}, new int[] {1}, new int[] {1}, new int[] {1})
                .s(List.of(new Identity()))
                .build(new IdentityMap());
        known.tensor(Kind.P, 0).values()[0] = 1;
        known.tensor(Kind.U, 0).values()[0] = factor;
        known.tensor(Kind.PSI, 0).values()[0] = 0.25;
        Path file = folder.resolve(name);
        new LatentModelFile(known, List.of(new Feedback(0, 0)), Map.of("made by", "hand")).write(file);
        return file;
    }

    private String file(String name, double... values) throws IOException {
        return wide(name, 1, values);
    }

    private String wide(String name, int width, double... values) throws IOException {
        Path file = folder.resolve(name);
        Npz.write(file, Map.of("x", new NdArray(new int[] {values.length / width, width}, values)));
        return file.toString();
    }

    private Path out() {
        return folder.resolve("out.npz");
    }

    private static Cli latent(Object... words) {
        List<String> args = new ArrayList<>(List.of("latent"));
        for (Object word : words) {
            args.add(word.toString());
        }
        return Cli.run(args.toArray(String[]::new));
    }

    private static Cli done(Object... words) {
        Cli cli = latent(words);
        assertEquals(0, cli.code(), cli.err());
        return cli;
    }

    @Test
    void shouldTellTheLikelihoodAsWorkedOutByHand() throws IOException {
        // Residuals 2 and -0.5: each row has -(ln(2 pi) + ln(0.25) + r² / 0.25) / 2.
        double expected = -(Math.log(2 * Math.PI) + Math.log(0.25)) - (4 + 0.25) / 0.25 / 2;
        String x = file("x.npz", 2, 4);
        String y = file("y.npz", 3, 1.5);

        Cli cli = done("loglik", "--model", model, "--x", x, "--y", y);

        String[] words = cli.out().split("[ ,]+");
        assertEquals(expected, Double.parseDouble(words[0]), 1e-12);
        assertEquals(expected / 2, Double.parseDouble(words[2]), 1e-12);
        // One row ahead, 2 explains 1.5: a residual of 0.5.
        cli = done("loglik", "--model", model, "--x", x, "--y", y, "--ahead", 1);
        double one = -(Math.log(2 * Math.PI) + Math.log(0.25) + 1) / 2;
        assertEquals(one, Double.parseDouble(cli.out().split(" ")[0]), 1e-12);
    }

    @Test
    void shouldGenerateWhatIsFreeAndKeepWhatIsClamped() throws IOException {
        String x = file("x.npz", 8, Double.NaN, Double.NaN, 100, Double.NaN);

        done("generate", "--model", model, "--x", x, "--feedback", "0:0", "--mean", "--out", out());

        assertArrayEquals(
                new double[] {4, 2, 1, 50, 25}, Npz.read(out()).get("y0").doubles());
        done("generate", "--model", model, "--x", x, "--mean", "--free-after", 1, "--steps", 7, "--out", out());
        assertArrayEquals(
                new double[] {4, 2, 1, 0.5, 0.25, 0.125, 0.0625},
                Npz.read(out()).get("y0").doubles());
    }

    @Test
    void shouldDrawNoiseFromTheSeedAlone() throws IOException {
        String x = file("x.npz", 8, Double.NaN, Double.NaN);
        done("generate", "--model", model, "--x", x, "--feedback", "0:0", "--out", out());
        double[] first = Npz.read(out()).get("y0").doubles();
        done("generate", "--model", model, "--x", x, "--feedback", "0:0", "--out", out());
        assertArrayEquals(first, Npz.read(out()).get("y0").doubles());
        done("generate", "--model", model, "--x", x, "--feedback", "0:0", "--seed", 1, "--out", out());
        assertTrue(first[0] != Npz.read(out()).get("y0").at(0));
    }

    @Test
    void shouldKeepTheStepsBeforeAModelRunsAway() throws IOException {
        Path wild = known("wild.npz", 1e200);

        Cli cli = latent(
                "generate",
                "--model",
                wild,
                "--x",
                file("x.npz", 1),
                "--feedback",
                "0:0",
                "--steps",
                9,
                "--mean",
                "--out",
                out());

        assertEquals(1, cli.code());
        assertTrue(cli.err().contains("the model runs away: its outputs are not finite at step 1"), cli.err());
        assertArrayEquals(new double[] {1e200}, Npz.read(out()).get("y0").doubles());
    }

    @Test
    void shouldDescribeAModel() throws IOException {
        String said = done("describe", "--model", model).out();

        assertTrue(said.contains("inputs [1] on [1] modes, outputs [1] on [1] modes, 3 parameters"), said);
        assertTrue(said.contains("m  IdentityMap"), said);
        assertTrue(said.contains("s0 Identity"), said);
        assertTrue(said.contains("feedback 0:0"), said);
        assertTrue(said.contains("made by: hand"), said);
        assertTrue(said.matches("(?s).*u0 +\\[1, 1] +min 0\\.5000, mean 0\\.5000, max 0\\.5000.*"), said);
    }

    /** y = 3 x0 - x1 + 1, without noise. */
    private String[] line() throws IOException {
        double[] x = new double[400];
        double[] y = new double[200];
        for (int n = 0; n < 200; n++) {
            x[2 * n] = Math.sin(n);
            x[2 * n + 1] = Math.cos(1.7 * n);
            y[n] = 3 * x[2 * n] - x[2 * n + 1] + 1;
        }
        return new String[] {wide("line-x.npz", 2, x), file("line-y.npz", y)};
    }

    @Test
    void shouldFindALineAndWriteItWithItsModules() throws IOException {
        String[] data = line();
        Path log = folder.resolve("fit.csv");

        Cli cli = done(
                "fit",
                "--x",
                data[0],
                "--y",
                data[1],
                "--d-proj",
                1,
                "--d-trans",
                1,
                "--offsets",
                "--m",
                "MapChain(IdentityMap, GroupLinearTransform(d=[1]))",
                "--iterations",
                1500,
                "--rate",
                "0:0.03,1000:0.003",
                "--out",
                out(),
                "--log",
                log);

        assertTrue(cli.out().contains("200 rows; inputs [2] on [1] modes"), cli.out());
        assertEquals(1501, Files.readAllLines(log).size());
        assertTrue(Files.readAllLines(log).get(0).startsWith("iteration,objective,learning_rate,"));
        // Three points on the line.
        String x = wide("new-x.npz", 2, 0, 0, 1, 0, 0, 1);
        Path made = folder.resolve("made.npz");
        done("generate", "--model", out(), "--x", x, "--mean", "--out", made);
        assertArrayEquals(new double[] {1, 4, 0}, Npz.read(made).get("y0").doubles(), 0.02);
        assertTrue(
                done("describe", "--model", out())
                        .out()
                        .contains(
                                "m  MapChain(IdentityMap, GroupLinearTransform(d=[1], nonnegative_scale=false, offsets=true))"));
    }

    @Test
    void shouldGoOnAsIfItHadNeverStopped() throws IOException {
        String[] data = line();
        Path whole = folder.resolve("whole.npz");
        Object[] fit = {"fit", "--x", data[0], "--y", data[1], "--d-proj", 2, "--d-trans", 1, "--batch", 50};
        done(with(fit, "--iterations", 30, "--out", whole));
        done(with(fit, "--iterations", 12, "--out", out()));
        done(with(fit, "--iterations", 30, "--out", out(), "--resume"));

        Map<String, NdArray> resumed = Npz.read(out());
        Map<String, NdArray> straight = Npz.read(whole);
        assertTrue(straight.containsKey("m.nn.weight"), straight.keySet().toString());
        straight.forEach((name, array) -> assertEquals(array, resumed.get(name), name));
    }

    @Test
    void shouldRefuseToResumeWithOtherSettings() throws IOException {
        String[] data = line();
        Object[] fit = {"fit", "--x", data[0], "--y", data[1], "--d-proj", 1, "--d-trans", 1, "--out", out()};
        done(with(fit, "--iterations", 3));

        Cli cli = latent(with(fit, "--iterations", 6, "--seed", 8, "--resume"));

        assertEquals(2, cli.code());
        assertTrue(
                cli.err().contains("out.checkpoint.npz: the checkpoint is of a fit with seed 0 but here it is 8"),
                cli.err());
    }

    /** Two groups of inputs and two of outputs, 60 rows. */
    private Object[] groups() throws IOException {
        double[][] values = new double[4][120];
        for (int n = 0; n < 120; n++) {
            for (int g = 0; g < 4; g++) {
                values[g][n] = Math.sin((1 + g) * n + g);
            }
        }
        return new Object[] {
            "fit",
            "--x",
            wide("x0.npz", 2, values[0]),
            wide("x1.npz", 2, values[1]),
            "--y",
            wide("y0.npz", 2, values[2]),
            wide("y1.npz", 2, values[3])
        };
    }

    @Test
    void shouldFitLikeTheJobOfTheSameSettings() throws IOException {
        Object[] fit = groups();
        RandomSequence random = new RandomSequence().start(CounterRandom.key(5, "latent.modules", 0), 0);
        GroupMap map = Modules.map("LinearMap(d_in=[1, 2], d_out=[2, 1], bias=true)", random);
        LatentRegressionModel expected = LatentRegressionModel.builder(
                        new int[] {2, 2}, new int[] {2, 2}, new int[] {1, 2}, new int[] {2, 1})
                .s(List.of(Modules.tensor("Bias(d=2)", random), Modules.tensor("Tanh", random)))
                .useScales(true)
                .useOffsets(true)
                .directPairs(List.of(new DirectPair(0, 1), new DirectPair(1, 0)))
                .wGain(0.5)
                .scaleMean(1)
                .scaleDeviation(0.2)
                .directDeviation(0.3)
                .noiseRange(0.4, 0.6)
                .seed(5)
                .build(map);
        expected.trainable(Kind.OFFSETS, 1, false);
        Fit job = Fit.of(
                        expected,
                        GroupFiles.read(List.of((String) fit[2], (String) fit[3])),
                        GroupFiles.read(List.of((String) fit[5], (String) fit[6])))
                .maxIterations(20)
                .batchSize(30)
                .sendSize(11)
                .learningRates(LearningRates.of(new LearningRates.Entry(0, 0.02), new LearningRates.Entry(9, 0.01)))
                .adam(new Adam.Settings(0.8, 0.99, 1e-6, 0.01, true))
                .minVariance(0.3)
                .l1P(0.1, 0.2)
                .l1U(0.3)
                .l1(Fit.L1.SUM)
                .seed(5)
                .build();
        while (!job.done()) {
            job.step();
        }
        String options =
                "--d-proj 1,2 --d-trans 2,1 --s Bias(d=2) --s Tanh --scales --offsets --direct 0:1,1:0 --w-gain 0.5"
                        + " --scale-mean 1 --scale-std 0.2 --direct-std 0.3 --noise-range 0.4,0.6 --seed 5 --iterations 20"
                        + " --batch 30 --send 11 --rate 0:0.02,9:0.01 --beta1 0.8 --beta2 0.99 --epsilon 1e-6"
                        + " --weight-decay 0.01 --amsgrad --min-variance 0.3 --l1-p 0.1,0.2 --l1-u 0.3 --l1 sum --freeze o1"
                        + " --backend scalar --workers 1";

        done(with(with(fit, (Object[]) options.split(" ")), "--out", out()));

        assertEquals(StateDict.arrays(expected.stateDict()), Npz.read(out()));
    }

    private static void assertMoved(Map<String, NdArray> before, Map<String, NdArray> after, String... moved) {
        before.forEach((name, array) -> assertEquals(
                !List.of(moved).contains(name), array.equals(after.get(name)), name + " " + before.keySet()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--freeze m,u,psi1              | p0 p1 psi0 s.0.o s.1.o",
                "--parameters u,s.1             | u0 u1 s.1.o",
                "--parameters m.nn --freeze m.nn.bias | m.nn.weight",
                "--parameters p,psi0 --freeze p1 | p0 psi0",
            })
    void shouldFitTheParametersThatAreNamed(String options, String moved) throws IOException {
        Object[] fit = with(
                groups(), "--d-proj", 2, "--d-trans", 2, "--batch", 20, "--s", "Bias(d=2)", "--min-variance", 1e-6);
        Path first = folder.resolve("first.npz");
        done(with(fit, "--iterations", 0, "--out", first));

        done(with(with(fit, (Object[]) options.strip().split(" ")), "--iterations", 3, "--out", out()));

        assertMoved(Npz.read(first), Npz.read(out()), moved.split(" "));
    }

    @Test
    void shouldShareAMapWithAnotherModel() throws IOException {
        String map = "GroupLinearTransform(d=[1])";
        Object[] fit = with(
                new Object[] {"fit", "--x", line()[0], "--y", line()[1], "--d-proj", 1, "--d-trans", 1},
                "--specific-m",
                map,
                "--iterations",
                5);
        Path first = folder.resolve("first.npz");
        done(with(fit, "--shared-m", map, "--out", first));
        Object[] second = with(fit, "--shared-from", first, "--seed", 3, "--out", out());

        done(with(second, "--freeze", "shared_m"));

        Map<String, NdArray> whole = Npz.read(first);
        Map<String, NdArray> sharing = Npz.read(out());
        assertEquals(whole.get("shared_m.v0"), sharing.get("shared_m.v0"));
        assertEquals(whole.get("shared_m.o0"), sharing.get("m.1.o0"));
        assertNotEquals(whole.get("specific_m.v0"), sharing.get("specific_m.v0"));
        done(second);
        assertNotEquals(whole.get("shared_m.v0"), Npz.read(out()).get("shared_m.v0"), "it goes on learning");
        assertTrue(done("describe", "--model", out()).out().contains("shared_m.v0"));
    }

    @ParameterizedTest
    @CsvSource({"0,0", "4,3", "9,1"})
    void shouldTellItsProgressAsOftenAsAsked(int every, int lines) throws IOException {
        String[] data = line();
        Object[] fit = {"fit", "--x", data[0], "--y", data[1], "--d-proj", 1, "--d-trans", 1, "--iterations", 9};

        Cli cli = done(with(fit, "--report-every", every, "--out", out()));

        assertEquals(
                lines,
                cli.out().lines().filter(line -> line.contains("] iteration ")).count(),
                cli.out());
    }

    private static Path resource(String name) {
        try {
            return Path.of(
                    LatentCommandTest.class.getResource("/latent/" + name).toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A model of three inputs and two outputs that was not fitted. */
    private Path unfitted() throws IOException {
        Path like = folder.resolve("like.npz");
        done(
                "fit",
                "--x",
                wide("x3.npz", 3, new double[6]),
                "--y",
                wide("y2.npz", 2, new double[4]),
                "--d-proj",
                2,
                "--d-trans",
                2,
                "--offsets",
                "--batch",
                2,
                "--iterations",
                0,
                "--out",
                like);
        return like;
    }

    @ParameterizedTest
    @ValueSource(strings = {"weights-float32.npz", "weights-float64-fortran.npz"})
    void shouldTakeWeightsThatPythonWrote(String weights) throws IOException {
        Path like = unfitted();

        Cli cli = done("import", resource(weights), "--like", like, "--out", out());

        assertTrue(cli.out().contains("outputs [2] on [2] modes"), cli.out());
        String x = wide("x.npz", 3, 1, 2, -1);
        Path made = folder.resolve("made.npz");
        done("generate", "--model", out(), "--x", x, "--mean", "--out", made);
        // (1, 2, -1) p = (-2, -0.5); m makes it (-2.75, 0.75); u (-5.5, -5.75); and offsets of 10 and 20.
        assertArrayEquals(new double[] {4.5, 14.25}, Npz.read(made).get("y0").doubles(), 1e-14);
        assertTrue(done("describe", "--model", out()).out().contains("weights: " + weights));
    }

    @Test
    void shouldSayWhichWeightDoesNotFit() throws IOException {
        Cli cli = latent("import", resource("weights-float32.npz"), "--like", model, "--out", out());

        assertEquals(2, cli.code());
        assertTrue(cli.err().contains("weights-float32.npz does not fit "), cli.err());
        assertTrue(cli.err().contains("no parameter \"o0\""), cli.err());
        assertFalse(Files.exists(out()));
        cli = latent("import", file("other.npz", 1), "--like", model, "--out", out());
        assertTrue(cli.err().contains("no parameter \"x\""), cli.err());
    }

    private static Object[] with(Object[] some, Object... more) {
        List<Object> all = new ArrayList<>(List.of(some));
        all.addAll(List.of(more));
        return all.toArray();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--d-proj 1,2 --d-trans 1               | --d-proj takes one number, or one for each of the 1 groups",
                "--d-proj 1 --d-trans 1 --m LineMap     | no group map \"LineMap\"; did you mean \"LinearMap\"?",
                "--d-proj 1 --d-trans 1 --s Tanh --s Tanh | --s takes one module, or one for each of the 1 output groups",
                "--d-proj 1 --d-trans 1 --s Tan         | no tensor module \"Tan\"; did you mean \"Tanh\"?",
                "--d-proj 1 --d-trans 1 --direct 0      | --direct takes INPUT:OUTPUT",
                "--d-proj 1 --d-trans 1 --direct 0:0    | joins 2 inputs to 1 outputs",
                "--d-proj 1 --d-trans 1 --feedback 0:0  | feeds 1 outputs to 2 inputs",
                "--d-proj 1 --d-trans 1 --rate 5:0.1    | no learning rate is given from iteration 0 on",
                "--d-proj 1 --d-trans 1 --rate fast     | --rate takes a number, or ITERATION:RATE",
                "--d-proj 1 --d-trans 1 --batch 500     | batchSize is 500 but there are only 200 rows",
                "--d-proj 1 --d-trans 1 --ahead 200     | --ahead must be from 0 to 199",
                "--d-proj 0 --d-trans 1                 | must be >= 1",
                "--d-proj 1 --d-trans 1 --send 0        | sendSize must be >= 1 but was 0",
                "--d-proj 1 --d-trans 1 --send 101      | sendSize must be at most batchSize but was 101",
                "--d-proj 1 --d-trans 1 --beta1 1       | beta1 must be within [0, 1) but was 1.0",
                "--d-proj 1 --d-trans 1 --beta2 -0.1    | beta2 must be within [0, 1) but was -0.1",
                "--d-proj 1 --d-trans 1 --epsilon -1    | epsilon must be >= 0",
                "--d-proj 1 --d-trans 1 --weight-decay NaN | weightDecay must be >= 0 and finite but was NaN",
                "--d-proj 1 --d-trans 1 --l1 median     | --l1 takes mean or sum but was \"median\"",
                "--d-proj 1 --d-trans 1 --l1-p 1,2      | l1P has 2 penalties but there are 1 groups",
                "--d-proj 1 --d-trans 1 --l1-u NaN      | l1U must hold finite numbers",
                "--d-proj 1 --d-trans 1 --min-variance -1 | minVariance must be >= 0",
                "--d-proj 1 --d-trans 1 --iterations -1 | maxIterations must be >= 0",
                "--d-proj 1 --d-trans 1 --w-gain NaN    | wGain must be a finite number",
                "--d-proj 1 --d-trans 1 --scale-mean NaN | scaleMean must be a finite number",
                "--d-proj 1 --d-trans 1 --scale-std -1  | scaleDeviation must be >= 0",
                "--d-proj 1 --d-trans 1 --direct-std -1 | directDeviation must be >= 0",
                "--d-proj 1 --d-trans 1 --noise-range 1 | --noise-range takes two variances, the lower and the higher one",
                "--d-proj 1 --d-trans 1 --noise-range 2,1 | noiseRange must go from low to high",
                "--d-proj 1 --d-trans 1 --noise-range -1,1 | both variances >= 0",
                "--d-proj 1 --d-trans 1 --freeze q0     | no parameter \"q0\" for --freeze; did you mean \"p0\"?",
                "--d-proj 1 --d-trans 1 --parameters ps | no parameter \"ps\" for --parameters",
                "--d-proj 1 --d-trans 1 --freeze p,u,m,psi | --parameters and --freeze leave nothing to fit of [p0, u0,",
                "--d-proj 1 --d-trans 1 --m IdentityMap --shared-m IdentityMap | --m is the whole map",
                "--d-proj 1 --d-trans 1 --shared-m IdentityMap --shared-from known.npz | the shared map is either new or",
                "--d-proj 1 --d-trans 1 --shared-from KNOWN | has no shared map; give a model that was fitted with",
                "--d-proj 1 --d-trans 1 --report-every -1 | --report-every must be >= 0 but was -1",
            })
    void shouldSayWhatIsWrongWithAFit(String options, String message) throws IOException {
        String[] data = line();
        Object[] fit = {"fit", "--x", data[0], "--y", data[1], "--out", out()};

        Cli cli = latent(with(fit, (Object[])
                options.strip().replace("KNOWN", model.toString()).split(" ")));

        assertEquals(2, cli.code(), cli.err());
        assertTrue(cli.err().contains(message), cli.err());
    }

    @Test
    void shouldSayWhatIsWrongWithFiles() throws IOException {
        Path several = folder.resolve("several.npz");
        Npz.write(several, Map.of("activity", NdArray.of(1.0), "stimulus", NdArray.of(2.0)));
        String x = file("x.npz", 1, 2);

        Cli cli = latent("loglik", "--model", model, "--x", several, "--y", x);
        assertEquals(2, cli.code());
        assertTrue(cli.err().contains("several.npz holds several arrays"), cli.err());
        cli = latent("loglik", "--model", model, "--x", several + ":activty", "--y", x);
        assertTrue(cli.err().contains("did you mean \"activity\"?"), cli.err());
        cli = latent("loglik", "--model", model, "--x", x, "--y", file("y.npz", 1, 2, 3));
        assertTrue(cli.err().contains("the inputs have 2 rows but the outputs have 3"), cli.err());
        String empty = file("empty.npz");
        cli = latent("loglik", "--model", model, "--x", empty, "--y", empty);
        assertTrue(cli.err().contains("empty.npz has no rows; give a row for each sample"), cli.err());
        cli = latent("loglik", "--model", folder.resolve("none.npz"), "--x", x, "--y", x);
        assertEquals(1, cli.code());
        assertTrue(cli.err().contains("none.npz"), cli.err());
        cli = latent(
                "generate", "--model", model, "--x", file("nan.npz", Double.NaN), "--feedback", "0:0", "--out", out());
        assertTrue(cli.err().contains("row 0 of input group 0 has no value for variable 0"), cli.err());
        cli = latent("generate", "--model", model, "--x", x, "--feedback", "0-0", "--out", out());
        assertTrue(cli.err().contains("--feedback takes OUTPUT:INPUT"), cli.err());
    }

    @Test
    void shouldAskWhatToDo() {
        Cli cli = Cli.run("latent");
        assertEquals(2, cli.code());
        assertTrue(cli.err().contains("say what to do: fit, generate, loglik, describe, import"), cli.err());
    }

    @Test
    void shouldApplyTheLiveGeneratorToSeveralInputs() throws IOException {
        // y = x0 + 2 x1, without noise; x1 is fed back where it is free.
        LatentRegressionModel sum = LatentRegressionModel.builder(
                        new int[] {1, 1}, new int[] {1}, new int[] {1, 1}, new int[] {1})
                .s(List.of(new Identity()))
                .build(Modules.map("LinearMap(d_in=[1, 1], d_out=[1])", new RandomSequence()));
        sum.stateDict().values().forEach(tensor -> Arrays.fill(tensor.values(), 1));
        sum.stateDict().get("m.nn.weight").values()[1] = 2;
        Path file = folder.resolve("sum.npz");
        new LatentModelFile(sum, List.of(new Feedback(0, 1)), Map.of()).write(file);
        Path x0 = npy("x0.npy", 1, 10, 100, 1000);
        Path x1 = npy("x1.npy", 1, Float.NaN, 5, Float.NaN);

        Cli cli = Cli.run(
                "apply",
                "latent.generator",
                "--model",
                file.toString(),
                "--set",
                "noise=false",
                "--in",
                x0.toString(),
                "--in",
                x1.toString(),
                "--out",
                folder.resolve("live").toString());

        assertEquals(0, cli.code(), cli.err());
        assertArrayEquals(
                new float[] {3, 16, 110, 1220},
                NpyReader.readAll(folder.resolve("live").resolve("y0.npy")).floats());
        cli = Cli.run(
                "apply",
                "latent.generator",
                "--model",
                file.toString(),
                "--in",
                x0.toString(),
                "--in",
                npy("short.npy", 1, 2).toString(),
                "--out",
                folder.toString());
        assertEquals(2, cli.code());
        assertTrue(cli.err().contains("short.npy has 2 frames but"), cli.err());
        cli = Cli.run(
                "apply",
                "latent.generator",
                "--model",
                file.toString(),
                "--in",
                x0.toString(),
                "--out",
                folder.toString());
        assertTrue(cli.err().contains("takes the inputs [x0, x1] but was given 1 arrays"), cli.err());
    }

    private Path npy(String name, float... values) throws IOException {
        Path file = folder.resolve(name);
        try (NpyWriter writer = new NpyWriter(file, 1)) {
            writer.append(values, 0, values.length);
        }
        return file;
    }
}
