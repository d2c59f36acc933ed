package org.amacrine.demos.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.amacrine.core.io.NpyReader;
import org.amacrine.core.io.Npz;
import org.amacrine.core.kernel.ScalarKernels;
import org.amacrine.demos.Cli;
import org.amacrine.operators.epi.Distribution;
import org.amacrine.operators.epi.EpiExample;
import org.amacrine.operators.epi.EpiFit;
import org.amacrine.operators.epi.EpiFitBuilder;
import org.amacrine.operators.epi.EpiModel;
import org.amacrine.operators.epi.Gaussian;
import org.amacrine.operators.epi.LagrangianSettings;
import org.amacrine.operators.epi.NormalizingFlow;
import org.amacrine.operators.epi.RunNames;
import org.amacrine.operators.epi.SavedRun;
import org.amacrine.operators.epi.SavedRuns;
import org.amacrine.operators.epi.Sensitivity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code amacrine epi}, from a fit to a picture. */
class EpiCommandTest {
    @TempDir
    Path folder;

    private static Cli epi(Object... words) {
        List<String> args = new ArrayList<>(List.of("epi"));
        for (Object word : words) {
            args.add(word.toString());
        }
        return Cli.run(args.toArray(String[]::new));
    }

    private static Cli done(Object... words) {
        Cli cli = epi(words);
        assertEquals(0, cli.code(), cli.err());
        return cli;
    }

    private static void refused(String why, Object... words) {
        Cli cli = epi(words);
        assertFalse(cli.code() == 0, "it was not refused");
        assertTrue(cli.err().contains(why), cli.err());
    }

    private Cli fit(Object... more) {
        List<Object> words =
                new ArrayList<>(List.of("fit", "linear", "--out", folder, "--epochs", 2, "--iterations", 10));
        words.addAll(List.of("--samples", 20, "--units", 4, "--stages", 2, "--init-iterations", 50));
        words.addAll(List.of(more));
        return epi(words.toArray());
    }

    @Test
    void shouldSaveAFitForEachSeedAndAskOne() throws IOException {
        Cli cli = fit("--seeds", 2);
        assertEquals(0, cli.code(), cli.err());
        assertTrue(cli.out().contains("no epoch converged so far"), cli.out());
        List<SavedRun> runs = SavedRuns.find(folder);
        assertEquals(2, runs.size());
        assertEquals(3, runs.get(0).checkpoints());

        Path run = runs.get(0).folder();
        Path samples = folder.resolve("samples.npy");
        Path logs = folder.resolve("logs.npy");
        done("sample", run, "--count", 7, "--seed", 3, "--out", samples);
        done("logprob", run, "--points", samples, "--out", logs);
        Distribution last = runs.get(0).distribution(-1, ScalarKernels.INSTANCE);
        double[] z = NpyReader.readAll(samples).doubles();
        assertArrayEquals(last.sample(7, 3), z, 1e-12);
        assertArrayEquals(last.logProbability(z), NpyReader.readAll(logs).doubles(), 1e-9);
        assertEquals(8, done("sample", run, "--count", 7).out().lines().count());

        Path picture = folder.resolve("pairs.png");
        done("plot", run, "--count", 50, "--out", picture);
        assertTrue(ImageIO.read(picture.toFile()).getWidth() > 400);
        refused("none of the 2 fits", "sample", folder);
        refused("no fit in", "sample", Files.createDirectory(folder.resolve("empty")));
        refused("--epoch is of one fit", "sample", folder, "--epoch", 1);
    }

    /** A file lies where the initialised flow would be kept: the fit is saved all the same. */
    @Test
    void shouldGoOnWhenTheInitialisedFlowCannotBeKept() throws IOException {
        Path data = Files.createDirectories(folder.resolve("data"));
        Files.createFile(data.resolve("inits"));
        Cli cli = fit();
        assertEquals(0, cli.code(), cli.err());
        assertTrue(cli.err().contains("inits") && cli.err().contains("cannot be written"), cli.err());
        assertEquals(3, SavedRuns.find(folder).get(0).checkpoints());
    }

    /** At so large a rate the second epoch costs some 7 nats. */
    @Test
    void shouldSayThatTheEntropyCollapsed() {
        Cli cli = fit("--rate", 0.05, "--c0", 1);
        assertEquals(0, cli.code(), cli.err());
        assertTrue(cli.out().contains("  collapsed"), cli.out());
        assertTrue(cli.out().contains("the entropy collapsed: a penalty that goes on growing"), cli.out());
        assertFalse(fit("--seed", 2).out().contains("collapsed"));
    }

    @Test
    void shouldSayThatAFitDidNotConvergeUnlessAnEpochIsChosen() throws IOException {
        fit();
        Path run = SavedRuns.find(folder).get(0).folder();
        Cli asked = done("sample", run);
        assertTrue(asked.err().contains("converged: what is given is its last, 2"), asked.err());
        assertTrue(asked.err().contains("--epoch"), asked.err());
        assertEquals("", done("sample", run, "--epoch", 1).err());
    }

    @Test
    void shouldBranchOffFromASavedFit() throws IOException {
        fit();
        Path run = SavedRuns.find(folder).get(0).folder();
        Path out = folder.resolve("branch");
        done(
                "fit",
                "linear",
                "--from",
                run,
                "--from-epoch",
                1,
                "--epochs",
                1,
                "--iterations",
                10,
                "--samples",
                20,
                "--mu",
                "0,6,0.25,0.4",
                "--seed",
                7,
                "--out",
                out);
        SavedRun branch = SavedRuns.find(out).get(0);
        assertArrayEquals(
                SavedRun.open(run).distribution(1, ScalarKernels.INSTANCE).theta(),
                branch.distribution(0, ScalarKernels.INSTANCE).theta());
        refused("is a fit of a11", "fit", "stomatogastric", "--from", run, "--out", out);
        refused("--from-epoch is of --from", "fit", "linear", "--from-epoch", 1, "--out", out);
        refused("there is no run.json", "fit", "linear", "--from", out, "--out", out);
    }

    @Test
    void shouldRefuseABranchThatWouldTakeThePlaceOfAnotherFit() throws IOException {
        fit();
        Path run = SavedRuns.find(folder).get(0).folder();
        refused("--from takes one seed but --seeds is 3", "fit", "linear", "--from", run, "--seeds", 3);
        Object[] same = {
            "fit", "linear", "--from", run, "--seed", 9, "--samples", 20, "--iterations", 10, "--out", folder
        };
        refused("choose another --out, --mu or --rate", same);
        assertFalse(epi(same).err().contains("another --seed"), "a seed does not help");
    }

    @ParameterizedTest
    @CsvSource({"--arch, coupling", "--stages, 2", "--units, 4", "--elementwise, affine", "--batch-norm, 0.9"})
    void shouldRefuseOptionsOfTheFlowForABranch(String option, String value) {
        refused(
                "but " + option + " asks for another; leave out " + option,
                "fit",
                "linear",
                "--from",
                folder,
                option,
                value);
    }

    /** At so low a rate the flow stays where it began, so that the means of one fit are those of the next, which converges. */
    @Test
    void shouldSayHowToGoOnAfterAFitThatEndedEarly() throws IOException {
        fit("--rate", 1e-9);
        double[] means = EpiExample.of("linear").mu().clone();
        double[] violation = SavedRuns.find(folder).get(0).epochs().get(0).violation();
        for (int i = 0; i < means.length; i++) {
            means[i] += violation[i];
        }
        String mu = Arrays.stream(means).mapToObj(Double::toString).collect(Collectors.joining(","));
        Cli first = fit("--rate", 1e-9, "--mu=" + mu, "--stop-early");
        assertTrue(first.out().contains("best is epoch 1"), first.out());
        Cli again = fit("--rate", 1e-9, "--mu=" + mu, "--stop-early", "--resume");
        assertEquals(0, again.code(), again.err());
        assertTrue(again.out().contains("ended early, with epoch 1"), again.out());
        assertTrue(again.out().contains("leave out --stop-early to go on"), again.out());
        Cli on = fit("--rate", 1e-9, "--mu=" + mu, "--resume");
        assertEquals(0, on.code(), on.err());
    }

    @Test
    void shouldWriteATableWithTheSameColumnsInAllRows() throws IOException {
        Path table = folder.resolve("log.csv");
        fit("--log", table);
        List<String> lines = Files.readAllLines(table);
        for (String line : lines) {
            assertEquals(lines.get(0).split(",", -1).length, line.split(",", -1).length, line);
        }
        int p1 = List.of(lines.get(0).split(",")).indexOf("p1");
        assertEquals("", lines.get(1).split(",", -1)[p1]);
        assertFalse(lines.get(lines.size() - 1).split(",", -1)[p1].isEmpty());
    }

    /** Another fit keeps the initialised flow while this one rests in the middle of initialising its own. */
    @Test
    void shouldResumeInitialisingWhatItBegan() throws IOException {
        EpiExample example = EpiExample.of("linear");
        EpiModel model = example.model();
        NormalizingFlow flow = NormalizingFlow.builder(NormalizingFlow.Architecture.COUPLING, model.dims())
                .stages(2)
                .units(4)
                .bounds(model.lower(), model.upper())
                .build();
        LagrangianSettings settings = new LagrangianSettings(20, 1e-3, example.c0(), 0.25, 4);
        EpiFitBuilder builder = EpiFit.of(model, flow, example.mu(), ScalarKernels.INSTANCE)
                .lagrangian(settings)
                .initialIterations(50)
                .epochs(2)
                .iterations(10)
                .logRate(10);
        EpiFit straight = builder.build();
        while (!straight.done()) {
            straight.step();
        }
        EpiFit interrupted = builder.build();
        for (int step = 0; step < 5; step++) {
            interrupted.step();
        }
        Gaussian initial = Gaussian.within(model.lower(), model.upper());
        Path run = Files.createDirectories(folder.resolve(RunNames.run(model, initial, flow, example.mu(), settings)));
        Npz.write(run.resolve("checkpoint.npz"), interrupted.save());
        fit("--rate", 0.002);
        Cli cli = fit("--resume");
        assertEquals(0, cli.code(), cli.err());
        for (int k = 0; k <= 2; k++) {
            assertArrayEquals(
                    straight.result().checkpoints().get(k),
                    SavedRun.open(run).distribution(k, ScalarKernels.INSTANCE).theta(),
                    "checkpoint " + k);
        }
    }

    /** No number is left after a step of that size. */
    @Test
    void shouldSayWhyAFailedFitCannotBeResumed() {
        Cli cli = fit("--rate", "1e300");
        assertFalse(cli.code() == 0, cli.out());
        Cli again = fit("--rate", "1e300", "--resume");
        assertFalse(again.code() == 0, again.out());
        assertTrue(again.err().contains("failed and cannot go on: "), again.err());
        assertTrue(again.err().contains("in epoch 1 at iteration"), again.err());
        assertFalse(again.err().contains("more --epochs"), again.err());
    }

    /** Two seeds that fail, and a third that had not begun when they were taken up again. */
    @Test
    void shouldGoOnWithTheOtherSeedsBehindOneThatFailed() throws IOException {
        assertFalse(fit("--rate", "1e300", "--seeds", 2).code() == 0);
        Cli again = fit("--rate", "1e300", "--resume", "--seeds", 3);
        assertFalse(again.code() == 0, again.out());
        assertEquals(
                2,
                again.err()
                        .lines()
                        .filter(line -> line.contains("failed and cannot go on: "))
                        .count());
        assertTrue(again.out().contains("linear, seed 3: flow"), again.out());
        assertEquals(3, SavedRuns.find(folder).size());
    }

    @Test
    void shouldHoldAParameterWhileItClimbs() throws IOException {
        fit();
        Path run = SavedRuns.find(folder).get(0).folder();
        List<String> lines = done("modes", run, "--hold", "a12", "--at", "-2,3")
                .out()
                .lines()
                .toList();
        assertEquals(3, lines.size());
        assertEquals(-2, Double.parseDouble(lines.get(1).strip().split("\\s+")[1]));
        assertEquals(3, Double.parseDouble(lines.get(2).strip().split("\\s+")[1]));
        refused("did you mean \"a12\"?", "modes", run, "--hold", "a122", "--at", 1);
        refused("outside the bounds", "modes", run, "--hold", "a12", "--at", 11);
    }

    @Test
    void shouldTellToWhichDirectionsAFitIsSensitive() throws IOException {
        fit();
        SavedRun run = SavedRuns.find(folder).get(0);
        List<String> lines = done("sensitivity", run.folder(), "--at", "1,2,3,4", "--epoch", 1)
                .out()
                .lines()
                .toList();
        assertEquals(6, lines.size());
        Sensitivity expected = Sensitivity.of(run.distribution(1, ScalarKernels.INSTANCE), new double[] {1, 2, 3, 4});
        String[] first = lines.get(1).strip().split(" +");
        assertEquals(expected.curvatures()[0], Double.parseDouble(first[0]), 1e-4 * Math.abs(expected.curvatures()[0]));
        assertEquals(expected.directions()[0][3], Double.parseDouble(first[4]), 1e-4);
        assertEquals(6, done("sensitivity", run.folder()).out().lines().count());
        refused("there is no density at", "sensitivity", run.folder(), "--at", "1,2,3,11");
        refused("a point has D = 4 elements but was given 2", "sensitivity", run.folder(), "--at", "1,2");
    }

    @Test
    void shouldKeepTheFirstGaussianAndRefuseToWriteOverAFit() throws IOException {
        assertTrue(fit().out().contains("initialises"));
        refused(
                "go on with --resume",
                "fit",
                "linear",
                "--out",
                folder,
                "--epochs",
                2,
                "--iterations",
                10,
                "--samples",
                20,
                "--units",
                4,
                "--stages",
                2);
        Cli second = fit("--rate", 0.002);
        assertEquals(0, second.code(), second.err());
        assertFalse(second.out().contains("initialises"), "it was kept by the first fit");
    }

    @Test
    void shouldBeginByRejectionAndReportWhatIsWrong() {
        Cli cli = fit("--init", "abc");
        assertEquals(0, cli.code(), cli.err());
        assertTrue(Files.isDirectory(folder.resolve("data/abc")));
        refused("--init must be gaussian or abc", "fit", "linear", "--init", "gausian", "--out", folder);
        refused("did you mean \"linear\"?", "fit", "linea", "--out", folder);
        refused("--mu must have a value for each of the 4", "fit", "linear", "--mu", "1,2", "--out", folder);
        refused("no checkpoint", "fit", "linear", "--resume", "--out", folder.resolve("elsewhere"));
    }
}
