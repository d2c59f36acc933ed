package org.amacrine.operators.latent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.component.Component;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.layer.Parameter;
import org.amacrine.core.layer.ParameterTree;
import org.amacrine.core.layer.StateTree;
import org.amacrine.core.source.Frame;
import org.amacrine.core.source.FrameSource;
import org.amacrine.core.source.SourceContext;
import org.amacrine.core.source.SourceFormat;

/**
 * A generator that runs freely, as a source: a latent regression model all of whose inputs are its own outputs of the step before,
 * from zeros on. Frames are an output group's, {@code [d_out][trajectories][1]}.
 *
 * <p>Its states, of the frame read last, are the outputs of every group, {@code y0} and so on, [trajectories][d_out], and the number
 * of the next {@code step}: set on a source of the same model, seed and name, they make it go on with the same numbers. With a
 * {@link #stateFile} it begins with what the file holds, and writes it when it is closed after a frame was read.
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
    private final StateTree states = new StateTree("source latent.generator");
    private Path stateFile;
    private Generator generator;
    private long framesRead;

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

    /** Keeps the states in an {@code .npz} file over openings: begins with them if the file is there. Null for none, as at first. */
    public GeneratorSource stateFile(Path file) {
        stateFile = file;
        return this;
    }

    /** What it goes on from; empty when it is closed. Owned by the thread that reads. */
    public StateTree states() {
        return states;
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
                        .doc("Number of frames of a run; -1 for no end"),
                () -> Parameter.text("stateFile", "")
                        .doc(
                                "An .npz file that keeps where a run was after its last frame: the next one goes on from there; empty"
                                        + " for none"));
    }

    private static FrameSource of(ParameterTree settings) {
        LatentModelFile file = GeneratorSettings.read(settings);
        String stateFile = settings.get("stateFile").text();
        GeneratorSource source = new GeneratorSource(
                file.model(),
                new Options(
                        GeneratorSettings.feedback(settings, file),
                        settings.get("group").integer(),
                        settings.get("trajectories").integer(),
                        settings.get("noise").isOn(),
                        Math.round(settings.get("frames").number())));
        return source.stateFile(stateFile.isBlank() ? null : Path.of(stateFile));
    }

    @Override
    public SourceFormat open(SourceContext context) throws IOException {
        Generator begun = new Generator(
                model, options.feedback(), context.kernels(), options.trajectories(), context.seed(), context.name());
        begun.noise(options.noise());
        begun.hasLast(true);
        addStates(begun);
        if (stateFile != null) {
            requireWritable();
        }
        if (stateFile != null && Files.exists(stateFile)) {
            goOn();
        }
        generator = begun;
        framesRead = 0;
        return SourceFormat.of(new Shape(width, options.trajectories(), 1), options.frames());
    }

    /** Finds out before the run whether the file can be written after it, but makes nothing: a check of a pipeline only opens it. */
    private void requireWritable() throws IOException {
        Path above = Files.isDirectory(stateFile) ? stateFile : folder();
        while (above.getParent() != null && !Files.exists(above)) {
            above = above.getParent();
        }
        if (Files.isDirectory(stateFile) || !Files.isDirectory(above) || !Files.isWritable(above)) {
            throw new IOException("stateFile must be a file that can be written but was " + stateFile + ", and "
                    + (Files.isDirectory(stateFile)
                            ? "that is a folder"
                            : above + " is no folder that may be written to")
                    + "; give another name, for example state.npz");
        }
    }

    private Path folder() {
        return stateFile.toAbsolutePath().getParent();
    }

    private void goOn() throws IOException {
        try {
            states.load(stateFile);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "a run cannot go on from " + stateFile + ": " + e.getMessage()
                            + "; give the file of a run of this model, or another name to begin anew",
                    e);
        }
    }

    private void addStates(Generator running) {
        states.removeAll();
        for (int h = 0; h < running.outputs(); h++) {
            float[] y = running.y(h);
            int[] shape = {options.trajectories(), y.length / options.trajectories()};
            states.add("y" + h, () -> NdArray.of(y.clone(), shape), saved -> takeOver(saved, y, shape));
        }
        states.add("step", () -> NdArray.of(running.step()), saved -> {
            if (saved.size() != 1 || saved.integer() < 0) {
                throw new IllegalArgumentException(
                        "must be one number >= 0 but was " + Arrays.toString(saved.doubles()));
            }
            running.step(saved.integer());
        });
    }

    private static void takeOver(NdArray saved, float[] y, int[] shape) {
        if (!Arrays.equals(saved.shape(), shape)) {
            throw new IllegalArgumentException(
                    "needs the shape " + NdArray.text(shape) + " but was given " + NdArray.text(saved.shape()));
        }
        float[] values = saved.floats();
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw new IllegalArgumentException("must be finite but value " + i + " is " + values[i]);
            }
        }
        System.arraycopy(values, 0, y, 0, y.length);
    }

    /** Throws {@link IllegalStateException} that names the step at which an output left the finite range. */
    @Override
    public boolean read(Frame frame) {
        if (generator == null) {
            throw new IllegalStateException("the source is closed; open it before reading");
        }
        if (framesRead == options.frames()) {
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
        framesRead++;
        return true;
    }

    @Override
    public void close() throws IOException {
        if (generator != null && stateFile != null && framesRead > 0 && isFinite()) {
            Files.createDirectories(folder());
            states.save(stateFile);
        }
        generator = null;
        states.removeAll();
    }

    private boolean isFinite() {
        for (int b = 0; b < options.trajectories(); b++) {
            if (!generator.isFinite(b)) {
                return false;
            }
        }
        return true;
    }
}
