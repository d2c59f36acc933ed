package org.amacrine.operators.models;

import static org.amacrine.operators.Golden.assertWithin;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.kernel.ScalarKernels;
import org.amacrine.core.layer.DifferentiableLayer;
import org.amacrine.core.layer.Layer;
import org.amacrine.core.layer.LayerContext;
import org.amacrine.core.layer.LayerRun;
import org.amacrine.core.layer.Parameter;
import org.amacrine.core.layer.Resolution;
import org.amacrine.operators.Golden;
import org.amacrine.operators.filter.CausalConvolution.Border;
import org.amacrine.operators.filter.Convolution;
import org.amacrine.operators.filter.HighPass;
import org.amacrine.operators.filter.LowPass;
import org.amacrine.operators.filter.Nonlinearity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models and their gradients against stored output of the reference, see golden/retina/README.md. */
class ModelsGoldenTest {

    private static void assertOutput(Golden.Case golden, Layer layer) {
        Frames x = Golden.allFrames(golden.input("x"));
        Frames y = LayerRun.of("golden", layer)
                .dt(golden.dt() == 0 ? x.count() : golden.dt())
                .apply(x)
                .get("output");
        assertOutput(golden, y);
    }

    private static void assertOutput(Golden.Case golden, Frames y) {
        NdArray expected = golden.output("y");
        float[] theirs = expected.shape().length == 2
                ? expected.floats()
                : Golden.allFrames(expected).values();
        assertWithin(golden.limit(), y.values(), NdArray.of(theirs, theirs.length), golden.id());
    }

    /** Part {@code i} of an array along its first axis. */
    private static NdArray part(NdArray array, int i) {
        int[] axes = Arrays.copyOfRange(array.shape(), 1, array.shape().length);
        int size = NdArray.count(axes);
        return NdArray.of(Arrays.copyOfRange(array.floats(), i * size, (i + 1) * size), axes);
    }

    private static Layer with(Layer layer, String name, Object value) {
        layer.parameters().set(name, value);
        return layer;
    }

    @ParameterizedTest
    @CsvSource({"ln_0", "ln_dt", "ln_even_bias", "ln_rf"})
    void shouldComputeLnModels(String id) {
        Golden.Case golden = Golden.theCase(id);
        NdArray weight = golden.input("weight");
        Layer layer = Cascades.ln("ln", 1, !id.equals("ln_rf"), true, weight.shape());
        layer.parameters().set("conv.weight", weight);
        layer.parameters().set("conv.bias", golden.number("params", "bias", 0));

        assertOutput(golden, layer);
    }

    @ParameterizedTest
    @CsvSource({"ln_LNLN", "ln_LNLNLN", "ln_LNLNLNLN"})
    void shouldComputeCascadesOfLnModels(String id) {
        Golden.Case golden = Golden.theCase(id);
        NdArray weights = golden.input("weights");
        int stages = weights.shape()[0];
        Layer layer = Cascades.ln("ln", stages, true, false, 1);
        for (int i = 0; i < stages; i++) {
            layer.parameters().set("conv" + (i + 1) + ".weight", part(weights, i));
        }

        assertOutput(golden, layer);
    }

    @Test
    void shouldComputeACascadeOfChosenParts() {
        Golden.Case golden = Golden.theCase("ln_cascade");
        NdArray weights = golden.input("weights");
        Layer square = with(with(new Nonlinearity("square", Nonlinearity.Function.SQUARE), "scale", 0.5), "bias", 0.1);
        Layer layer = Cascades.cascade(
                "cascade",
                List.of(
                        new Cascades.Stage(
                                with(new Convolution("one", Border.REPEAT, false, 1), "weight", part(weights, 0)),
                                null),
                        new Cascades.Stage(
                                with(new Convolution("two", Border.REPEAT, false, 1), "weight", part(weights, 1)),
                                square)));

        assertOutput(golden, layer);
    }

    @Test
    void shouldComputeTheLinearModelWithSeveralOutputs() {
        Golden.Case golden = Golden.theCase("l_5d");
        NdArray weight = golden.input("weight");

        assertOutput(golden, with(new Convolution("l", Border.REPEAT, false, weight.shape()), "weight", weight));
    }

    @Test
    void shouldComputeTheModelWithFeedForwardInhibition() {
        Golden.Case golden = Golden.theCase("ln_LNFDLNF");
        Layer layer = Cascades.lnfdlnf("lnfdlnf", false, 50, 1);
        layer.parameters().set("conv1.weight", golden.input("w1"));
        layer.parameters().set("conv2.weight", golden.input("w2"));
        layer.parameters().set("feedback1.weight", golden.input("fb1"));
        layer.parameters().set("feedback2.weight", golden.input("fb2"));

        assertOutput(golden, layer);
    }

    /** The readout's matrix as a kernel, which is turned round over a frame of 12 by 12 pixels. */
    private static NdArray readout(NdArray matrix, int rows, int columns) {
        int[] axes = {matrix.shape()[0], matrix.shape()[1] / (rows * columns), 1, rows, columns};
        return Convolution.stored(NdArray.of(matrix.floats(), axes));
    }

    private static Layer mcIntosh(Golden.Case golden, int cells) {
        Layer layer = Cascades.mcIntosh("mcintosh", cells, 8, 16, new int[] {1, 1, 1}, new int[] {1, 1, 1});
        layer.parameters().set("layer1.weight", golden.input("w1"));
        layer.parameters().set("layer1.bias", golden.input("b1"));
        layer.parameters().set("layer2.weight", golden.input("w2"));
        layer.parameters().set("layer2.bias", golden.input("b2"));
        return layer;
    }

    @ParameterizedTest
    @CsvSource({"mcintosh_0, 3", "mcintosh_1, 2"})
    void shouldComputeMcIntoshsNetwork(String id, int cells) {
        Golden.Case golden = Golden.theCase(id);
        Layer layer = mcIntosh(golden, cells);
        layer.parameters().set("readout.weight", readout(golden.input("readout"), 12, 12));

        assertOutput(golden, layer);
    }

    /** Random numbers over the sum of all of their layer, and a readout of ones. */
    @Test
    void shouldComputeMcIntoshsNetworkAsItBegins() {
        Golden.Case golden = Golden.theCase("mcintosh_rand");
        Frames x = Golden.allFrames(golden.input("x"));
        Layer layer = Cascades.mcIntosh("mcintosh", 1, 8, 16, new int[] {4, 3, 3}, new int[] {1, 1, 1});
        LayerRun run = LayerRun.of("golden", layer).dt(golden.dt());
        run.prepare(x.shape());
        layer.parameters().set("layer1.weight", overSum(golden.input("rand1")));
        layer.parameters().set("layer2.weight", overSum(golden.input("rand2")));
        layer.parameters().set("readout.weight", 1);

        assertOutput(golden, run.apply(x).get("output"));
    }

    private static NdArray overSum(NdArray numbers) {
        double sum = Arrays.stream(numbers.doubles()).sum();
        return new NdArray(
                numbers.shape(),
                Arrays.stream(numbers.doubles()).map(each -> each / sum).toArray());
    }

    @Test
    void shouldReadOutWithOnes() {
        Golden.Case golden = Golden.theCase("mcintosh_ones");
        Frames x = Golden.allFrames(golden.input("x"));
        Layer layer = mcIntosh(golden, 1);
        LayerRun run = LayerRun.of("golden", layer).dt(golden.dt());
        run.prepare(x.shape());
        layer.parameters().set("readout.weight", 1);

        assertOutput(golden, run.apply(x).get("output"));
    }

    // ------------------------------------------------------------------------------------------------ gradients

    /** A layer that has gone through a golden case of gradients, as one chunk, with the loss of summed squares. */
    private static final class Gradients {
        private final Golden.Case golden;
        private final DifferentiableLayer layer;
        private final Chunk ofInput;
        private double loss;

        Gradients(Golden.Case golden, Layer model) {
            this.golden = golden;
            layer = (DifferentiableLayer) model;
            Frames x = Golden.allFrames(golden.input("x"));
            NdArray target = golden.input("target");
            layer.keepGradients(true);
            List<Shape> shapes = layer.prepare(new LayerContext(
                    "golden",
                    List.of(x.shape()),
                    Resolution.DEFAULT,
                    ScalarKernels.INSTANCE,
                    Bands.ALONE,
                    0,
                    x.count()));
            Chunk in = chunk(x.shape(), x.count());
            System.arraycopy(x.values(), 0, in.values(), 0, x.values().length);
            Chunk out = chunk(shapes.get(0), x.count());
            ofInput = chunk(x.shape(), x.count());
            layer.process(new Chunk[] {in}, new Chunk[] {out});
            for (int i = 0; i < out.values().length; i++) {
                double difference = target.at(i) - out.values()[i];
                loss += difference * difference;
                out.values()[i] = (float) (-2 * difference);
            }
            layer.backward(new Chunk[] {out}, new Chunk[] {ofInput});
        }

        private static Chunk chunk(Shape shape, int frames) {
            Chunk chunk = Chunk.unpooled(shape, frames);
            chunk.frames(frames);
            return chunk;
        }

        void assertLoss() {
            assertEquals(golden.output("loss").at(0), loss, 1e-5 * loss, golden.id());
        }

        void assertInput() {
            assertLoss();
            NdArray expected = golden.output("grad_x");
            assertWithin(golden.limit(), ofInput.values(), expected, golden.id() + ", input");
        }

        void assertParameter(String parameter, NdArray expected) {
            Parameter found = layer.parameters().get(parameter);
            float[] gradient = new float[found.size()];
            for (int i = 0; i < gradient.length; i++) {
                gradient[i] = (float) found.gradient()[i];
            }
            assertWithin(golden.limit(), gradient, expected, golden.id() + ", " + parameter);
        }
    }

    @Test
    void shouldGiveTheGradientsOfAnLnModel() {
        Golden.Case golden = Golden.theCase("grad_ln");
        Layer layer = Cascades.ln("ln", 1, true, true, 1);
        layer.parameters().set("conv.weight", golden.input("weight"));
        layer.parameters().set("conv.bias", golden.number("params", "bias", 0));

        Gradients gradients = new Gradients(golden, layer);

        gradients.assertInput();
        gradients.assertParameter("conv.weight", golden.output("grad_conv_weight"));
        gradients.assertParameter("conv.bias", golden.output("grad_conv_bias"));
    }

    @Test
    void shouldGiveTheGradientsOfTwoLnStages() {
        Golden.Case golden = Golden.theCase("grad_lnln");
        Layer layer = Cascades.ln("lnln", 2, true, false, 1);
        layer.parameters().set("conv1.weight", golden.input("w1"));
        layer.parameters().set("conv2.weight", golden.input("w2"));

        Gradients gradients = new Gradients(golden, layer);

        gradients.assertInput();
        gradients.assertParameter("conv1.weight", golden.output("grad_conv1_weight"));
        gradients.assertParameter("conv2.weight", golden.output("grad_conv2_weight"));
    }

    @Test
    void shouldGiveTheGradientsOfRecursiveFilters() {
        Golden.Case low = Golden.theCase("grad_lowpass");
        Gradients ofLow = new Gradients(low, with(new LowPass("low"), "tau", low.number("params", "tau", 0)));
        ofLow.assertInput();
        ofLow.assertParameter("tau", low.output("grad_tau"));

        Golden.Case high = Golden.theCase("grad_highpass");
        Layer layer = with(new HighPass("high", false), "tau", high.number("params", "tau", 0));
        Gradients ofHigh = new Gradients(high, with(layer, "k", high.number("params", "k", 0)));
        ofHigh.assertInput();
        ofHigh.assertParameter("tau", high.output("grad_tau"));
        ofHigh.assertParameter("k", high.output("grad_k"));
    }

    @Test
    void shouldGiveTheGradientsOfMcIntoshsNetwork() {
        Golden.Case golden = Golden.theCase("grad_mcintosh");
        Layer layer = mcIntosh(golden, 2);
        layer.parameters().set("readout.weight", readout(golden.input("readout"), 9, 8));

        Gradients gradients = new Gradients(golden, layer);

        gradients.assertLoss();
        gradients.assertParameter("layer1.weight", golden.output("grad_layer1_weight"));
        gradients.assertParameter("layer1.bias", golden.output("grad_layer1_bias"));
        gradients.assertParameter("layer2.weight", golden.output("grad_layer2_weight"));
        gradients.assertParameter("layer2.bias", golden.output("grad_layer2_bias"));
        gradients.assertParameter("readout.weight", readout(golden.output("grad_readout_weight"), 9, 8));
    }
}
