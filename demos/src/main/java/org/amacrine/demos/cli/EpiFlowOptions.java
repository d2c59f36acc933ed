package org.amacrine.demos.cli;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.amacrine.core.layer.Names;
import org.amacrine.operators.epi.Activation;
import org.amacrine.operators.epi.EpiExample;
import org.amacrine.operators.epi.NormalizingFlow;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;

/** The options of the flow that a fit of emergent properties begins with. */
final class EpiFlowOptions {
    private static final List<String> NAMES = List.of(
            "--arch",
            "--stages",
            "--layers",
            "--units",
            "--elementwise",
            "--bins",
            "--activation",
            "--batch-norm",
            "--no-post-affine");

    @Option(names = "--arch", paramLabel = "NAME", description = "coupling or autoregressive (${DEFAULT-VALUE}).")
    private String architecture = "coupling";

    @Option(names = "--stages", paramLabel = "N", description = "Stages of the flow (the model's).")
    private Integer stages;

    @Option(
            names = "--layers",
            paramLabel = "N",
            description = "Hidden layers of each conditioner; one less for splines of coupling stages (2).")
    private Integer layers;

    @Option(names = "--units", paramLabel = "N", description = "Units of each hidden layer (the model's).")
    private Integer units;

    @Option(
            names = "--elementwise",
            paramLabel = "NAME",
            description = "Function of each element, affine or spline (${DEFAULT-VALUE}).")
    private String elementwise = "affine";

    @Option(names = "--bins", paramLabel = "N", description = "Bins of each spline (4).")
    private Integer bins;

    @Option(
            names = "--activation",
            paramLabel = "NAME",
            description = "Of hidden units of autoregressive stages: none, relu or tanh (none, as in the package).")
    private String activation;

    @Option(names = "--batch-norm", paramLabel = "M", description = "Normalizes batches, with this momentum.")
    private Double batchNorm;

    @Option(names = "--no-post-affine", description = "Leaves out the scale and shift behind the last stage.")
    private boolean noPostAffine;

    /** The first option of a flow that was given. */
    static Optional<String> given(ParseResult parsed) {
        return NAMES.stream().filter(parsed::hasMatchedOption).findFirst();
    }

    NormalizingFlow flow(EpiExample example, long seed) {
        NormalizingFlow.Builder builder = NormalizingFlow.builder(
                        NormalizingFlow.Architecture.of(architecture),
                        example.model().dims())
                .stages(stages == null ? example.stages() : stages)
                .units(units == null ? example.units() : units)
                .elementwise(NormalizingFlow.Elementwise.of(elementwise))
                .postAffine(!noPostAffine)
                .bounds(example.model().lower(), example.model().upper())
                .seed(seed);
        if (layers != null) {
            builder.layers(layers);
        }
        if (bins != null) {
            builder.bins(bins);
        }
        if (activation != null) {
            builder.activation(activation());
        }
        return batchNorm == null
                ? builder.build()
                : builder.batchNorm(batchNorm).build();
    }

    private Activation activation() {
        List<String> words = List.of("none", "relu", "tanh");
        if (!words.contains(activation)) {
            throw new IllegalArgumentException("--activation must be none, relu or tanh but was \"" + activation + "\""
                    + Names.suggest(activation, words));
        }
        return Activation.valueOf(activation.toUpperCase(Locale.ROOT));
    }
}
