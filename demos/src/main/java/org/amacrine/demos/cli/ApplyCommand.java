package org.amacrine.demos.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NpyReader;
import org.amacrine.core.io.NpyWriter;
import org.amacrine.core.kernel.WorkerPool;
import org.amacrine.core.layer.Layer;
import org.amacrine.core.layer.LayerException;
import org.amacrine.core.layer.LayerRun;
import org.amacrine.core.run.Pipeline;
import org.amacrine.sinks.OutputFiles;
import org.amacrine.sources.arrays.ArrayLayout;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code amacrine apply LAYER --in x.npy --out DIR}: pushes an array through a layer in chunks. */
@Command(
        name = "apply",
        description =
                "Pushes an array through a layer in chunks and writes one .npy (float32) for each named output, in the same"
                        + " layout. Input shapes: (T), (T,D), (T,H,W), (T,C,H,W) or (1,C,T,H,W). A layer with several inputs"
                        + " takes --in several times; outputs then have the layout of the first.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class ApplyCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "LAYER",
            completionCandidates = Candidates.Layers.class,
            description = "Kind of layer; see: amacrine layers")
    private String layerName;

    @Option(
            names = "--in",
            paramLabel = "FILE.npy",
            required = true,
            description = "The array; once for each input of the layer.")
    private List<Path> in = new ArrayList<>();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            required = true,
            description = "Folder for the outputs; made when missing.")
    private Path out;

    @Option(
            names = "--params",
            paramLabel = "FILE",
            description = "Parameters, .yaml, .json or .npz; for a retina also VirtualRetina .xml.")
    private Path params;

    @Option(
            names = "--model",
            paramLabel = "FILE.npz",
            description = "The fitted model of a layer that has one, as --set model=FILE.npz.")
    private Path model;

    @Option(
            names = "--set",
            paramLabel = "PATH=VALUE",
            description =
                    "A setting or parameter, for example stages=opl,bipolar or bipolar.leakHertz=40; @FILE.npy is an array.")
    private List<String> set = new ArrayList<>();

    @Option(
            names = "--dt",
            paramLabel = "N",
            defaultValue = "100",
            description = "Frames per chunk, up to 1048576 (${DEFAULT-VALUE}).")
    private int dt;

    @Mixin
    private ResolutionOptions resolution;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "0",
            description = "Seed of all random numbers (${DEFAULT-VALUE}).")
    private long seed;

    @Mixin
    private ComputeOptions compute;

    @Option(names = "--states", paramLabel = "FILE.npz", description = "States to begin with, from --save-states.")
    private Path states;

    @Option(names = "--save-states", paramLabel = "FILE.npz", description = "Where to save the states at the end.")
    private Path saveStates;

    @Override
    public Integer call() throws IOException {
        Pipeline.options().set("dt", dt);
        Layer layer = NamedLayer.make(layerName, set, model, params);
        try (Inputs inputs = new Inputs();
                WorkerPool pool = compute.pool()) {
            inputs.open(in);
            LayerRun run = LayerRun.of(layerName, layer)
                    .resolution(resolution.resolution())
                    .kernels(compute.kernels())
                    .bands(pool)
                    .seed(seed)
                    .dt(dt);
            List<Shape> shapes = run.prepare(inputs.shapes());
            if (states != null) {
                run.load(states);
            }
            OutputFiles.folder(out);
            push(run, shapes, layer.outputs(), inputs);
            if (saveStates != null) {
                try {
                    run.save(saveStates);
                } catch (IOException e) {
                    throw OutputFiles.failure(saveStates, e);
                }
            }
        }
        return CommandLine.ExitCode.OK;
    }

    private void push(LayerRun run, List<Shape> shapes, List<String> names, Inputs inputs) throws IOException {
        ArrayLayout layout = inputs.all.get(0).layout;
        Writers writers = new Writers();
        try (writers) {
            for (int i = 0; i < shapes.size(); i++) {
                Path file = out.resolve(names.get(i) + ".npy");
                for (Path input : in) {
                    if (Files.exists(file) && Files.isSameFile(file, input)) {
                        throw new IllegalArgumentException(
                                "the output " + file + " is the input itself; give another folder with --out");
                    }
                }
                writers.all.add(new Writer(file, layout, shapes.get(i)));
            }
            for (long from = 0; from < layout.frames(); from += dt) {
                int frames = (int) Math.min(dt, layout.frames() - from);
                for (int i = 0; i < in.size(); i++) {
                    inputs.all.get(i).read(run.input(i).values(), from, frames);
                }
                try {
                    run.step(frames);
                } catch (LayerException e) {
                    if (e.framesDone() > 0) {
                        writers.append(run);
                    }
                    throw e;
                }
                writers.append(run);
            }
            // A stream whose states are kept goes on: its end is not yet come.
            while (saveStates == null && run.flush()) {
                writers.append(run);
            }
        }
        PrintWriter text = spec.commandLine().getOut();
        writers.all.forEach(writer -> text.println(writer));
        text.flush();
    }

    /** One array, read frame by frame where its layout allows that. */
    private static final class Input {
        private final NpyReader reader;
        private final ArrayLayout layout;
        private final Frames whole;

        private Input(Path file, NpyReader reader) throws IOException {
            this.reader = reader;
            layout = ArrayLayout.of(file.toString(), reader.shape());
            whole = layout.isFrameByFrame() ? null : layout.toFrames(NpyReader.readAll(file));
        }

        private void read(float[] into, long from, int frames) throws IOException {
            int values = layout.shape().values();
            if (whole == null) {
                reader.read(into, 0, frames * values);
            } else {
                System.arraycopy(whole.values(), (int) from * values, into, 0, frames * values);
            }
        }
    }

    /** Arrays of all inputs, of the same number of frames. */
    private static final class Inputs implements AutoCloseable {
        private final List<NpyReader> readers = new ArrayList<>();
        private final List<Input> all = new ArrayList<>();

        private void open(List<Path> files) throws IOException {
            for (Path file : files) {
                NpyReader reader = NpyReader.open(file);
                readers.add(reader);
                all.add(new Input(file, reader));
            }
            long frames = all.get(0).layout.frames();
            for (int i = 1; i < all.size(); i++) {
                if (all.get(i).layout.frames() != frames) {
                    throw new IllegalArgumentException(
                            files.get(i) + " has " + all.get(i).layout.frames() + " frames but " + files.get(0)
                                    + " has " + frames + "; give arrays of the same frames");
                }
            }
        }

        private Shape[] shapes() {
            return all.stream().map(input -> input.layout.shape()).toArray(Shape[]::new);
        }

        @Override
        public void close() throws IOException {
            for (NpyReader reader : readers) {
                reader.close();
            }
        }
    }

    /** Those of all outputs, closed together whatever goes wrong with one. */
    private static final class Writers implements AutoCloseable {
        private final List<Writer> all = new ArrayList<>();

        private void append(LayerRun run) throws IOException {
            for (int i = 0; i < all.size(); i++) {
                all.get(i).append(run.output(i));
            }
        }

        @Override
        public void close() throws IOException {
            IOException first = null;
            for (Writer writer : all) {
                try {
                    writer.close();
                } catch (IOException e) {
                    if (first == null) {
                        first = e;
                    } else {
                        first.addSuppressed(e);
                    }
                }
            }
            if (first != null) {
                throw first;
            }
        }
    }

    /** Writes one output, frame by frame; the reference's five axes with several channels are put in order at the end. */
    private static final class Writer implements AutoCloseable {
        private final Path file;
        private final ArrayLayout layout;
        private final Shape shape;
        private final NpyWriter writer;

        private Writer(Path file, ArrayLayout layout, Shape shape) throws IOException {
            this.file = file;
            this.layout = layout;
            this.shape = shape;
            int[] extents = layout.frameExtents(shape);
            boolean five = layout.axes() == 5;
            try {
                writer = five && shape.channels() == 1
                        ? new NpyWriter(file, 2, new int[] {shape.rows(), shape.columns()})
                        : new NpyWriter(file, extents);
            } catch (IOException e) {
                throw OutputFiles.failure(file, e);
            }
        }

        /** Appends the frames, without those before the first one of the stream: they are about nothing. */
        private void append(Chunk chunk) throws IOException {
            int nothing = (int) Math.min(chunk.frames(), Math.max(0, -chunk.firstFrame()));
            try {
                writer.append(chunk.values(), chunk.start(nothing), chunk.frames() - nothing);
            } catch (IOException e) {
                throw new IOException(
                        "frame " + chunk.firstFrame() + ": "
                                + OutputFiles.failure(file, e).getMessage(),
                        e);
            }
        }

        @Override
        public void close() throws IOException {
            writer.close();
            if (layout.axes() == 5 && shape.channels() > 1) {
                int count = Math.toIntExact(writer.frames());
                Frames frames = new Frames(shape, count, NpyReader.readAll(file).floats());
                try (NpyWriter ordered = new NpyWriter(file, 1, new int[] {count, shape.rows(), shape.columns()})) {
                    ordered.append(layout.toArray(frames).floats(), 0, shape.channels());
                }
            }
        }

        @Override
        public String toString() {
            return file + ": " + writer.frames() + " frames of " + shape;
        }
    }
}
