package org.amacrine.demos.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.NpyReader;
import org.amacrine.core.io.NpyWriter;
import org.amacrine.core.layer.LayerRun;
import org.amacrine.core.layer.Resolution;
import org.amacrine.demos.Cli;
import org.amacrine.operators.retina.Bipolar;
import org.amacrine.operators.retina.Retina;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApplyCommandTest {
    @TempDir
    Path folder;

    private Path write(float[] values, int frames, int... extents) throws IOException {
        Path file = folder.resolve("x.npy");
        try (NpyWriter writer = new NpyWriter(file, extents)) {
            writer.append(values, 0, frames);
        }
        return file;
    }

    private static float[] noise(int count) {
        Random random = new Random(5);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextFloat();
        }
        return values;
    }

    private Cli apply(String layer, Path in, String... more) {
        List<String> args = new ArrayList<>(List.of("apply", layer, "--in", in.toString(), "--out", out().toString()));
        args.addAll(List.of(more));
        return Cli.run(args.toArray(String[]::new));
    }

    private Path out() {
        return folder.resolve("out");
    }

    private NdArray output(String name) throws IOException {
        return NpyReader.readAll(out().resolve(name + ".npy"));
    }

    private static void assertDone(Cli cli) {
        assertEquals(0, cli.code(), cli.err());
    }

    @Test
    void shouldWriteOneFilePerNamedOutput() throws IOException {
        float[] x = noise(60 * 7 * 9);
        Path in = write(x, 60, 7, 9);

        assertDone(apply("retina", in, "--dt", "13", "--seed", "4"));

        Map<String, Frames> expected =
                LayerRun.of("retina", new Retina()).seed(4).dt(60).apply(new Frames(Shape.image(7, 9), 60, x));
        for (String name : List.of("ganglion_spikes_ON", "ganglion_spikes_OFF")) {
            assertArrayEquals(new int[] {60, 7, 9}, output(name).shape());
            assertArrayEquals(expected.get(name).values(), output(name).floats(), name);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "7", "59", "60", "1000"})
    void shouldGiveTheSameBytesForAnyChunkLength(String dt) throws IOException {
        Path in = write(noise(60 * 6 * 5), 60, 6, 5);
        assertDone(apply("retina", in, "--dt", "10"));
        byte[] expected = Files.readAllBytes(out().resolve("ganglion_spikes_ON.npy"));

        assertDone(apply("retina", in, "--dt", dt));

        assertArrayEquals(expected, Files.readAllBytes(out().resolve("ganglion_spikes_ON.npy")));
    }

    @Test
    void shouldKeepTheLayoutOfTheInput() throws IOException {
        int[][] layouts = {{}, {6}, {2, 3}, {6, 1, 1}, {3, 2, 1}};
        for (int[] extents : layouts) {
            Path in = write(noise(20 * NdArray.count(extents)), 20, extents);
            assertDone(apply("retina.bipolar", in, "--dt", "7"));
            int[] shape = output("output").shape();
            assertEquals(20, shape[0]);
            assertArrayEquals(extents, java.util.Arrays.copyOfRange(shape, 1, shape.length));
        }
    }

    @Test
    void shouldKeepTheFiveAxesOfTheReference() throws IOException {
        int channels = 2;
        int frames = 10;
        float[] x = noise(channels * frames * 3 * 4);
        Path in = folder.resolve("five.npy");
        try (NpyWriter writer = new NpyWriter(in, 1, new int[] {frames, 3, 4})) {
            writer.append(x, 0, channels);
        }

        assertDone(apply("retina.bipolar", in, "--dt", "3"));

        assertArrayEquals(
                new int[] {1, channels, frames, 3, 4}, output("output").shape());
        float[] y = output("output").floats();
        for (int c = 0; c < channels; c++) {
            float[] alone = java.util.Arrays.copyOfRange(x, c * frames * 12, (c + 1) * frames * 12);
            float[] expected = LayerRun.of("x", new Bipolar())
                    .dt(frames)
                    .apply(new Frames(Shape.image(3, 4), frames, alone))
                    .get("output")
                    .values();
            assertArrayEquals(expected, java.util.Arrays.copyOfRange(y, c * frames * 12, (c + 1) * frames * 12));
        }
    }

    @Test
    void shouldKeepFiveAxesWithOneChannel() throws IOException {
        Path in = folder.resolve("five.npy");
        try (NpyWriter writer = new NpyWriter(in, 2, new int[] {3, 4})) {
            writer.append(noise(120), 0, 10);
        }

        assertDone(apply("retina.bipolar", in));

        assertArrayEquals(new int[] {1, 1, 10, 3, 4}, output("output").shape());
    }

    /** Three batches of two channels, in chunks that do not divide a batch: each as if it had been alone, noise included. */
    @ParameterizedTest
    @ValueSource(strings = {"retina.ganglion-spiking", "filter.high-pass"})
    void shouldRunEachBatchAsAStreamOfItsOwn(String layer) throws IOException {
        int batchValues = 2 * 10 * 3 * 4;
        float[] x = noise(3 * batchValues);
        for (int i = 0; i < x.length; i++) {
            x[i] *= 200;
        }
        assertDone(apply(layer, write(x, 3, 2, 10, 3, 4), "--dt", "4"));
        NdArray together = output("output");

        assertArrayEquals(new int[] {3, 2, 10, 3, 4}, together.shape());
        for (int batch = 0; batch < 3; batch++) {
            float[] alone = Arrays.copyOfRange(x, batch * batchValues, (batch + 1) * batchValues);
            assertDone(apply(layer, write(alone, 1, 2, 10, 3, 4)));
            assertArrayEquals(
                    output("output").floats(),
                    Arrays.copyOfRange(together.floats(), batch * batchValues, (batch + 1) * batchValues),
                    "batch " + batch);
        }
    }

    @Test
    void shouldWriteBatchesOfOneChannelWithItsAxis() throws IOException {
        float[] x = noise(2 * 10 * 12);
        Cli cli = apply("filter.difference", write(x, 2, 1, 10, 3, 4), "--dt", "3");

        assertDone(cli);
        assertTrue(cli.out().contains("20 frames of 1x3x4, in 2 batches"), cli.out());
        assertArrayEquals(new int[] {2, 1, 10, 3, 4}, output("output").shape());
        float[] y = output("output").floats();
        for (int batch = 0; batch < 2; batch++) {
            int begin = batch * 120;
            assertArrayEquals(new float[12], Arrays.copyOfRange(y, begin, begin + 12), "the first frame");
            assertEquals(x[begin + 12] - x[begin], y[begin + 12]);
        }
    }

    @Test
    void shouldKeepWholeBatchesBeforeABadValueAndNameItsBatch() throws IOException {
        float[] x = noise(3 * 10 * 12);
        x[2 * 120 + 5 * 12] = Float.NaN;

        Cli cli = apply("filter.difference", write(x, 3, 1, 10, 3, 4), "--dt", "3");

        assertEquals(1, cli.code());
        assertTrue(cli.err().contains("batch 2, layer filter.difference at frame 5"), cli.err());
        assertArrayEquals(new int[] {2, 1, 10, 3, 4}, output("output").shape());
    }

    @Test
    void shouldKeepWhatThereIsOfTheFirstBatchBeforeABadValue() throws IOException {
        float[] x = noise(2 * 10 * 12);
        x[5 * 12] = Float.NaN;

        Cli cli = apply("filter.difference", write(x, 2, 1, 10, 3, 4), "--dt", "3");

        assertEquals(1, cli.code());
        assertArrayEquals(new int[] {1, 1, 3, 3, 4}, output("output").shape());
    }

    /** 0.05 degrees are half a pixel: three taps a side, of the sum (2 / sqrt(2 pi) (1 + 2 exp(-2)))², until it is normalised. */
    @Test
    void shouldFilterByAKernelThatIsNamed() throws IOException {
        float[] ones = new float[36];
        Arrays.fill(ones, 1);
        Path in = write(ones, 1, 6, 6);

        assertDone(apply("filter.convolution", in, "--set", "shape=gaussian", "--set", "sigmaDegrees=0.05"));
        assertEquals(1.027889, output("output").at(14), 1e-6);
        assertDone(apply(
                "filter.convolution",
                in,
                "--set",
                "shape=gaussian",
                "--set",
                "sigmaDegrees=0.05",
                "--set",
                "normalise=true"));
        assertEquals(1, output("output").at(14), 1e-6);
        assertDone(apply("filter.convolution", in, "--set", "shape=exponential", "--set", "normalise=true"));
        assertEquals(1, output("output").at(14), 1e-6);
        assertDone(apply("filter.convolution", in, "--set", "shape=high-pass", "--set", "relativeWeight=0"));
        assertEquals(1, output("output").at(14), 0);
        assertDone(apply(
                "filter.convolution",
                in,
                "--set",
                "shape=gaussian",
                "--set",
                "kernel=3,1,1,1,1",
                "--set",
                "preserveChannels=true"));
        assertArrayEquals(new int[] {1, 3, 6, 6}, output("output").shape());

        Cli unused = apply("filter.convolution", in, "--set", "sigmaDegrees=0.05");
        assertTrue(unused.err().contains("sigmaDegrees was given but shape is zeros"), unused.err());
        Cli kernel = apply("filter.convolution", in, "--set", "shape=gaussian", "--set", "kernel=3,3");
        assertTrue(kernel.err().contains("kernel is 3,3 but a kernel of shape=gaussian"), kernel.err());
    }

    @Test
    void shouldRefuseStatesOfBatchesAndInputsOfOtherBatches() throws IOException {
        Path two = write(noise(240), 2, 1, 10, 3, 4);
        Path one = folder.resolve("one.npy");
        NpyWriter.write(one, NdArray.of(noise(120), 1, 1, 10, 3, 4));

        Cli states = apply(
                "filter.difference",
                two,
                "--save-states",
                folder.resolve("s.npz").toString());
        Cli inputs = apply("filter.sum", two, "--in", one.toString());

        assertEquals(2, states.code());
        assertTrue(states.err().contains("are of one stream but " + two + " has 2 batches"), states.err());
        assertEquals(2, inputs.code());
        assertTrue(inputs.err().contains(one + " has 1 batches but " + two + " has 2"), inputs.err());
    }

    @Test
    void shouldRefuseToSaveStatesThatCannotBeReadBeforeTheRun() throws IOException {
        Path states = folder.resolve("s.npz");

        Cli cli = apply("vision.bioinspired", write(noise(120), 10, 3, 4), "--save-states", states.toString());

        assertEquals(1, cli.code());
        assertTrue(cli.err().contains("lies within OpenCV and cannot be kept"), cli.err());
        assertFalse(Files.exists(out()), "nothing was run");
    }

    @Test
    void shouldLeaveStagesOut() throws IOException {
        Path in = write(noise(30 * 5 * 5), 30, 5, 5);

        assertDone(apply("retina", in, "--set", "stages=opl,bipolar,ganglion"));

        float largest = 0;
        for (float value : output("ganglion_spikes_ON").floats()) {
            largest = Math.max(largest, value);
        }
        assertTrue(largest > 1, "a current in hertz, not spikes: " + largest);
    }

    @Test
    void shouldBuildTheLayerForTheResolutionGiven() throws IOException {
        float[] x = noise(30 * 12 * 12);
        Path in = write(x, 30, 12, 12);

        assertDone(apply("retina.opl", in, "--pixels-per-degree", "20", "--steps-per-second", "500"));

        float[] expected = LayerRun.of("x", new org.amacrine.operators.retina.Opl())
                .resolution(Resolution.of(20, 500))
                .apply(new Frames(Shape.image(12, 12), 30, x))
                .get("output")
                .values();
        assertArrayEquals(expected, output("output").floats());
    }

    @Test
    void shouldTakeParametersFromAFileAndFromTheLine() throws IOException {
        float[] x = noise(30 * 5 * 5);
        Path in = write(x, 30, 5, 5);
        Path params = folder.resolve("p.yaml");
        Files.writeString(params, "leakHertz: 20\ninputHertz: 80\n");

        assertDone(apply("retina.bipolar", in, "--params", params.toString(), "--set", "g_leak=30"));

        Bipolar bipolar = new Bipolar();
        bipolar.parameters().set(Map.of("leakHertz", 30, "inputHertz", 80));
        float[] expected = LayerRun.of("x", bipolar)
                .apply(new Frames(Shape.image(5, 5), 30, x))
                .get("output")
                .values();
        assertArrayEquals(expected, output("output").floats());
    }

    @Test
    void shouldTakeAMapFromAnArrayFile() throws IOException {
        Path in = write(noise(10 * 2 * 2), 10, 2, 2);
        Path map = folder.resolve("leak.npy");
        try (NpyWriter writer = new NpyWriter(map, 2)) {
            writer.append(new float[] {10, 20, 30, 40}, 0, 2);
        }

        assertDone(apply("retina.bipolar", in, "--set", "leakHertz=@" + map));

        assertArrayEquals(new int[] {10, 2, 2}, output("output").shape());
    }

    @Test
    void shouldContinueFromSavedStates() throws IOException {
        float[] x = noise(60 * 4 * 4);
        assertDone(apply("retina.bipolar", write(x, 60, 4, 4)));
        float[] whole = output("output").floats();
        Path states = folder.resolve("s.npz");
        Path first = write(x, 25, 4, 4);
        assertDone(apply("retina.bipolar", first, "--save-states", states.toString()));
        Path second = write(java.util.Arrays.copyOfRange(x, 25 * 16, x.length), 35, 4, 4);

        assertDone(apply("retina.bipolar", second, "--states", states.toString()));

        assertArrayEquals(
                java.util.Arrays.copyOfRange(whole, 25 * 16, whole.length),
                output("output").floats());
    }

    @Test
    void shouldContinueNoiseFromSavedStates() throws IOException {
        float[] x = noise(60 * 4 * 4);
        for (int i = 0; i < x.length; i++) {
            x[i] *= 200;
        }
        assertDone(apply("retina.ganglion-spiking", write(x, 60, 4, 4)));
        float[] whole = output("output").floats();
        Path states = folder.resolve("s.npz");
        Path first = write(x, 25, 4, 4);
        assertDone(apply("retina.ganglion-spiking", first, "--save-states", states.toString()));
        Path second = write(java.util.Arrays.copyOfRange(x, 25 * 16, x.length), 35, 4, 4);

        assertDone(apply("retina.ganglion-spiking", second, "--states", states.toString()));

        assertArrayEquals(
                java.util.Arrays.copyOfRange(whole, 25 * 16, whole.length),
                output("output").floats());
    }

    @Test
    void shouldNameLayerFrameAndPixelOfABadValueAndKeepWhatCameBefore() throws IOException {
        float[] x = noise(30 * 4 * 5);
        x[17 * 20 + 2 * 5 + 3] = Float.NaN;
        Path in = write(x, 30, 4, 5);

        Cli cli = apply("retina.bipolar", in, "--dt", "10");

        assertEquals(1, cli.code());
        assertTrue(cli.err().contains("layer retina.bipolar at frame 17"), cli.err());
        assertTrue(cli.err().contains("row 2, column 3 is NaN"), cli.err());
        assertEquals(10, output("output").shape()[0]);
    }

    @Test
    void shouldRefuseWhatItDoesNotKnow() throws IOException {
        Path in = write(noise(40), 10, 2, 2);
        record Wrong(String[] args, String message) {}
        List<Wrong> wrongs = List.of(
                new Wrong(new String[] {"--set", "bipolar.gleak=3"}, "did you mean \"bipolar.leakHertz\"?"),
                new Wrong(new String[] {"--set", "stage=opl"}, "did you mean \"stages\"?"),
                new Wrong(new String[] {"--set", "stages=opl,bipola"}, "did you mean \"bipolar\"?"),
                new Wrong(new String[] {"--set", "bipolar.leakHertz=-1"}, "must be a finite number > 0 but was -1"),
                new Wrong(new String[] {"--set", "bipolar.leakHertz"}, "name=value"),
                new Wrong(new String[] {"--backend", "cuda"}, "no backend \"cuda\""),
                new Wrong(new String[] {"--dt", "0"}, "dt must be a whole number >= 1"),
                new Wrong(new String[] {"--dt", "2147483647"}, "<= 1048576 but was 2147483647"),
                new Wrong(new String[] {"--workers", "100000"}, "<= 1024 but was 100000"),
                new Wrong(new String[] {"--set", "@" + in}, "name=value but was \"@"),
                new Wrong(new String[] {"--pixels-per-degree", "-3"}, "pixelsPerDegree must be"));
        for (Wrong wrong : wrongs) {
            Cli cli = apply("retina", in, wrong.args());
            assertEquals(2, cli.code(), cli.err());
            assertTrue(cli.err().contains(wrong.message()), cli.err());
            assertFalse(cli.err().contains("\tat "), "no stack trace: " + cli.err());
        }
    }

    @Test
    void shouldSayWhatIsWrongWithAFile() throws IOException {
        Path empty = Files.createFile(folder.resolve("empty.npy"));
        Path text = Files.writeString(folder.resolve("text.npy"), "this is no array at all");
        Path missing = folder.resolve("missing.npy");

        assertTrue(apply("retina", empty).err().contains("is not an .npy file"));
        assertTrue(apply("retina", text).err().contains("does not begin with"));
        Cli cli = apply("retina", missing);
        assertEquals(1, cli.code());
        assertTrue(cli.err().contains("no file " + missing), cli.err());
    }

    @Test
    void shouldTreatMissingFilesAlikeWhereverTheyAreNamed() throws IOException {
        Path in = write(noise(40), 10, 2, 2);
        String missing = folder.resolve("missing.yaml").toString();

        for (Cli cli : List.of(
                apply("retina", in, "--params", missing),
                apply("retina", in, "--set", "config=" + missing),
                apply("retina", in, "--set", "bipolar.leakHertz=@" + missing),
                Cli.run("params", "retina", "--set", "config=" + missing))) {
            assertEquals(1, cli.code());
            assertEquals(
                    "amacrine: no file " + missing + "; check the path",
                    cli.err().strip());
        }
    }

    @Test
    void shouldSayHowAllParametersAreListed() throws IOException {
        Path in = write(noise(40), 10, 2, 2);

        Cli cli = apply("retina", in, "--set", "bipolar.gleak=3");

        assertEquals(2, cli.code());
        assertTrue(
                cli.err()
                        .matches("amacrine: no parameter \"bipolar.gleak\"; did you mean \"bipolar.leakHertz\"\\?"
                                + " `amacrine params retina` lists all \\d+\\s+"),
                cli.err());
    }

    @Test
    void shouldReadArraysInFortranOrderAndHalfPrecision() throws IOException {
        // numpy.asfortranarray(numpy.arange(12, dtype='<f2').reshape(3, 2, 2)), and the same in C order as '<f4'.
        String header = "{'descr': '<f2', 'fortran_order': True, 'shape': (3, 2, 2), }\n";
        ByteBuffer bytes = ByteBuffer.allocate(10 + header.length() + 24).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}).putShort((short) header.length());
        bytes.put(header.getBytes(StandardCharsets.US_ASCII));
        int[] halves = {0, 0x3c00, 0x4000, 0x4200, 0x4400, 0x4500, 0x4600, 0x4700, 0x4800, 0x4880, 0x4900, 0x4980};
        for (int i : new int[] {0, 4, 8, 2, 6, 10, 1, 5, 9, 3, 7, 11}) {
            bytes.putShort((short) halves[i]);
        }
        Path fortran = Files.write(folder.resolve("fortran.npy"), bytes.array());
        Path plain = write(new float[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, 3, 2, 2);
        assertEquals(0, apply("retina.bipolar", plain).code());
        NdArray expected = output("output");

        Cli cli = apply("retina.bipolar", fortran);

        assertEquals(0, cli.code(), cli.err());
        assertEquals(expected, output("output"));
    }

    @Test
    void shouldNameThePlaceWhereItCannotWrite() throws IOException {
        Path in = write(noise(40), 10, 2, 2);
        Path file = Files.createFile(folder.resolve("file"));

        Cli noFolder = Cli.run("apply", "retina.bipolar", "--in", in.toString(), "--out", file.toString());
        Cli noStates = apply(
                "retina.bipolar", in, "--save-states", file.resolve("s.npz").toString());

        assertEquals(1, noFolder.code());
        assertTrue(noFolder.err().contains("cannot make the folder " + file), noFolder.err());
        assertEquals(1, noStates.code());
        assertTrue(noStates.err().contains("cannot write " + file.resolve("s.npz")), noStates.err());
    }

    @Test
    void shouldNotOverwriteItsInput() throws IOException {
        float[] x = noise(40);
        Files.createDirectories(out());
        Path in = out().resolve("output.npy");
        Files.move(write(x, 10, 2, 2), in);

        Cli cli = apply("retina.bipolar", in);

        assertEquals(2, cli.code());
        assertTrue(cli.err().contains("is the input itself"), cli.err());
        assertArrayEquals(x, output("output").floats());
    }
}
