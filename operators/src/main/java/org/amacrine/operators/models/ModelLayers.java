package org.amacrine.operators.models;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.amacrine.core.component.Component;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.layer.Layer;
import org.amacrine.core.layer.Parameter;
import org.amacrine.core.layer.ParameterTree;
import org.amacrine.core.layer.Resolution;
import org.amacrine.operators.filter.CausalConvolution.Border;
import org.amacrine.operators.filter.Concatenate;
import org.amacrine.operators.filter.Convolution;
import org.amacrine.operators.filter.Delay;
import org.amacrine.operators.filter.Difference;
import org.amacrine.operators.filter.Exponential;
import org.amacrine.operators.filter.Gaussian;
import org.amacrine.operators.filter.HighPass;
import org.amacrine.operators.filter.LowPass;
import org.amacrine.operators.filter.Nonlinearity;
import org.amacrine.operators.filter.RecursiveSmoothing;
import org.amacrine.operators.filter.Sum;

/** The filters and LN models that pipelines can name. */
public final class ModelLayers {
    private ModelLayers() {}

    /** One component for each kind. */
    public static List<Component<Layer>> components() {
        return List.of(
                Component.of(
                        "filter.convolution",
                        "Convolution in time and space, with several channels",
                        ModelLayers::convolution,
                        () -> kernel("10,5,5"),
                        () -> Parameter.text("shape", "zeros")
                                .choices("zeros", "exponential", "high-pass", "gaussian")
                                .doc("Kernel to begin with; one that is not of zeros has the extent that it needs"),
                        () -> Parameter.number("tauSeconds", 0.01)
                                .unit("s")
                                .above(0)
                                .doc("Time constant of an exponential or high-pass kernel"),
                        () -> Parameter.number("relativeWeight", 1)
                                .atLeast(0)
                                .doc("How much a high-pass kernel takes away; 1 removes a constant input"),
                        () -> Parameter.number("sigmaDegrees", 0.1)
                                .unit("deg")
                                .atLeast(0)
                                .doc("Standard deviation of a Gaussian kernel"),
                        () -> Parameter.flag("normalise", false).doc("Divides such a kernel by the sum of its values"),
                        () -> Parameter.flag("preserveChannels", false)
                                .doc(
                                        "Kernels of fewer than five axes stand for all channels of kernel, each with each"),
                        ModelLayers::bias,
                        () -> Parameter.text("border", "repeat")
                                .choices("repeat", "fit")
                                .doc("Edge pixels are repeated outwards, or only pixels remain where the kernel fits")),
                Component.of(
                        "filter.receptive-field",
                        "One pixel that sums up a whole frame over some steps",
                        s -> Convolution.receptiveField(
                                "filter.receptive-field", s.get("bias").isOn(), kernel(s)),
                        () -> kernel("10,1,1"),
                        ModelLayers::bias),
                Component.of("filter.low-pass", "Recursive low pass along time", s -> new LowPass("filter.low-pass")),
                Component.of(
                        "filter.high-pass",
                        "Recursive high pass along time",
                        s -> new HighPass("filter.high-pass", s.get("compat").isOn()),
                        () -> Parameter.flag("compat", false)
                                .doc("Takes the first frame of each chunk for the one before it, as the reference does;"
                                        + " the numbers then depend on dt")),
                Component.of(
                        "filter.deriche",
                        "Smoothing of each frame by a recursion",
                        s -> new RecursiveSmoothing("filter.deriche")),
                Component.of(
                        "filter.delay",
                        "Delay of all pixels alike, or of each by itself",
                        s -> new Delay("filter.delay", 1)),
                Component.of(
                        "filter.difference",
                        "Each frame minus the one before it",
                        s -> new Difference("filter.difference")),
                Component.of(
                        "filter.nonlinearity",
                        "Function of each value by itself",
                        s -> new Nonlinearity("filter.nonlinearity", function(s)),
                        () -> Parameter.text("function", Nonlinearity.Function.RECTIFY.word())
                                .choices(Arrays.stream(Nonlinearity.Function.values())
                                        .map(Nonlinearity.Function::word)
                                        .toArray(String[]::new))
                                .doc("Which function")),
                Component.of(
                        "filter.sum",
                        "Weighted sum of several inputs, and of channels within them",
                        s -> new Sum("filter.sum", s.get("channels").integer(), weights(s)),
                        () -> Parameter.integer("channels", 0)
                                .atLeast(0)
                                .doc("Channels of the result; 0 for those of the first input"),
                        () -> Parameter.text("weights", "1,1").doc("One number for each input")),
                Component.of(
                        "filter.concatenate",
                        "Several inputs as one, channels behind each other",
                        s -> new Concatenate(
                                "filter.concatenate", s.get("inputs").integer()),
                        () -> Parameter.integer("inputs", 2)
                                .atLeast(1)
                                .atMost(26)
                                .doc("Number of inputs")),
                Component.of(
                        "filter.smooth",
                        "Smooth kernel of time and space: kernels of space behind low passes",
                        ModelLayers::smooth,
                        () -> Parameter.integer("lowPasses", 3)
                                .atLeast(1)
                                .atMost(26)
                                .doc("Number of low passes"),
                        () -> Parameter.text("kernel", "10,10").doc("Extent of the kernels: rows, columns")),
                Component.of(
                        "model.ln",
                        "LN model, or LNLN and so on: convolutions, each rectified",
                        s -> Cascades.ln(
                                "model.ln",
                                s.get("stages").integer(),
                                s.get("population").isOn(),
                                s.get("bias").isOn(),
                                kernel(s)),
                        () -> kernel("10,5,5"),
                        () -> Parameter.integer("stages", 1)
                                .atLeast(1)
                                .atMost(100)
                                .doc("Number of convolutions"),
                        () -> Parameter.flag("population", true)
                                .doc("One cell for each pixel; else the last convolution is one receptive field"),
                        ModelLayers::bias),
                Component.of(
                        "model.lnfdlnf",
                        "Two LN stages with delayed inhibition",
                        s -> Cascades.lnfdlnf(
                                "model.lnfdlnf",
                                s.get("bias").isOn(),
                                s.get("feedbackFrames").integer(),
                                kernel(s)),
                        () -> kernel("10,5,5"),
                        () -> Parameter.integer("feedbackFrames", 50)
                                .unit("frames")
                                .atLeast(1)
                                .atMost(100_000)
                                .doc("Length of the kernels that inhibit"),
                        ModelLayers::bias),
                Component.of(
                        "model.mcintosh",
                        "Two layers of rectified convolutions and a readout of all pixels",
                        ModelLayers::mcIntosh,
                        () -> count("cells", 1, "Number of cells"),
                        () -> count("firstChannels", 8, "Channels of the first layer"),
                        () -> count("secondChannels", 16, "Channels of the second layer"),
                        () -> Parameter.text("first", "10,5,5").doc("First kernel: time, rows, columns"),
                        () -> Parameter.text("second", "1,1,1").doc("Second kernel: time, rows, columns"),
                        () -> Parameter.flag("random", true)
                                .doc(
                                        "Convolutions begin with weights drawn at random; else with equal ones; their sum is 1"),
                        () -> Parameter.integer("seed", 0).doc("Seed of the weights drawn")));
    }

    private static Layer convolution(ParameterTree s) {
        Convolution layer = new Convolution(
                "filter.convolution",
                s.get("border").has("fit") ? Border.FIT : Border.REPEAT,
                s.get("bias").isOn(),
                kernel(s));
        if (s.get("preserveChannels").isOn()) {
            layer.preserveChannels();
        }
        if (s.get("shape").has("zeros")) {
            for (String name : List.of("tauSeconds", "relativeWeight", "sigmaDegrees", "normalise")) {
                if (!s.get(name).isDefault()) {
                    throw new IllegalArgumentException(name + " was given but shape is zeros; give shape=exponential,"
                            + " shape=high-pass or shape=gaussian, or leave " + name + " out");
                }
            }
            return layer;
        }
        if (!s.get("kernel").isDefault() && !s.get("preserveChannels").isOn()) {
            throw new IllegalArgumentException("kernel is " + s.get("kernel").text() + " but a kernel of shape="
                    + s.get("shape").text()
                    + " has the extent that it needs; leave kernel out, or give its channels, such as"
                    + " 2,3,1,1,1, with preserveChannels=true");
        }
        double tau = s.get("tauSeconds").number();
        Function<Resolution, NdArray> shape = switch (s.get("shape").text()) {
            case "exponential" -> Exponential.ofSeconds(tau);
            case "high-pass" ->
                Exponential.highPassOfSeconds(tau, s.get("relativeWeight").number());
            default -> Gaussian.ofDegrees(s.get("sigmaDegrees").number());
        };
        return layer.startWith(s.get("normalise").isOn() ? shape.andThen(ModelLayers::normalised) : shape);
    }

    private static NdArray normalised(NdArray kernel) {
        float[] values = kernel.floats();
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        if (Math.abs(sum) < 1e-6) {
            throw new IllegalArgumentException("the kernel has the sum " + sum
                    + " and cannot be normalised; leave normalise out, or give another relativeWeight");
        }
        float[] scaled = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            scaled[i] = (float) (values[i] / sum);
        }
        return NdArray.of(scaled, kernel.shape());
    }

    private static Layer mcIntosh(ParameterTree s) {
        String name = "model.mcintosh";
        int cells = s.get("cells").integer();
        int firstChannels = s.get("firstChannels").integer();
        int secondChannels = s.get("secondChannels").integer();
        int[] first = numbers(s.get("first"), 3);
        int[] second = numbers(s.get("second"), 3);
        return s.get("random").isOn()
                ? Cascades.mcIntosh(
                        name,
                        cells,
                        firstChannels,
                        secondChannels,
                        first,
                        second,
                        s.get("seed").integer())
                : Cascades.mcIntosh(name, cells, firstChannels, secondChannels, first, second);
    }

    private static Parameter kernel(String extent) {
        return Parameter.text("kernel", extent)
                .doc("Extent of the kernel: time; rows, columns; time, rows, columns; or out, in, time, rows, columns");
    }

    private static Parameter bias() {
        return Parameter.flag("bias", false).doc("Convolutions add a number to each output channel");
    }

    private static Parameter count(String name, int number, String doc) {
        return Parameter.integer(name, number).atLeast(1).atMost(10_000).doc(doc);
    }

    private static Nonlinearity.Function function(ParameterTree settings) {
        return Arrays.stream(Nonlinearity.Function.values())
                .filter(each -> settings.get("function").has(each.word()))
                .findFirst()
                .orElseThrow();
    }

    private static int[] kernel(ParameterTree settings) {
        return numbers(settings.get("kernel"), 0);
    }

    private static Layer smooth(ParameterTree settings) {
        int[] kernel = numbers(settings.get("kernel"), 2);
        return Cascades.smooth("filter.smooth", settings.get("lowPasses").integer(), kernel[0], kernel[1]);
    }

    private static float[] weights(ParameterTree settings) {
        String[] parts = settings.get("weights").text().split(",");
        float[] weights = new float[parts.length];
        for (int i = 0; i < parts.length; i++) {
            try {
                weights[i] = Float.parseFloat(parts[i].strip());
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        "weights must be numbers separated by commas but was \""
                                + settings.get("weights").text() + "\"; for example 1,-1",
                        e);
            }
        }
        return weights;
    }

    /** Whole numbers, as many as given, or any number of them for 0. */
    private static int[] numbers(Parameter text, int count) {
        String[] parts = text.text().split(",");
        try {
            int[] numbers = Arrays.stream(parts)
                    .mapToInt(part -> Integer.parseInt(part.strip()))
                    .toArray();
            if (count == 0 || numbers.length == count) {
                return numbers;
            }
        } catch (NumberFormatException e) {
            throw notNumbers(text, count, e);
        }
        throw notNumbers(text, count, null);
    }

    private static IllegalArgumentException notNumbers(Parameter text, int count, Exception cause) {
        return new IllegalArgumentException(
                text.name() + " must be " + (count == 0 ? "" : count + " ")
                        + "whole numbers separated by commas but was \"" + text.text() + "\"; for example "
                        + text.defaultText(),
                cause);
    }
}
