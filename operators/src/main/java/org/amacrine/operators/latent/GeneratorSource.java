package org.amacrine.operators.latent;

import java.util.List;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.component.Component;
import org.amacrine.core.layer.Parameter;
import org.amacrine.core.layer.ParameterTree;
import org.amacrine.core.source.Frame;
import org.amacrine.core.source.FrameSource;
import org.amacrine.core.source.SourceContext;
import org.amacrine.core.source.SourceFormat;

/**
 * A generator that runs freely, as a source: a latent regression model all of whose inputs are its own outputs of the step before,
 * from zeros on. Frames are an output group's, {@code [d_out][trajectories][1]}.
 */
public final class GeneratorSource implements FrameSource {

    /**
     * How a model runs.
     *
     * @param feedback which output supplies which input; all inputs must be supplied
     * @param outputGroup whose outputs are given out
     * @param trajectories how many independent ones there are
     * @param noise whether outputs are noisy
     * @param frames number of frames; -1 for no end
     */
    public record Options(List<Feedback> feedback, int outputGroup, int trajectories, boolean noise, long frames) {
        /** Copies the list. */
        public Options {
            feedback = Given.list(feedback, "feedback");
        }
    }

    private final LatentRegressionModel model;
    private final Options options;
    private final int width;
    private Generator generator;

    /**
     * A source for a model.
     *
     * @throws IllegalArgumentException when the options do not fit the model
     */
    public GeneratorSource(LatentRegressionModel model, Options options) {
        this.model = Given.require(model, "model");
        this.options = Given.require(options, "options");
        int[] dOut = model.dOut();
        if (options.outputGroup() < 0 || options.outputGroup() >= dOut.length) {
            throw new IllegalArgumentException(
                    "outputGroup must be from 0 to " + (dOut.length - 1) + " but was " + options.outputGroup());
        }
        Recursion.requireFits(options.feedback(), model.dIn(), dOut);
        boolean[] fed = Recursion.fed(options.feedback(), model.dIn().length);
        for (int g = 0; g < fed.length; g++) {
            if (!fed[g]) {
                throw new IllegalArgumentException("nothing is fed back to input group " + g
                        + ", so the model cannot run freely; add an output to the feedback, or drive the group with the layer"
                        + " latent.generator");
            }
        }
        width = dOut[options.outputGroup()];
    }

    /** Source {@code latent.generator}. */
    public static Component<FrameSource> component() {
        return Component.of(
                "latent.generator",
                "Activity that a latent regression model generates from itself",
                GeneratorSource::of,
                GeneratorSettings::model,
                GeneratorSettings::feedback,
                () -> Parameter.integer("group", 0).atLeast(0).doc("Output group whose activity is given out"),
                GeneratorSettings::trajectories,
                () -> Parameter.flag("noise", true).doc("Whether activity is noisy; else it is its mean"),
                () -> Parameter.integer("frames", -1)
                        .unit("frames")
                        .atLeast(-1)
                        .atMost(Long.MAX_VALUE / 2)
                        .doc("Number of frames; -1 for no end"));
    }

    private static FrameSource of(ParameterTree settings) {
        LatentModelFile file = GeneratorSettings.read(settings);
        return new GeneratorSource(
                file.model(),
                new Options(
                        GeneratorSettings.feedback(settings, file),
                        settings.get("group").integer(),
                        settings.get("trajectories").integer(),
                        settings.get("noise").isOn(),
                        Math.round(settings.get("frames").number())));
    }

    @Override
    public SourceFormat open(SourceContext context) {
        generator = new Generator(
                model, options.feedback(), context.kernels(), options.trajectories(), context.seed(), context.name());
        generator.noise(options.noise());
        generator.hasLast(true);
        return SourceFormat.of(new Shape(width, options.trajectories(), 1), options.frames());
    }

    /** Throws {@link IllegalStateException} that names the step at which an output left the finite range. */
    @Override
    public boolean read(Frame frame) {
        if (generator == null) {
            throw new IllegalStateException("the source is closed; open it before reading");
        }
        if (generator.step() == options.frames()) {
            return false;
        }
        generator.freeAll();
        generator.advance();
        int trajectories = options.trajectories();
        float[] y = generator.y(options.outputGroup());
        for (int b = 0; b < trajectories; b++) {
            if (!generator.isFinite(b)) {
                throw new IllegalStateException("trajectory " + b + " left the finite range at step "
                        + (generator.step() - 1) + "; fit a model that stays bounded");
            }
            for (int j = 0; j < width; j++) {
                frame.values()[j * trajectories + b] = y[b * width + j];
            }
        }
        return true;
    }

    @Override
    public void close() {
        generator = null;
    }
}
