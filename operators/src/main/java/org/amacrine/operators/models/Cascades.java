package org.amacrine.operators.models;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.kernel.RowSum;
import org.amacrine.core.kernel.ScalarKernels;
import org.amacrine.core.layer.Graph;
import org.amacrine.core.layer.Layer;
import org.amacrine.core.random.CounterRandom;
import org.amacrine.operators.filter.CausalConvolution.Border;
import org.amacrine.operators.filter.Convolution;
import org.amacrine.operators.filter.Delay;
import org.amacrine.operators.filter.LowPass;
import org.amacrine.operators.filter.Nonlinearity;
import org.amacrine.operators.filter.Nonlinearity.Function;
import org.amacrine.operators.filter.Sum;

/**
 * Models of linear and nonlinear stages in turn, as graphs. Linear stages are convolutions of space and time with kernels of zeros,
 * unless said otherwise, to be set or fitted; nonlinear ones let through what is above 0. Edge pixels are repeated outwards, and before the first frame
 * stand copies of it.
 */
public final class Cascades {
    private Cascades() {}

    /**
     * One stage of a cascade.
     *
     * @param linear null for none
     * @param nonlinear null for {@code min(max(x, 0), 1e6)}
     */
    public record Stage(Layer linear, Layer nonlinear) {}

    /**
     * Stages one after the other. The parts of a single stage are called {@code conv} and {@code nonlinearity}, those of several
     * {@code conv1}, {@code nonlinearity1} and so on.
     *
     * @throws IllegalArgumentException without any stage
     */
    public static Graph cascade(String name, List<Stage> stages) {
        if (stages.isEmpty()) {
            throw new IllegalArgumentException(name + " has no stage; a cascade needs at least one");
        }
        Graph.Builder builder = Graph.builder(name);
        String from = "input";
        for (int i = 0; i < stages.size(); i++) {
            String number = stages.size() == 1 ? "" : String.valueOf(i + 1);
            Stage stage = stages.get(i);
            if (stage.linear() != null) {
                builder.node("conv" + number, stage.linear(), List.of(from));
                from = "conv" + number;
            }
            String node = "nonlinearity" + number;
            builder.node(
                    node,
                    stage.nonlinear() == null ? new Nonlinearity(node, Function.RECTIFY) : stage.nonlinear(),
                    List.of(from));
            from = node;
        }
        return builder.output("output", from).build();
    }

    /**
     * An LN model, or LNLN and so on: so many convolutions, each rectified.
     *
     * @param stages number of stages, at least 1
     * @param isPopulation whether there is one cell for each pixel; else the last convolution is one receptive field
     * @param hasBias whether convolutions add a number
     * @param kernel extent of each kernel, see {@link Convolution}
     */
    public static Graph ln(String name, int stages, boolean isPopulation, boolean hasBias, int... kernel) {
        List<Stage> list = new ArrayList<>();
        for (int i = 0; i < stages; i++) {
            String conv = stages == 1 ? "conv" : "conv" + (i + 1);
            Layer linear = isPopulation || i < stages - 1
                    ? new Convolution(conv, Border.REPEAT, hasBias, kernel)
                    : Convolution.receptiveField(conv, hasBias, kernel);
            list.add(new Stage(linear, null));
        }
        return cascade(name, list);
    }

    /**
     * Two LN stages with delayed inhibition: {@code a = max(0, conv1 x)}, {@code a = a - feedback1 * a},
     * {@code b = max(0, conv2 a[t - 1])}, {@code y = b - feedback2 * b}.
     *
     * <p>Follows the reference: what is called feedback goes forward, and always adds a number too.
     *
     * @param hasBias whether the other two convolutions add a number
     * @param feedbackFrames length of the kernels along time that inhibit
     * @param kernel extent of the other two kernels
     */
    public static Graph lnfdlnf(String name, boolean hasBias, int feedbackFrames, int... kernel) {
        Graph.Builder builder = Graph.builder(name);
        String first = lnf(builder, "1", "input", hasBias, feedbackFrames, kernel);
        builder.node("delay", new Delay("delay", 1), List.of(first));
        String second = lnf(builder, "2", "delay", hasBias, feedbackFrames, kernel);
        return builder.output("output", second).build();
    }

    private static String lnf(
            Graph.Builder builder, String number, String from, boolean hasBias, int feedbackFrames, int... kernel) {
        String conv = "conv" + number;
        String nonlinearity = "nonlinearity" + number;
        String feedback = "feedback" + number;
        String difference = "difference" + number;
        builder.node(conv, new Convolution(conv, Border.REPEAT, hasBias, kernel), List.of(from));
        builder.node(nonlinearity, new Nonlinearity(nonlinearity, Function.RECTIFY), List.of(conv));
        builder.node(feedback, new Convolution(feedback, Border.REPEAT, true, feedbackFrames), List.of(nonlinearity));
        builder.node(difference, new Sum(difference, 0, 1, -1), List.of(nonlinearity, feedback));
        return difference;
    }

    /**
     * A smooth kernel of time and space: {@code y = sum_k G_k * x_k}, where x_k is x after k low passes, k = 1 to {@code count}, and
     * the G_k are kernels of space alone.
     *
     * <p>Differs from the reference: each low pass has a time constant of its own, and kernels begin as zeros, not at random.
     *
     * @param count number of low passes, 1 to 26
     * @param rows rows of each kernel
     * @param columns columns of each kernel
     */
    public static Graph smooth(String name, int count, int rows, int columns) {
        if (count < 1 || count > 26) {
            throw new IllegalArgumentException(name + " has 1 to 26 low passes but was given " + count);
        }
        Graph.Builder builder = Graph.builder(name);
        List<String> filtered = new ArrayList<>();
        String from = "input";
        for (int k = 1; k <= count; k++) {
            LowPass lowPass = new LowPass("lowpass" + k);
            lowPass.parameters().set("tauSeconds", 0.1);
            builder.node("lowpass" + k, lowPass, List.of(from));
            from = "lowpass" + k;
            builder.node("conv" + k, new Convolution("conv" + k, Border.REPEAT, false, rows, columns), List.of(from));
            filtered.add("conv" + k);
        }
        float[] ones = new float[count];
        Arrays.fill(ones, 1);
        return builder.node("sum", new Sum("sum", 0, ones), filtered)
                .output("output", "sum")
                .build();
    }

    /**
     * The network of McIntosh et al. (2016) in the reference's form: two convolutions with bias, each rectified, and a readout that
     * weighs every pixel of every channel of a frame. One cell for each output channel. The weights of a convolution are equal and
     * have the sum 1; the readout is the mean.
     *
     * @param cells number of output channels
     * @param firstChannels channels of the first convolution
     * @param secondChannels channels of the second
     * @param first extent of the first kernel: time, rows, columns
     * @param second extent of the second
     */
    public static Graph mcIntosh(
            String name, int cells, int firstChannels, int secondChannels, int[] first, int[] second) {
        return mcIntosh(name, cells, firstChannels, secondChannels, first, second, (kernel, values) -> {
            Arrays.fill(values, 1f / values.length);
        });
    }

    /**
     * The same with weights drawn at random, uniform before they are divided by their sum.
     *
     * @param seed of the weights
     */
    public static Graph mcIntosh(
            String name, int cells, int firstChannels, int secondChannels, int[] first, int[] second, long seed) {
        return mcIntosh(name, cells, firstChannels, secondChannels, first, second, (kernel, values) -> {
            ScalarKernels.INSTANCE.uniform(values, 0, 0, values.length, CounterRandom.key(seed, kernel, 0), 0, 1f, 0f);
            float sum = (float) RowSum.of(values, 0, values.length);
            for (int i = 0; i < values.length; i++) {
                values[i] /= sum;
            }
        });
    }

    private static Graph mcIntosh(
            String name,
            int cells,
            int firstChannels,
            int secondChannels,
            int[] first,
            int[] second,
            BiConsumer<String, float[]> start) {
        int[] one = {firstChannels, 1, first[0], first[1], first[2]};
        int[] two = {secondChannels, firstChannels, second[0], second[1], second[2]};
        return Graph.builder(name)
                .node("layer1", started("layer1", start, one), List.of("input"))
                .node("nonlinearity1", new Nonlinearity("nonlinearity1", Function.RELU), List.of("layer1"))
                .node("layer2", started("layer2", start, two), List.of("nonlinearity1"))
                .node("nonlinearity2", new Nonlinearity("nonlinearity2", Function.RELU), List.of("layer2"))
                .node(
                        "readout",
                        Convolution.receptiveField("readout", false, cells, secondChannels, 1, 1, 1),
                        List.of("nonlinearity2"))
                .output("output", "readout")
                .build();
    }

    private static Convolution started(String name, BiConsumer<String, float[]> start, int... kernel) {
        Convolution layer = new Convolution(name, Border.REPEAT, true, kernel);
        float[] values = new float[NdArray.count(kernel)];
        start.accept(name, values);
        return layer.startWith(NdArray.of(values, kernel));
    }
}
