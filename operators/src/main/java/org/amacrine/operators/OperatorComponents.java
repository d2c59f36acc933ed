package org.amacrine.operators;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.amacrine.core.backend.Backends;
import org.amacrine.core.component.Component;
import org.amacrine.core.component.Components;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.NpyReader;
import org.amacrine.core.layer.Layer;
import org.amacrine.core.layer.Parameter;
import org.amacrine.core.layer.ParameterTree;
import org.amacrine.core.run.RefitSink;
import org.amacrine.core.sink.ChunkSink;
import org.amacrine.core.source.FrameSource;
import org.amacrine.operators.arhmm.ArHmmFilter;
import org.amacrine.operators.arhmm.ArHmmLearner;
import org.amacrine.operators.arhmm.ArHmmModel;
import org.amacrine.operators.arhmm.ArHmmModelFile;
import org.amacrine.operators.arhmm.ArHmmParameters;
import org.amacrine.operators.arhmm.ArHmmSmoother;
import org.amacrine.operators.arhmm.ArHmmViterbi;
import org.amacrine.operators.arhmm.Hyperparameters;
import org.amacrine.operators.arhmm.Refit;
import org.amacrine.operators.arhmm.Sequences;
import org.amacrine.operators.epi.SamplerSource;
import org.amacrine.operators.features.Egocentric;
import org.amacrine.operators.features.Pca;
import org.amacrine.operators.features.PrincipalComponents;
import org.amacrine.operators.latent.GeneratorSource;
import org.amacrine.operators.latent.LatentGenerator;
import org.amacrine.operators.models.ModelLayers;
import org.amacrine.operators.retina.Bipolar;
import org.amacrine.operators.retina.FullConvolutionOpl;
import org.amacrine.operators.retina.GanglionInput;
import org.amacrine.operators.retina.GanglionSpiking;
import org.amacrine.operators.retina.Opl;
import org.amacrine.operators.retina.Retina;
import org.amacrine.operators.retina.RetinaConfiguration;
import org.amacrine.operators.retina.SeparableOpl;
import org.amacrine.operators.spiking.SpikingLayers;
import org.amacrine.operators.vision.BioinspiredRetina;
import org.amacrine.operators.vision.EventCamera;
import org.amacrine.operators.vision.Tracker;

/** The layers and sources that pipelines can name. */
public final class OperatorComponents implements Components {
    private static final System.Logger LOG = System.getLogger(OperatorComponents.class.getName());

    @Override
    public List<Component<FrameSource>> sources() {
        return List.of(GeneratorSource.component(), SamplerSource.component());
    }

    @Override
    public List<Component<Layer>> layers() {
        return Stream.of(models(), ModelLayers.components(), SpikingLayers.components())
                .flatMap(List::stream)
                .toList();
    }

    private static List<Component<Layer>> models() {
        return List.of(
                Component.of(
                        "retina",
                        "Virtual retina: luminance to spikes of ON and OFF ganglion cells",
                        OperatorComponents::retina,
                        () -> Parameter.text("stages", words(Retina.Stage.values(), ","))
                                .choices(choices(Retina.Stage.values()))
                                .several()
                                .doc("Stages that are there; others are left out"),
                        () -> Parameter.text("oplFilter", word(Retina.OplFilter.HALF_RECURSIVE))
                                .choices(choices(Retina.OplFilter.values()))
                                .doc("Filter of the outer plexiform layer"),
                        OperatorComponents::mode,
                        OperatorComponents::compat,
                        OperatorComponents::pooling,
                        OperatorComponents::normalizePooling,
                        () -> Parameter.text("outputs", "")
                                .choices(Retina.SIGNALS.keySet().toArray(String[]::new))
                                .several()
                                .doc("Signals between the stages to give as outputs, besides the spikes"),
                        () -> Parameter.text("config", null).doc("VirtualRetina file, .xml, .yaml or .json")),
                Component.of(
                        "retina.opl",
                        "Outer plexiform layer: Gaussians in space, recursive in time",
                        s -> new Opl(
                                "retina.opl",
                                Opl.Smoothing.GAUSSIAN,
                                1,
                                s.get("compat").isOn()),
                        OperatorComponents::compat),
                Component.of(
                        "retina.opl-recursive",
                        "Outer plexiform layer: recursive in space and time",
                        s -> new Opl(
                                "retina.opl-recursive",
                                Opl.Smoothing.DERICHE,
                                1,
                                s.get("compat").isOn()),
                        OperatorComponents::compat),
                Component.of(
                        "retina.opl-separable",
                        "Outer plexiform layer: truncated convolutions, one after the other",
                        s -> new SeparableOpl(
                                "retina.opl-separable", s.get("compat").isOn()),
                        OperatorComponents::compat),
                Component.of(
                        "retina.opl-full",
                        "Outer plexiform layer: one convolution in space and time",
                        s -> new FullConvolutionOpl("retina.opl-full")),
                Component.of(
                        "retina.bipolar",
                        "Bipolar cells with contrast gain control",
                        s -> new Bipolar("retina.bipolar", adaptation(s)),
                        OperatorComponents::mode),
                Component.of(
                        "retina.ganglion-input",
                        "Current into ganglion cells: transient, nonlinearity, pooling",
                        s -> new GanglionInput(
                                "retina.ganglion-input",
                                1,
                                s.get("pooling").has("same"),
                                s.get("normalizePooling").isOn()),
                        OperatorComponents::pooling,
                        OperatorComponents::normalizePooling),
                Component.of(
                        "retina.ganglion-spiking",
                        "Spikes of ganglion cells: noisy integrate and fire",
                        s -> new GanglionSpiking("retina.ganglion-spiking", 0.001, clock(s)),
                        OperatorComponents::mode),
                Component.of(
                        "features.pca",
                        "Feature vectors along principal components that were fitted before",
                        OperatorComponents::pca,
                        () -> Parameter.text("file", null)
                                .required()
                                .doc("The components, .npz with mean, components and variances")),
                Component.of(
                        "features.egocentric",
                        "Keypoints of an animal, moved to its middle and turned to where it looks",
                        s -> new Egocentric("features.egocentric")),
                Component.of(
                        "vision.tracker",
                        "Position, heading, size and velocities of one animal in a video from above",
                        s -> new Tracker("vision.tracker")),
                Component.of(
                        "vision.bioinspired",
                        "OpenCV's retina, as a second opinion: contours (parvo) and motion (magno)",
                        s -> new BioinspiredRetina("vision.bioinspired")),
                Component.of(
                        "vision.event-camera",
                        "Events of pixels that tell changes of brightness, with the noise of a real sensor",
                        s -> new EventCamera(
                                "vision.event-camera", EventCamera.Events.valueOf(constant(s.get("events")))),
                        () -> Parameter.text("events", word(EventCamera.Events.PLANES))
                                .choices(choices(EventCamera.Events.values()))
                                .doc("Outputs on and off, or one output events with falls below 0")),
                Component.of(
                        "arhmm.filter",
                        "States of animals as they behave, by an autoregressive hidden Markov model",
                        s -> new ArHmmFilter("arhmm.filter", model(s), outputs(s)),
                        OperatorComponents::modelFile,
                        () -> outputNames(ArHmmFilter.DEFAULT_OUTPUTS)),
                Component.of(
                        "arhmm.smoother",
                        "States of animals some frames later, by an autoregressive hidden Markov model",
                        s -> new ArHmmSmoother(
                                "arhmm.smoother", model(s), s.get("lag").integer(), outputs(s)),
                        OperatorComponents::modelFile,
                        () -> lag(10),
                        () -> outputNames(ArHmmSmoother.DEFAULT_OUTPUTS)),
                Component.of(
                        "arhmm.viterbi",
                        "Most probable path of states, decided some frames later",
                        s -> new ArHmmViterbi(
                                "arhmm.viterbi", model(s), s.get("lag").integer(), outputs(s)),
                        OperatorComponents::modelFile,
                        () -> lag(20),
                        () -> outputNames(ArHmmViterbi.DEFAULT_OUTPUTS)),
                Component.of(
                        "arhmm.learner",
                        "States of animals, by a model that learns from them as they behave",
                        OperatorComponents::learner,
                        OperatorComponents::modelFile,
                        () -> Parameter.text("recording", "")
                                .doc(
                                        "What the model was fitted to, .npy of (T,D) or (N,T,D); without it, no warm start"),
                        () -> Parameter.text("weights", word(ArHmmLearner.Weights.FIXED_LAG))
                                .choices(choices(ArHmmLearner.Weights.values()))
                                .doc(
                                        "What states a frame counts for: as filtered, smoothed some frames later, or exact"),
                        () -> lag(8),
                        () -> outputNames(ArHmmLearner.DEFAULT_OUTPUTS)),
                LatentGenerator.component());
    }

    @Override
    public List<Component<ChunkSink>> sinks() {
        return List.of(Component.of(
                "arhmm.refit",
                "Fits the model of an arhmm layer anew to the last frames, beside the stream, and sets it",
                OperatorComponents::refit,
                () -> Parameter.text("layer", null).required().doc("Name of the layer, which takes the same signal"),
                () -> Parameter.text("model", null).required().doc("The model that the layer began with, .npz"),
                () -> Parameter.integer("windowFrames", 10_000)
                        .unit("frames")
                        .atLeast(1)
                        .doc("How many of the last frames it is fitted to"),
                () -> Parameter.integer("everyFrames", 10_000)
                        .unit("frames")
                        .atLeast(1)
                        .doc("Frames from one refit to the next"),
                () -> Parameter.integer("sweeps", 25).atLeast(1).doc("Sweeps of Gibbs sampling in each refit"),
                () -> Parameter.integer("seed", 0).doc("Seed of all random numbers")));
    }

    private static Parameter modelFile() {
        return Parameter.text("model", null).required().doc("The fitted model, .npz");
    }

    private static Parameter lag(int frames) {
        return Parameter.integer("lag", frames)
                .unit("frames")
                .atLeast(0)
                .atMost(10_000)
                .doc("How many frames later states are told");
    }

    private static Parameter outputNames(List<String> names) {
        return Parameter.text("outputs", String.join(",", names)).doc("What is given out, separated by commas");
    }

    private static List<String> outputs(ParameterTree settings) {
        return Arrays.stream(settings.get("outputs").text().split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
    }

    private static ChunkSink refit(ParameterTree settings) {
        Hyperparameters prior = fit(settings).hyperparameters();
        int sweeps = settings.get("sweeps").integer();
        int seed = settings.get("seed").integer();
        RefitSink.Fitter fitter = (window, layer, number) -> new Refit(
                window,
                ArHmmParameters.of(array(layer, "betas"), array(layer, "pi"), array(layer, "Ab"), array(layer, "Q")),
                prior,
                sweeps,
                seed + number,
                Backends.choose("auto").backend().open());
        return new RefitSink(
                settings.get("layer").text(),
                settings.get("windowFrames").integer(),
                settings.get("everyFrames").integer(),
                fitter);
    }

    private static NdArray array(ParameterTree layer, String name) {
        return (NdArray) layer.get(name).value();
    }

    private static Layer learner(ParameterTree settings) {
        String name = "arhmm.learner";
        ArHmmLearner.Weights weights = ArHmmLearner.Weights.valueOf(constant(settings.get("weights")));
        int lag = settings.get("lag").integer();
        return settings.get("recording").has("")
                ? new ArHmmLearner(name, model(settings), weights, lag, outputs(settings))
                : new ArHmmLearner(name, fit(settings), recording(settings), weights, lag, outputs(settings));
    }

    private static Sequences recording(ParameterTree settings) {
        try {
            NdArray x = NpyReader.readAll(Path.of(settings.get("recording").text()));
            int[] shape = x.shape();
            return Sequences.of(
                    shape.length == 2 ? new NdArray(new int[] {1, shape[0], shape[1]}, x.doubles()) : x, null);
        } catch (IOException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static ArHmmParameters model(ParameterTree settings) {
        return fit(settings).parameters();
    }

    private static ArHmmModel fit(ParameterTree settings) {
        try {
            return ArHmmModelFile.read(Path.of(settings.get("model").text())).model();
        } catch (IOException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static Parameter mode() {
        return Parameter.text("mode", word(Retina.Mode.REFERENCE))
                .choices(choices(Retina.Mode.values()))
                .doc("Numbers of the published code, or of the published equations");
    }

    private static Parameter compat() {
        return Parameter.flag("compat", false)
                .doc("Reproduces what the reference does wrong where chunks begin; the numbers then depend on dt");
    }

    private static Parameter pooling() {
        return Parameter.text("pooling", "valid")
                .choices("valid", "same")
                .doc("Pooling shrinks the frame, or keeps its size by repeating edge pixels");
    }

    private static Parameter normalizePooling() {
        return Parameter.flag("normalizePooling", false).doc("Scales pooling kernels to the sum 1");
    }

    private static Bipolar.Adaptation adaptation(ParameterTree settings) {
        return isPaper(settings) ? Bipolar.Adaptation.PAPER : Bipolar.Adaptation.REFERENCE;
    }

    private static GanglionSpiking.Clock clock(ParameterTree settings) {
        return isPaper(settings) ? GanglionSpiking.Clock.RESOLUTION : GanglionSpiking.Clock.REFERENCE;
    }

    private static boolean isPaper(ParameterTree settings) {
        return settings.get("mode").has(word(Retina.Mode.VIRTUAL_RETINA));
    }

    private static Layer retina(ParameterTree settings) {
        Set<Retina.Stage> stages = EnumSet.noneOf(Retina.Stage.class);
        for (Retina.Stage stage : Retina.Stage.values()) {
            if (settings.get("stages").has(word(stage))) {
                stages.add(stage);
            }
        }
        String outputs = settings.get("outputs").text();
        Retina retina = Retina.builder()
                .stages(stages)
                .oplFilter(Retina.OplFilter.valueOf(constant(settings.get("oplFilter"))))
                .mode(Retina.Mode.valueOf(constant(settings.get("mode"))))
                .restartsEachChunk(settings.get("compat").isOn())
                .poolsToEdge(settings.get("pooling").has("same"))
                .normalizesPooling(settings.get("normalizePooling").isOn())
                .alsoOutputs(outputs.isEmpty() ? List.of() : List.of(outputs.split(",")))
                .build();
        if (settings.get("config").text() != null) {
            configure(retina, Path.of(settings.get("config").text()));
        }
        return retina;
    }

    private static Layer pca(ParameterTree settings) {
        try {
            return new Pca(
                    "features.pca",
                    PrincipalComponents.load(Path.of(settings.get("file").text())));
        } catch (IOException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static void configure(Retina retina, Path file) {
        try {
            List<String> without = RetinaConfiguration.read(file).applyTo(retina.parameters());
            if (!without.isEmpty()) {
                LOG.log(System.Logger.Level.INFO, file + ": without effect here: " + String.join(", ", without));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    private static String constant(Parameter parameter) {
        return parameter.text().toUpperCase(Locale.ROOT).replace('-', '_');
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String[] choices(Enum<?>[] values) {
        return Arrays.stream(values).map(OperatorComponents::word).toArray(String[]::new);
    }

    private static String words(Enum<?>[] values, String between) {
        return Arrays.stream(values).map(OperatorComponents::word).collect(Collectors.joining(between));
    }
}
