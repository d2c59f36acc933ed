package org.amacrine.operators.filter;

import static org.amacrine.operators.Golden.assertWithin;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.layer.Layer;
import org.amacrine.core.layer.LayerRun;
import org.amacrine.operators.Golden;
import org.amacrine.operators.filter.CausalConvolution.Border;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Convolutions against stored output of the reference, see golden/retina/README.md, for several chunk lengths. */
class ConvolutionGoldenTest {

    private static void assertOutput(Golden.Case golden, Layer layer) {
        Frames x = Golden.allFrames(golden.input("x"));
        Frames expected = Golden.allFrames(golden.output("y"));
        for (int dt : new int[] {1, 7, x.count()}) {
            Frames y = LayerRun.of("golden", layer).dt(dt).apply(x).get("output");

            assertEquals(expected.shape(), y.shape(), golden.id());
            assertWithin(
                    golden.limit(),
                    y.values(),
                    NdArray.of(expected.values(), expected.values().length),
                    golden.id() + ", dt " + dt);
        }
    }

    /** All but the one with chunks shorter than the kernel, where the reference forgets: see below. */
    static List<Golden.Case> cases() {
        return Golden.cases("f_conv3d_").stream()
                .filter(golden -> !golden.id().equals("f_conv3d_3"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void shouldConvolveSeveralChannelsAndBatches(Golden.Case golden) {
        NdArray weight = golden.input("weight");
        Layer layer =
                new Convolution("conv", Border.REPEAT, golden.map("inputs").containsKey("bias"), weight.shape());
        layer.parameters().set("weight", weight);
        if (golden.map("inputs").containsKey("bias")) {
            layer.parameters().set("bias", golden.input("bias"));
        }

        assertOutput(golden, layer);
    }

    /** Of one stream of frames, those from one to another. */
    private static float[] part(Frames x, int from, int to) {
        return Arrays.copyOfRange(
                x.values(), from * x.shape().values(), to * x.shape().values());
    }

    private static float[] joined(float[] first, float[] second) {
        float[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    /**
     * In chunks shorter than its memory the reference puts copies of the chunk's own first frame behind what it remembers, and so
     * convolves something else. What it convolves is put together here; the convolution is the same.
     */
    @Test
    void shouldConvolveWhatTheReferenceRemembersInShortChunks() {
        Golden.Case golden = Golden.theCase("f_conv3d_3");
        Frames x = Golden.allFrames(golden.input("x"));
        NdArray weight = golden.input("weight");
        int memory = weight.shape()[2] - 1;
        int values = x.shape().values();
        List<float[]> remembered = new ArrayList<>();
        float[] y = {};
        int from = 0;
        for (Object chunk : (List<?>) golden.entry().get("chunks")) {
            int to = from + ((Number) chunk).intValue();
            while (remembered.stream().mapToInt(each -> each.length).sum() < memory * values) {
                remembered.add(part(x, from, from + 1));
            }
            float[] all = {};
            for (float[] each : remembered) {
                all = joined(all, each);
            }
            all = joined(all, part(x, from, to));
            int count = memory + to - from;
            Frames padded =
                    new Frames(x.shape(), count, Arrays.copyOfRange(all, all.length - count * values, all.length));
            Layer layer = new Convolution("conv", Border.REPEAT, true, weight.shape());
            layer.parameters().set("weight", weight);
            layer.parameters().set("bias", golden.input("bias"));
            Frames out = LayerRun.of("golden", layer).dt(count).apply(padded).get("output");
            y = joined(y, part(out, memory, count));
            while (!remembered.isEmpty()
                    && remembered.stream().mapToInt(each -> each.length).sum() > (memory - (to - from)) * values) {
                remembered.remove(0);
            }
            remembered.add(part(x, Math.max(from, to - memory), to));
            from = to;
        }

        float[] expected = Golden.allFrames(golden.output("y")).values();
        assertWithin(golden.limit(), y, NdArray.of(expected, expected.length), golden.id());
    }

    /** The reference's time padding gives out a chunk with the five frames before it: what a kernel of six steps sees. */
    @Test
    void shouldSeeTheFramesBeforeAChunk() {
        Golden.Case golden = Golden.theCase("f_timepad");
        Frames x = Golden.allFrames(golden.input("x"));
        Layer last = new Convolution("last", Border.REPEAT, false, 1);
        last.parameters().set("weight", NdArray.of(new float[] {0, 0, 0, 0, 0, 1}, 6));

        Frames before = LayerRun.of("golden", last).dt(golden.dt()).apply(x).get("output");

        assertChunksWithPast(golden, before, x, 5);
    }

    /** Chunks with {@code length} frames before them: the first frames are those of {@code early}, the last ones of {@code late}. */
    static void assertChunksWithPast(Golden.Case golden, Frames early, Frames late, int length) {
        float[] y = {};
        for (int from = 0; from < late.count(); from += golden.dt()) {
            int to = Math.min(late.count(), from + golden.dt());
            y = joined(y, part(early, from, from + length));
            y = joined(y, part(late, from, to));
        }
        assertArrayEquals(Golden.allFrames(golden.output("y")).values(), y);
    }

    @Test
    void shouldConvolveEachFrame() {
        Golden.Case golden = Golden.theCase("f_conv2d");
        NdArray weight = golden.input("weight");
        int[] s = weight.shape();
        Layer layer = new Convolution("conv", Border.REPEAT, false, s[0], s[1], 1, s[2], s[3]);
        layer.parameters().set("weight", NdArray.of(weight.floats(), s[0], s[1], 1, s[2], s[3]));

        assertOutput(golden, layer);
    }

    @Test
    void shouldConvolveEachPixelInTime() {
        Golden.Case golden = Golden.theCase("f_conv1d");
        Layer layer = new Convolution("conv", Border.REPEAT, false, 1);
        layer.parameters().set("weight", golden.input("weight"));

        assertOutput(golden, layer);
    }

    static List<Golden.Case> receptiveFields() {
        return Golden.cases("f_rf_0", "f_rf_1");
    }

    @ParameterizedTest
    @MethodSource("receptiveFields")
    void shouldSumUpAReceptiveField(Golden.Case golden) {
        Layer layer =
                Convolution.receptiveField("rf", false, golden.input("weight").shape());
        layer.parameters().set("weight", golden.input("weight"));

        assertOutput(golden, layer);
    }

    @Test
    void shouldAverageTheFrameWithoutAReceptiveField() {
        assertOutput(Golden.theCase("f_rf_2"), Convolution.receptiveField("rf", false, 1, 1, 1));
    }
}
