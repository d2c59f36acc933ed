package org.amacrine.demos.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.amacrine.core.chunk.Frames;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.NpyReader;
import org.amacrine.core.io.Npz;
import org.amacrine.operators.analysis.SpikeTriggered;
import org.amacrine.sinks.OutputFiles;
import org.amacrine.sources.arrays.ArrayLayout;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code amacrine sta}: spike-triggered average and covariance. */
@Command(
        name = "sta",
        description =
                "Spike-triggered average, and covariance where asked for: what the stimulus was like before spikes. Writes an"
                        + " .npz with average (frames,rows,columns), covariance, and the number of spikes.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class SpikeTriggeredCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--stimulus", paramLabel = "FILE.npy", required = true, description = "The stimulus, (T,H,W).")
    private Path stimulusFile;

    @Option(
            names = "--spikes",
            paramLabel = "FILE.npy",
            required = true,
            description = "Spikes in the same frames: (T) of one cell, or (T,H,W) of one at each pixel.")
    private Path spikesFile;

    @Option(
            names = "--frames",
            paramLabel = "N",
            required = true,
            description = "How many frames to look at, up to that of the spike.")
    private int frames;

    @Option(
            names = "--rows",
            paramLabel = "N",
            description = "Rows around the pixel of a spike; all of them for one cell.")
    private Integer rows;

    @Option(
            names = "--columns",
            paramLabel = "N",
            description = "Columns around the pixel of a spike; all of them for one cell.")
    private Integer columns;

    @Option(
            names = "--threshold",
            paramLabel = "X",
            description =
                    "Values that are at least this are one spike each, and others none; without, values count spikes.")
    private Float threshold;

    @Option(names = "--covariance", description = "Compute the covariance too.")
    private boolean covariance;

    @Option(names = "--out", paramLabel = "FILE.npz", required = true, description = "The file to write.")
    private Path out;

    @Override
    public Integer call() throws IOException {
        Frames stimulus = read(stimulusFile);
        Frames spikes = threshold == null ? read(spikesFile) : above(read(spikesFile), threshold);
        SpikeTriggered triggered =
                new SpikeTriggered(window(stimulus.shape(), spikes.shape().values() == 1), covariance);
        triggered.add(stimulus, spikes);
        if (triggered.spikes() == 0) {
            throw new IllegalArgumentException(
                    triggered.cut() == 0
                            ? spikesFile + " has no spike at all; give frames in which cells fire"
                            : spikesFile + " has no spike with a whole window of " + frames
                                    + " frames within the stimulus, and " + (long) triggered.cut()
                                    + " with one that is cut; take a smaller one");
        }
        Map<String, NdArray> results = new LinkedHashMap<>();
        results.put("average", triggered.average());
        if (covariance) {
            results.put("covariance", triggered.covariance());
        }
        results.put("spikes", NdArray.of((long) triggered.spikes()));
        OutputFiles.prepare(out, true);
        Npz.write(out, results);
        PrintWriter text = spec.commandLine().getOut();
        text.println(out + ": " + (long) triggered.spikes() + " spikes, " + (long) triggered.cut()
                + " without a whole window left out");
        text.flush();
        return CommandLine.ExitCode.OK;
    }

    private SpikeTriggered.Window window(Shape stimulus, boolean oneCell) {
        if (oneCell) {
            if (rows != null || columns != null) {
                throw new IllegalArgumentException(
                        "--rows and --columns are for spikes at pixels, but these are of one cell; leave them out");
            }
            return SpikeTriggered.Window.before(frames, stimulus);
        }
        if (rows == null || columns == null) {
            throw new IllegalArgumentException(
                    "--rows and --columns are needed for spikes at pixels; for example --rows 5 --columns 5");
        }
        return SpikeTriggered.Window.before(frames, rows, columns);
    }

    private static Frames above(Frames values, float threshold) {
        if (!Float.isFinite(threshold)) {
            throw new IllegalArgumentException(
                    "--threshold must be a finite number but was " + threshold + "; for example 0.5");
        }
        Frames spikes = Frames.zeros(values.shape(), values.count());
        for (int i = 0; i < values.values().length; i++) {
            float value = values.values()[i];
            spikes.values()[i] = Float.isNaN(value) ? value : value >= threshold ? 1 : 0;
        }
        return spikes;
    }

    private static Frames read(Path file) throws IOException {
        NdArray array = NpyReader.readAll(file);
        long[] extents = Arrays.stream(array.shape()).asLongStream().toArray();
        return ArrayLayout.of(file.toString(), extents).toFrames(array);
    }
}
