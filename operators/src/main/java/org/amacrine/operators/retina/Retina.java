package org.amacrine.operators.retina;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.layer.DifferentiableLayer;
import org.amacrine.core.layer.Graph;
import org.amacrine.core.layer.Layer;
import org.amacrine.core.layer.LayerContext;
import org.amacrine.core.layer.ParameterTree;
import org.amacrine.core.layer.StateTree;

/**
 * A retina from luminance to the spikes of ON and OFF ganglion cells (Wohrer and Kornprobst 2009, in the form of the
 * published Python package).
 *
 * <pre>
 *   luminance ─▶ opl ─▶ bipolar ─┬▶ on.input  ─▶ on.spiking  ─▶ ganglion_spikes_ON
 *                                └▶ off.input ─▶ off.spiking ─▶ ganglion_spikes_OFF
 * </pre>
 *
 * <p>Stages can be left out; the signal then passes them by, and the outputs keep their names, also when they are currents
 * or potentials. Signals between the stages can be made outputs too. Channels of a frame are separate retinas. Without spikes a
 * retina gives gradients, of all that its stages give gradients of.
 *
 * <p>Owned by the operator's thread.
 */
public final class Retina implements DifferentiableLayer {

    /** The stages, in the order of the signal. */
    public enum Stage {
        /** Outer plexiform layer. */
        OPL,
        /** Bipolar cells. */
        BIPOLAR,
        /** Input of the ganglion cells. */
        GANGLION,
        /** Spikes of the ganglion cells. */
        SPIKES
    }

    /** The filter of the outer plexiform layer. */
    public enum OplFilter {
        /** Truncated Gaussians, recursive in time: {@link Opl}. The default. */
        HALF_RECURSIVE,
        /** Recursive in space and time: {@link Opl}. */
        RECURSIVE,
        /** Truncated convolutions: {@link SeparableOpl}. */
        SEPARABLE,
        /** One convolution: {@link FullConvolutionOpl}. */
        FULL
    }

    /** What the numbers follow. */
    public enum Mode {
        /** The published code, its surprises included. */
        REFERENCE,
        /** The published equations: step from the resolution, time constant of the adaptation in force. */
        VIRTUAL_RETINA
    }

    private final Graph graph;
    private final GanglionInput offInput;
    private final boolean spikes;

    /** All stages, as the reference builds them. */
    public Retina() {
        this(new Builder());
    }

    /** Begins a retina with choices. */
    public static Builder builder() {
        return new Builder();
    }

    /** The choices that shape a retina; everything else is a parameter. */
    public static final class Builder {
        private Set<Stage> stages = EnumSet.allOf(Stage.class);
        private OplFilter oplFilter = OplFilter.HALF_RECURSIVE;
        private Mode mode = Mode.REFERENCE;
        private boolean restartsEachChunk;
        private boolean poolsToEdge;
        private boolean normalizesPooling;
        private List<String> signals = List.of();

        private Builder() {}

        /** Only these stages. */
        public Builder stages(Set<Stage> chosen) {
            stages = chosen.isEmpty() ? EnumSet.noneOf(Stage.class) : EnumSet.copyOf(chosen);
            return this;
        }

        /** The filter of the outer plexiform layer. */
        public Builder oplFilter(OplFilter filter) {
            oplFilter = filter;
            return this;
        }

        /** What the numbers follow. */
        public Builder mode(Mode chosen) {
            mode = chosen;
            return this;
        }

        /** Reproduces what the reference does wrong at the beginning of each chunk; the numbers then depend on {@code dt}. */
        public Builder restartsEachChunk(boolean yes) {
            restartsEachChunk = yes;
            return this;
        }

        /** Keeps the size of the frame in pooling, by repeating edge pixels. */
        public Builder poolsToEdge(boolean yes) {
            poolsToEdge = yes;
            return this;
        }

        /** Scales the pooling kernels to the sum 1. */
        public Builder normalizesPooling(boolean yes) {
            normalizesPooling = yes;
            return this;
        }

        /** Signals to make outputs besides the spikes, of {@link Retina#SIGNALS}. */
        public Builder alsoOutputs(List<String> names) {
            signals = List.copyOf(names);
            return this;
        }

        /** The retina. */
        public Retina build() {
            return new Retina(this);
        }
    }

    /** Signals between the stages, by the names of their outputs. */
    public static final Map<String, String> SIGNALS = signals();

    private static Map<String, String> signals() {
        Map<String, String> signals = new LinkedHashMap<>();
        signals.put("opl", "opl");
        signals.put("opl_center", "opl.center_signal");
        signals.put("opl_surround", "opl.surround_signal");
        signals.put("bipolar", "bipolar");
        signals.put("ganglion_input_ON", "on.input");
        signals.put("ganglion_input_OFF", "off.input");
        return signals;
    }

    private Retina(Builder choices) {
        boolean paper = choices.mode == Mode.VIRTUAL_RETINA;
        Graph.Builder nodes = Graph.builder("retina");
        String signal = "input";
        if (choices.stages.contains(Stage.OPL)) {
            nodes.node("opl", opl(choices), List.of(signal));
            signal = "opl";
        }
        if (choices.stages.contains(Stage.BIPOLAR)) {
            Bipolar.Adaptation adaptation = paper ? Bipolar.Adaptation.PAPER : Bipolar.Adaptation.REFERENCE;
            nodes.node("bipolar", new Bipolar("retina.bipolar", adaptation), List.of(signal));
            signal = "bipolar";
        }
        String on = signal;
        String off = signal;
        GanglionInput lastInput = null;
        if (choices.stages.contains(Stage.GANGLION)) {
            GanglionInput onInput =
                    new GanglionInput("retina.on.input", 1, choices.poolsToEdge, choices.normalizesPooling);
            lastInput = new GanglionInput("retina.off.input", -1, choices.poolsToEdge, choices.normalizesPooling);
            lastInput.mayFollow(onInput);
            nodes.node("on.input", onInput, List.of(signal), "gang_0_input");
            nodes.node("off.input", lastInput, List.of(signal), "gang_1_input");
            on = "on.input";
            off = "off.input";
        }
        if (choices.stages.contains(Stage.SPIKES)) {
            GanglionSpiking.Clock clock = paper ? GanglionSpiking.Clock.RESOLUTION : GanglionSpiking.Clock.REFERENCE;
            nodes.node("on.spiking", new GanglionSpiking("retina.on.spiking", 0, clock), List.of(on), "gang_0_spikes");
            nodes.node(
                    "off.spiking", new GanglionSpiking("retina.off.spiking", 0, clock), List.of(off), "gang_1_spikes");
            on = "on.spiking";
            off = "off.spiking";
        }
        nodes.output("ganglion_spikes_ON", on).output("ganglion_spikes_OFF", off);
        for (String name : new ArrayList<>(choices.signals)) {
            nodes.output(name, SIGNALS.getOrDefault(name, name));
        }
        if (choices.restartsEachChunk) {
            nodes.withoutSlices();
        }
        offInput = lastInput;
        spikes = choices.stages.contains(Stage.SPIKES);
        graph = nodes.build();
    }

    private static Layer opl(Builder choices) {
        boolean restarts = choices.restartsEachChunk;
        return switch (choices.oplFilter) {
            case HALF_RECURSIVE -> new Opl("retina.opl", Opl.Smoothing.GAUSSIAN, 10, restarts);
            case RECURSIVE -> new Opl("retina.opl", Opl.Smoothing.DERICHE, 10, restarts);
            case SEPARABLE -> new SeparableOpl("retina.opl", restarts);
            case FULL -> new FullConvolutionOpl("retina.opl");
        };
    }

    @Override
    public List<String> outputs() {
        return graph.outputs();
    }

    @Override
    public String unit(String output) {
        return graph.unit(output);
    }

    @Override
    public List<Shape> prepare(LayerContext context) {
        return graph.prepare(context);
    }

    @Override
    public void process(Chunk[] in, Chunk[] out) {
        if (offInput != null) {
            offInput.decideToFollow();
        }
        graph.process(in, out);
    }

    @Override
    public void keepGradients(boolean keep) {
        if (keep && spikes) {
            throw new IllegalArgumentException(
                    "a retina gives no gradients through spikes; leave them out: stages=opl,bipolar,ganglion");
        }
        graph.keepGradients(keep);
    }

    @Override
    public void backward(Chunk[] gradientsOut, Chunk[] gradientsIn) {
        graph.backward(gradientsOut, gradientsIn);
    }

    @Override
    public ParameterTree parameters() {
        return graph.parameters();
    }

    @Override
    public StateTree states() {
        return graph.states();
    }
}
