package org.amacrine.demos.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
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
                        + " layout. Input shapes: (T), (T,D), (T,H,W), (T,C,H,W) or (B,C,T,H,W), whose B batches are"
                        + " streams of their own. A layer with several inputs takes --in several times; outputs then have the layout"
                        + " of the first.",
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
            long batches = inputs.layout().batches();
            if (batches > 1 && (states != null || saveStates != null)) {
                throw new IllegalArgumentException("--states and --save-states are of one stream but " + in.get(0)
                        + " has " + batches + " batches; save one of them, array[:1], or leave them out");
            }
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
            if (saveStates != null) {
                // A layer whose states cannot be read says so before the run.
                layer.states().values();
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
        ArrayLayout layout = inputs.layout();
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
            pushBatch(run, 0, inputs, writers);
            for (long batch = 1; batch < layout.batches(); batch++) {
                run.prepare(inputs.shapes());
                pushBatch(run, batch, inputs, writers);
            }
        }
        PrintWriter text = spec.commandLine().getOut();
        writers.all.forEach(writer -> text.println(writer));
        text.flush();
    }

    /** Pushes one batch through, from where the stream is to its end. */
    private void pushBatch(LayerRun run, long batch, Inputs inputs, Writers writers) throws IOException {
        long count = inputs.layout().frames();
        for (long from = 0; from < count; from += dt) {
            int frames = (int) Math.min(dt, count - from);
            for (int i = 0; i < in.size(); i++) {
                inputs.all.get(i).read(run.input(i).values(), batch * count + from, frames);
            }
            try {
                run.step(frames);
            } catch (LayerException e) {
                if (e.framesDone() > 0) {
                    writers.append(run);
                }
                throw inputs.layout().batches() == 1
                        ? e
                        : new IllegalStateException("batch " + batch + ", " + e.getMessage(), e);
            }
            writers.append(run);
        }
        // A stream whose states are kept goes on: its end is not yet come.
        while (saveStates == null && run.flush()) {
            writers.append(run);
        }
    }

    /** One array, read frame by frame where its layout allows that. */
    private static final class Input {
        private final NpyReader reader;
        private final ArrayLayout layout;
        private final Frames whole;

        private Input(Path file, NpyReader reader) throws IOException {
            this.reader = reader;
            layout = ArrayLayout.ofBatches(file.toString(), reader.shape());
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

    /** Arrays of all inputs, of the same numbers of batches and frames. */
    private static final class Inputs implements AutoCloseable {
        private final List<NpyReader> readers = new ArrayList<>();
        private final List<Input> all = new ArrayList<>();

        private void open(List<Path> files) throws IOException {
            for (Path file : files) {
                NpyReader reader = NpyReader.open(file);
                readers.add(reader);
                all.add(new Input(file, reader));
            }
            long frames = layout().frames();
            for (int i = 1; i < all.size(); i++) {
                if (all.get(i).layout.batches() != layout().batches()) {
                    throw new IllegalArgumentException(
                            files.get(i) + " has " + all.get(i).layout.batches() + " batches but " + files.get(0)
                                    + " has " + layout().batches() + "; give arrays of the same batches");
                }
                if (all.get(i).layout.frames() != frames) {
                    throw new IllegalArgumentException(
                            files.get(i) + " has " + all.get(i).layout.frames() + " frames but " + files.get(0)
                                    + " has " + frames + "; give arrays of the same frames");
                }
            }
        }

        /** That of the first. */
        private ArrayLayout layout() {
            return all.get(0).layout;
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

    /** Writes one output, frame by frame; the reference's five axes with several channels or batches are put in order at the end. */
    private static final class Writer implements AutoCloseable {
        private final Path file;
        private final ArrayLayout layout;
        private final Shape shape;
        private final NpyWriter writer;
        private final boolean isPutInOrder;

        private Writer(Path file, ArrayLayout layout, Shape shape) throws IOException {
            this.file = file;
            this.layout = layout;
            this.shape = shape;
            int[] extents = layout.frameExtents(shape);
            boolean five = layout.axes() == 5;
            isPutInOrder = five && (shape.channels() > 1 || layout.batches() > 1);
            try {
                writer = five && !isPutInOrder
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
            if (isPutInOrder) {
                int count = Math.toIntExact(writer.frames());
                Frames frames = new Frames(shape, count, NpyReader.readAll(file).floats());
                NdArray array = layout.toArray(frames);
                int[] extents = array.shape();
                try (NpyWriter ordered = new NpyWriter(file, Arrays.copyOfRange(extents, 1, extents.length))) {
                    ordered.append(array.floats(), 0, extents[0]);
                }
            }
        }

        @Override
        public String toString() {
            String batches = layout.batches() == 1 ? "" : ", in " + layout.batches() + " batches";
            return file + ": " + writer.frames() + " frames of " + shape + batches;
        }
    }
}
