package org.amacrine.demos.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.NpyReader;
import org.amacrine.core.io.NpyWriter;
import org.amacrine.core.io.Npz;
import org.amacrine.demos.Cli;
import org.amacrine.operators.arhmm.ArHmmModel;
import org.amacrine.operators.arhmm.ArHmmModelFile;
import org.amacrine.operators.arhmm.ArHmmParameters;
import org.amacrine.operators.arhmm.Checkpoint;
import org.amacrine.operators.arhmm.Hyperparameters;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArHmmCommandTest {
    /** Two states of one feature, one lag: x stays near -1 in state 0 and near 1 in state 1, with the variance 0.25. */
    private static final double[] MEANS = {-1, 1};

    private static final double VARIANCE = 0.25;
    private static final double STAY = 0.9;

    @TempDir
    Path folder;

    private Path model;

    @BeforeEach
    void writeModel() throws IOException {
        model = folder.resolve("known.npz");
        ArHmmParameters parameters = new ArHmmParameters(
                2,
                1,
                1,
                new double[] {0.5, 0.5},
                new double[] {STAY, 1 - STAY, 1 - STAY, STAY},
                new double[] {0, MEANS[0], 0, MEANS[1]},
                new double[] {VARIANCE, VARIANCE});
        Hyperparameters prior = Hyperparameters.of(new Hyperparameters.Transitions(2, 5.7, 100, 1000), 1, 1, 0.01, 10);
        ArHmmModelFile.of(new ArHmmModel(0, 0, prior, parameters, new int[][] {}))
                .write(model);
    }

    private Path x(String name, double... values) throws IOException {
        return write(name, new NdArray(new int[] {values.length, 1}, values));
    }

    private Path write(String name, NdArray x) throws IOException {
        Path file = folder.resolve(name);
        Npz.write(file, Map.of("x", x));
        return file;
    }

    private Path out() {
        return folder.resolve("out.npz");
    }

    private static Cli arhmm(Object... words) {
        List<String> args = new ArrayList<>(List.of("arhmm"));
        for (Object word : words) {
            args.add(word.toString());
        }
        return Cli.run(args.toArray(String[]::new));
    }

    private static Cli done(Object... words) {
        Cli cli = arhmm(words);
        assertEquals(0, cli.code(), cli.err());
        return cli;
    }

    private static double density(double x, int state) {
        double r = x - MEANS[state];
        return Math.exp(-r * r / (2 * VARIANCE)) / Math.sqrt(2 * Math.PI * VARIANCE);
    }

    /** Probability of state 1 at each frame but the first, given those up to it; and the evidence of each frame. */
    private static double[][] filteredByHand(double... x) {
        double[] one = new double[x.length - 1];
        double[] evidence = new double[x.length - 1];
        double predicted = 0.5;
        for (int t = 1; t < x.length; t++) {
            evidence[t - 1] = (1 - predicted) * density(x[t], 0) + predicted * density(x[t], 1);
            one[t - 1] = predicted * density(x[t], 1) / evidence[t - 1];
            predicted = one[t - 1] * STAY + (1 - one[t - 1]) * (1 - STAY);
        }
        return new double[][] {one, evidence};
    }

    @Test
    void shouldFilterAsWorkedOutByHand() throws IOException {
        double[] x = {0.3, 0.9, 0.1, -1.2, -0.4};
        double[][] expected = filteredByHand(x);

        done("filter", "--model", model, "--in", x("x.npz", x), "--out", out());

        Map<String, NdArray> result = Npz.read(out());
        assertEquals(List.of("sequence", "frame", "filtered", "state", "log_evidence"), List.copyOf(result.keySet()));
        assertArrayEquals(
                new long[] {0, 0, 0, 0}, (long[]) result.get("sequence").data());
        assertArrayEquals(new long[] {1, 2, 3, 4}, (long[]) result.get("frame").data());
        assertArrayEquals(new int[] {4, 2}, result.get("filtered").shape());
        for (int s = 0; s < 4; s++) {
            assertEquals(expected[0][s], result.get("filtered").at(2 * s + 1), 1e-12);
            assertEquals(Math.log(expected[1][s]), result.get("log_evidence").at(s), 1e-12);
            assertEquals(expected[0][s] > 0.5 ? 1 : 0, result.get("state").at(s));
        }
    }

    @Test
    void shouldApplyTheSameFilterFrameByFrame() throws IOException {
        float[] x = {0.3f, 0.9f, 0.1f, -1.2f, -0.4f};
        Path file = folder.resolve("x.npy");
        try (NpyWriter writer = new NpyWriter(file, 1)) {
            writer.append(x, 0, x.length);
        }
        Cli cli = Cli.run(
                "apply",
                "arhmm.filter",
                "--model",
                model.toString(),
                "--in",
                file.toString(),
                "--out",
                folder + "/live");
        assertEquals(0, cli.code(), cli.err());

        NdArray filtered = NpyReader.readAll(folder.resolve("live/filtered.npy"));
        double[] expected = filteredByHand(0.3f, 0.9f, 0.1f, -1.2f, -0.4f)[0];
        assertTrue(Double.isNaN(filtered.at(1)), "the first frame is only a lag");
        for (int s = 0; s < expected.length; s++) {
            assertEquals(expected[s], filtered.at(2 * (s + 1) + 1), 1e-6);
        }
    }

    @Test
    void shouldApplyASmootherToEveryFrame() throws IOException {
        double[] values = {0.3, 0.9, 0.1, -1.2, -0.4, 0.8};
        Path file = folder.resolve("x.npy");
        try (NpyWriter writer = new NpyWriter(file, 1)) {
            for (double value : values) {
                writer.append(new float[] {(float) value}, 0, 1);
            }
        }
        Cli cli = Cli.run(
                "apply",
                "arhmm.smoother",
                "--model",
                model.toString(),
                "--set",
                "lag=20",
                "--in",
                file.toString(),
                "--dt",
                "4",
                "--out",
                folder + "/live");
        assertEquals(0, cli.code(), cli.err());
        done("smooth", "--model", model, "--in", x("x.npz", values), "--out", out());

        NdArray live = NpyReader.readAll(folder.resolve("live/smoothed.npy"));
        NdArray whole = Npz.read(out(), "smoothed");
        assertEquals(values.length, live.shape()[0]);
        assertTrue(Double.isNaN(live.at(1)), "the first frame is only a lag");
        for (int s = 0; s < whole.shape()[0]; s++) {
            assertEquals(whole.at(2 * s + 1), live.at(2 * (s + 1) + 1), 1e-6);
        }
    }

    @Test
    void shouldTakeACheckpointAsModelAndAsFeatures() throws IOException, URISyntaxException {
        Path checkpoint = Path.of(
                getClass().getResource("/golden/arhmm/m01_checkpoint.h5").toURI());
        Checkpoint known = Checkpoint.read(checkpoint);
        int sequences = known.recordings().size();
        int frames = known.states().get("x").shape()[1];
        int lags = known.parameters().lags();

        done("viterbi", "--model", checkpoint, "--in", checkpoint, "--out", out());

        NdArray frame = Npz.read(out(), "frame");
        assertEquals(sequences * (frames - lags), frame.size());
        assertEquals(lags, frame.at(0));
        assertEquals(frames - 1, frame.at(frame.size() - 1));
    }

    @Test
    void shouldPutSequencesOfDifferentLengthBehindEachOther() throws IOException {
        double[] a = {0, 0.9, 1.1};
        double[] b = {0, -0.7, 0.2, -1};
        done("filter", "--model", model, "--in", x("a.npz", a), x("b.npz", b), "--out", out());

        Map<String, NdArray> result = Npz.read(out());
        assertArrayEquals(
                new long[] {0, 0, 1, 1, 1}, (long[]) result.get("sequence").data());
        assertArrayEquals(
                new long[] {1, 2, 1, 2, 3}, (long[]) result.get("frame").data());
        assertEquals(filteredByHand(b)[0][2], result.get("filtered").at(2 * 4 + 1), 1e-12);
    }

    @Test
    void shouldWriteOneArrayAsNpy() throws IOException {
        double[] x = {0.3, 0.9, 0.1, -1.2, -0.4};
        double[][] expected = filteredByHand(x);
        Path one = folder.resolve("one.npy");

        Cli cli = done("filter", "--model", model, "--in", x("x.npz", x), "--out", one);
        NdArray filtered = NpyReader.readAll(one);
        assertArrayEquals(new int[] {4, 2}, filtered.shape());
        assertEquals(expected[0][3], filtered.at(7), 1e-12);
        assertTrue(cli.out().endsWith("sequences, filtered" + System.lineSeparator()), cli.out());

        done("filter", "--model", model, "--in", x("x.npz", x), "--array", "log_evidence", "--out", one);
        NdArray evidence = NpyReader.readAll(one);
        assertArrayEquals(new int[] {4}, evidence.shape());
        assertEquals(Math.log(expected[1][2]), evidence.at(2), 1e-12);

        done("smooth", "--model", model, "--in", x("x.npz", x), "--array", "frame", "--out", one);
        assertArrayEquals(
                new long[] {1, 2, 3, 4}, (long[]) NpyReader.readAll(one).data());

        done("viterbi", "--model", model, "--in", x("x.npz", 0, -1, 1.2, 1), "--out", one);
        assertArrayEquals(new long[] {0, 1, 1}, (long[]) NpyReader.readAll(one).data());
    }

    @Test
    void shouldRefuseArraysThatItDoesNotWrite() throws IOException {
        Path file = x("x.npz", 1, 2, 3);
        Path one = folder.resolve("one.npy");
        Object[] common = {"viterbi", "--model", model, "--in", file};
        assertFails(2, "did you mean \"state\"?", with(List.of(common), "--array", "states", "--out", one));
        assertFails(2, "--array chooses the one array", with(List.of(common), "--array", "state", "--out", out()));
        assertFalse(Files.exists(one));
    }

    @Test
    void shouldSmoothAsAllPathsTogetherSay() throws IOException {
        double[] x = {0, 0.4, -0.1, -0.9};
        double[] weights = new double[8];
        double sum = 0;
        for (int path = 0; path < 8; path++) {
            double p = 0.5;
            for (int s = 0; s < 3; s++) {
                int z = path >> s & 1;
                p *= density(x[s + 1], z) * (s == 0 ? 1 : z == (path >> s - 1 & 1) ? STAY : 1 - STAY);
            }
            weights[path] = p;
            sum += p;
        }

        done("smooth", "--model", model, "--in", x("x.npz", x), "--out", out());

        NdArray smoothed = Npz.read(out(), "smoothed");
        for (int s = 0; s < 3; s++) {
            double one = 0;
            for (int path = 0; path < 8; path++) {
                one += (path >> s & 1) * weights[path] / sum;
            }
            assertEquals(one, smoothed.at(2 * s + 1), 1e-12);
        }
    }

    @Test
    void shouldFindTheMostProbablePath() throws IOException {
        // A single frame on the other side is less than two switches: 0.4 costs 2 * 0.4 * 1 / 0.25 = 3.2 < 2 log 9 =
        // 4.4 nats.
        done("viterbi", "--model", model, "--in", x("x.npz", 0, -1, -1, 0.4, -1, -1, 1, 1, 1), "--out", out());
        assertArrayEquals(new long[] {0, 0, 0, 0, 0, 1, 1, 1}, (long[])
                Npz.read(out(), "state").data());
    }

    @Test
    void shouldPrintTheLogLikelihood() throws IOException {
        double[] x = {0.3, 0.9, 0.1, -1.2};
        double log = 0;
        for (double evidence : filteredByHand(x)[1]) {
            log += Math.log(evidence);
        }
        Path file = x("x.npz", x);
        Cli cli = done("loglik", "--model", model, "--in", file, file);
        assertTrue(
                cli.out()
                        .contains(
                                String.format(Locale.ROOT, "x.npz: %.6f over 3 frames, %.6f per frame", log, log / 3)),
                cli.out());
        assertTrue(cli.out().contains(String.format(Locale.ROOT, "all: %.6f over 6 frames", 2 * log)), cli.out());
    }

    @Test
    void shouldTakeFramesWithNanAsMissingOnlyWhenAsked() throws IOException {
        Path file = x("x.npz", 0, 0.9, Double.NaN, 0.9, 0.8, 0.7);
        Cli refused = arhmm("filter", "--model", model, "--in", file, "--out", out());
        assertEquals(2, refused.code());
        assertTrue(refused.err().contains("frame 2"), refused.err());

        done("filter", "--model", model, "--in", file, "--missing", "--out", out());

        NdArray evidence = Npz.read(out(), "log_evidence");
        assertEquals(0, evidence.at(1), 1e-12);
        assertEquals(0, evidence.at(2), 1e-12, "the frame behind it lacks its lag");
        assertTrue(Math.abs(evidence.at(3)) > 0.01);
    }

    @Test
    void shouldSimulateWhatTheModelSays() throws IOException {
        done("simulate", "--model", model, "--frames", 5001, "--seed", 3, "--out", out());
        NdArray x = Npz.read(out(), "x");
        NdArray z = Npz.read(out(), "z");
        assertArrayEquals(new int[] {5001, 1}, x.shape());
        assertArrayEquals(new int[] {5000}, z.shape());
        double sum = 0;
        int ones = 0;
        int switches = 0;
        for (int s = 0; s < 5000; s++) {
            sum += z.at(s) * x.at(s + 1);
            ones += (int) z.at(s);
            switches += s > 0 && z.at(s) != z.at(s - 1) ? 1 : 0;
        }
        assertEquals(MEANS[1], sum / ones, 5 * Math.sqrt(VARIANCE / ones));
        assertEquals(0.1, switches / 4999.0, 5 * Math.sqrt(0.09 / 4999));

        byte[] first = Files.readAllBytes(out());
        done("simulate", "--model", model, "--frames", 5001, "--seed", 3, "--out", out());
        assertArrayEquals((double[]) x.data(), (double[]) Npz.read(out(), "x").data(), "same seed");
        assertEquals(first.length, Files.size(out()));
    }

    private Path simulated() throws IOException {
        Path data = folder.resolve("simulated.npz");
        done("simulate", "--model", model, "--frames", 801, "--seed", 7, "--out", data);
        return data;
    }

    @Test
    void shouldFindTheStatesThatMadeTheRecording() throws IOException {
        Path data = simulated();
        Path fitted = folder.resolve("fitted.npz");
        Cli cli =
                done("fit", "--in", data, "--states", 4, "--lags", 1, "--sweeps", 100, "--kappa", 50, "--out", fitted);
        assertTrue(cli.out().contains("sweep 100/100"), cli.out());
        assertTrue(cli.out().contains("log joint"), cli.out());

        done("viterbi", "--model", fitted, "--in", data, "--out", out());

        NdArray truth = Npz.read(data, "z");
        NdArray found = Npz.read(out(), "state");
        int[][] together = new int[4][2];
        for (int s = 0; s < 800; s++) {
            together[(int) found.at(s)][(int) truth.at(s)]++;
        }
        int right = 0;
        for (int[] row : together) {
            right += Math.max(row[0], row[1]);
        }
        assertTrue(right > 0.94 * 800, right + " of 800");
    }

    @Test
    void shouldBeginWithStretchesThatAreAlike() throws IOException {
        // Frames near -1 and near 1 are told apart before the first sweep.
        double[] x = new double[200];
        for (int t = 0; t < x.length; t++) {
            x[t] = (t / 50 % 2 == 0 ? -1 : 1) + 0.1 * Math.sin(2.3 * t);
        }
        Path data = x("x.npz", x);
        Path fitted = folder.resolve("fitted.npz");
        done("fit", "--in", data, "--init", "stretches", "--states", 2, "--lags", 1, "--sweeps", 0, "--out", fitted);

        int[] z = ArHmmModelFile.read(fitted).model().states()[0];
        for (int t = 1; t < x.length; t++) {
            int place = t % 50;
            if (place >= 8 && place < 42) {
                assertEquals(t / 50 % 2 == 0, z[t - 1] == z[20], "frame " + t);
            }
        }
    }

    @Test
    void shouldFitTheSameModelForAnyNumberOfWorkersAndAcrossARestart() throws IOException {
        Path data = simulated();
        Path straight = folder.resolve("straight.npz");
        Path resumed = folder.resolve("resumed.npz");
        List<Object> common = List.of("fit", "--in", data, "--states", 3, "--lags", 1, "--kappa", 50, "--seed", 9);
        done(with(common, "--sweeps", 6, "--workers", 2, "--out", straight));
        done(with(common, "--sweeps", 3, "--workers", 1, "--out", resumed));
        assertEquals(3, ArHmmModelFile.read(resumed).model().sweep());
        done(with(common, "--sweeps", 6, "--resume", "--out", resumed));

        assertEquals(
                ArHmmModelFile.read(straight).model(),
                ArHmmModelFile.read(resumed).model());

        Cli nothingLeft = arhmm(with(common, "--sweeps", 6, "--resume", "--out", resumed));
        assertEquals(2, nothingLeft.code());
        assertTrue(nothingLeft.err().contains("is of sweep 6 and --sweeps is 6; give more"), nothingLeft.err());
        Cli another = arhmm(with(common, "--sweeps", 9, "--resume", "--gamma", 7, "--out", resumed));
        assertEquals(2, another.code());
        assertTrue(another.err().contains("of a fit with gamma 1000.0 but here it is 7.0"), another.err());
        Cli fresh = arhmm(with(common, "--sweeps", 9, "--resume", "--out", folder.resolve("fresh.npz")));
        assertEquals(1, fresh.code());
        assertTrue(fresh.err().contains("no checkpoint"), fresh.err());
    }

    private static Object[] with(List<Object> common, Object... more) {
        List<Object> all = new ArrayList<>(common);
        all.addAll(List.of(more));
        return all.toArray();
    }

    @Test
    void shouldSayWhichStickinessSuits() throws IOException {
        Path file = simulated();
        Cli cli = done("scan", "--in", file, "--states", 2, "--lags", 1, "--sweeps", 5, "--kappa", 1, 100, "--seed", 3);
        List<String> lines = cli.out().lines().toList();
        assertEquals(4, lines.size(), cli.out());
        double[] evidence = new double[2];
        for (int i = 0; i < 2; i++) {
            String[] row = lines.get(i + 1).trim().split(" +");
            assertEquals(i == 0 ? 1 : 100, Double.parseDouble(row[0]));
            evidence[i] = Double.parseDouble(row[1]);
        }
        assertEquals(
                evidence[0] > evidence[1] ? "most probable with --kappa 1.000" : "most probable with --kappa 100.0",
                lines.get(3));
        assertFails(2, "the part that is held out", "scan", "--in", file, "--kappa", 1, "--held-out", 1);
        assertFails(2, "kappa must be", "scan", "--in", file, "--kappa", -1, "--lags", 1);
    }

    @Test
    void shouldLogEachSweep() throws IOException {
        Path log = folder.resolve("log.csv");
        done("fit", "--in", simulated(), "--states", 2, "--lags", 1, "--sweeps", 5, "--log", log, "--out", out());
        List<String> lines = Files.readAllLines(log);
        assertEquals("sweep,log_joint,log_joint_x,log_joint_z,seconds", lines.get(0));
        assertEquals(6, lines.size());
        String[] last = lines.get(5).split(",");
        assertEquals("5", last[0]);
        assertEquals(Double.parseDouble(last[1]), Double.parseDouble(last[2]) + Double.parseDouble(last[3]), 1e-9);
    }

    /** A table as DeepLabCut writes it: a nose in front of a tail, walking along the columns, and a lost frame. */
    private Path keypoints() throws IOException {
        StringBuilder csv = new StringBuilder("scorer,s,s,s,s,s,s,s,s,s\n"
                + "bodyparts,nose,nose,nose,tail,tail,tail,ear,ear,ear\n"
                + "coords,x,y,likelihood,x,y,likelihood,x,y,likelihood\n");
        Random random = new Random(11);
        for (int t = 0; t < 60; t++) {
            double likelihood = t == 30 ? 0.1 : 0.9;
            csv.append(String.format(
                    Locale.ROOT,
                    "%d,%.3f,%.3f,%.2f,%.3f,%.3f,0.9,%.3f,%.3f,0.9%n",
                    t,
                    100 + t + random.nextGaussian(),
                    50 + random.nextGaussian(),
                    likelihood,
                    80 + t + random.nextGaussian(),
                    50 + random.nextGaussian(),
                    95 + t + random.nextGaussian(),
                    55 + random.nextGaussian()));
        }
        return Files.writeString(folder.resolve("poses.csv"), csv);
    }

    @Test
    void shouldTakeKeypointsAlongTheirPrincipalComponents() throws IOException {
        Path poses = keypoints();
        Path pca = folder.resolve("pca.npz");
        Cli fitted = done("pca", "--in", poses, "--dims", 2, "--out", pca);
        assertTrue(fitted.out().contains("2 components of 6 features"), fitted.out());
        Path behaviour = folder.resolve("behaviour.npz");
        done("fit", "--in", poses, "--pca", pca, "--states", 2, "--lags", 1, "--sweeps", 2, "--out", behaviour);
        done("filter", "--model", behaviour, "--in", poses, "--pca", pca, "--out", out());

        NdArray evidence = Npz.read(out(), "log_evidence");
        assertEquals(59, evidence.size());
        for (int t = 1; t < 60; t++) {
            boolean lost = t == 30 || t == 31;
            assertEquals(lost, Math.abs(evidence.at(t - 1)) < 1e-12, "frame " + t);
        }

        Cli without = arhmm("filter", "--model", behaviour, "--in", poses, "--out", out());
        assertEquals(2, without.code());
        assertTrue(without.err().contains("is a model of 2 features but"), without.err());
        Cli misspelled = arhmm("pca", "--in", poses, "--front", "noze", "--out", pca);
        assertEquals(2, misspelled.code());
        assertTrue(misspelled.err().contains("did you mean \"nose\"?"), misspelled.err());
    }

    @Test
    void shouldTakeTheTablesOfSleap() throws IOException, URISyntaxException {
        Path h5 = Path.of(getClass().getResource("/keypoints/sleap.analysis.h5").toURI());
        Path csv =
                Path.of(getClass().getResource("/keypoints/sleap.analysis.csv").toURI());
        Path fitted = folder.resolve("fitted.npz");
        Path other = folder.resolve("other.npz");
        done("fit", "--in", h5, "--states", 2, "--lags", 1, "--sweeps", 2, "--out", fitted);
        done("filter", "--model", fitted, "--in", h5, "--out", out());
        done("filter", "--model", fitted, "--in", csv, "--out", other);

        Map<String, NdArray> result = Npz.read(out());
        assertArrayEquals(
                new long[] {0, 0, 0, 1, 1, 1}, (long[]) result.get("sequence").data());
        // The second animal is not there in frame 2, so that frame 3 lacks its lag.
        for (int s = 0; s < 6; s++) {
            assertEquals(s >= 4, Math.abs(result.get("log_evidence").at(s)) < 1e-12, "position " + s);
        }
        assertEquals(result, Npz.read(other));
    }

    @Test
    void shouldSayWhatIsWrongWithFiles() throws IOException {
        Path file = x("x.npz", 1, 2, 3);
        assertFails(1, "no file", "filter", "--model", model, "--in", folder.resolve("none.npy"), "--out", out());
        assertFails(1, "no file", "filter", "--model", folder.resolve("none.npz"), "--in", file, "--out", out());
        assertFails(2, "--out is an .npz file", "filter", "--model", model, "--in", file, "--out", "out.txt");
        assertFails(
                2, "of no known kind", "loglik", "--model", model, "--in", Files.createFile(folder.resolve("x.mat")));
        assertFails(
                2,
                "has 1 frames, needs at least 2",
                "filter",
                "--model",
                model,
                "--in",
                x("short.npz", 1),
                "--out",
                out());
        assertFails(2, "kappa must be", "fit", "--in", file, "--kappa", -1, "--lags", 1, "--out", out());
        assertFails(2, "--frames must be > 1", "simulate", "--model", model, "--frames", 1, "--out", out());
        assertFails(2, "say what to do");
        assertFalse(Files.exists(out()));
    }

    private static void assertFails(int code, String message, Object... words) {
        Cli cli = arhmm(words);
        assertEquals(code, cli.code(), cli.err());
        assertTrue(cli.err().contains(message), cli.err());
    }

    @Test
    void shouldSayInHelpWhatItWrites() {
        assertTrue(done("filter", "--help").out().contains("log_evidence"));
        assertTrue(done("smooth", "--help").out().contains("smoothed"));
        assertTrue(done("fit", "--help").out().contains("checkpoint"));
        assertTrue(done("simulate", "--help").out().contains("z   its states"));
    }
}
