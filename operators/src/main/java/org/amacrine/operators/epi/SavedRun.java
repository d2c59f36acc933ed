package org.amacrine.operators.epi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.Npz;
import org.amacrine.core.io.WholeFile;
import org.amacrine.core.kernel.Kernels;

/**
 * A run in a folder of its own, in the reference's layout with files that any program reads.
 *
 * <pre>
 *   run.json        what was asked for: flow, parameters, initial Gaussian, wished means, settings; versions
 *   opt_data.csv    index, k, iteration, H, cost, converged, R1 … Rm
 *   opt_data.npz    etas, cs, and H, R, p and converged of each epoch (epochs)
 *   timing.npz      epoch_times, time_per_it, init_time, in seconds
 *   movie_data.npz  zs, log_q_zs, iterations: samples at each row of the table, where the fit kept them
 *   ckpt-0.npz …    theta when the flow was a Gaussian, and at the end of each epoch
 * </pre>
 *
 * Each file takes the place of an older one once it is whole, run.json last; what an older run has beyond those is removed.
 *
 * <p>Differs from the reference: etas and cs are the values that were used, a flow is rebuilt as it was, and times have a file of
 * their own whether or not there are samples for a video.
 */
public final class SavedRun {
    private static final String RUN = "run.json";
    private static final String TABLE = "opt_data.csv";
    private static final String TIMING = "timing.npz";
    private static final String MOVIE = "movie_data.npz";

    private final Path folder;
    private final NormalizingFlow flow;
    private final List<BoundedParameter> parameters;
    private final Optional<EpiPlan> plan;

    private SavedRun(Path folder, NormalizingFlow flow, List<BoundedParameter> parameters, Optional<EpiPlan> plan) {
        this.folder = folder;
        this.flow = flow;
        this.parameters = parameters;
        this.plan = plan;
    }

    /**
     * Writes a run.
     *
     * @param folder made when it is not there
     * @param program what writes it, with its version
     * @throws IOException when the folder cannot be written; what lay there before is whole
     */
    public static SavedRun write(Path folder, EpiResult result, String program) throws IOException {
        NormalizingFlow flow = result.distribution().flow();
        List<BoundedParameter> parameters = result.distribution().parameters();
        EpiPlan plan = result.plan();
        Files.createDirectories(folder);
        for (int k = 0; k < result.checkpoints().size(); k++) {
            double[] theta = result.checkpoints().get(k);
            Npz.write(
                    folder.resolve("ckpt-" + k + ".npz"),
                    Map.of("theta", new NdArray(new int[] {theta.length}, theta)));
        }
        int statistics = plan.mu().length;
        Map<String, NdArray> arrays = new LinkedHashMap<>();
        arrays.put(
                "etas",
                EpiTables.ofRows(result.epochs().stream().map(EpiEpoch::eta).toList(), statistics));
        double[] cs = result.epochs().stream().mapToDouble(EpiEpoch::c).toArray();
        arrays.put("cs", new NdArray(new int[] {cs.length}, cs));
        arrays.put("epochs", EpiTables.ofEpochs(result.epochs(), statistics));
        Npz.write(folder.resolve("opt_data.npz"), arrays);
        EpiTiming timing = result.timing();
        Npz.write(
                folder.resolve(TIMING),
                Map.of(
                        "epoch_times", new NdArray(new int[] {timing.epochSeconds().length}, timing.epochSeconds()),
                        "time_per_it", new NdArray(new int[] {1}, new double[] {timing.secondsPerIteration()}),
                        "init_time", new NdArray(new int[] {1}, new double[] {timing.initSeconds()})));
        if (!result.frames().isEmpty()) {
            Npz.write(folder.resolve(MOVIE), EpiTables.ofFrames(result.frames(), flow.dims()));
        }
        String table = table(result.records(), statistics, plan.logRate());
        WholeFile.write(folder.resolve(TABLE), part -> Files.writeString(part, table));
        String run = RunFile.text(flow, parameters, plan, program);
        WholeFile.write(folder.resolve(RUN), part -> Files.writeString(part, run));
        if (result.frames().isEmpty()) {
            Files.deleteIfExists(folder.resolve(MOVIE));
        }
        int older = result.checkpoints().size();
        while (Files.deleteIfExists(folder.resolve("ckpt-" + older + ".npz"))) {
            older++;
        }
        return new SavedRun(folder, flow, parameters, Optional.of(plan));
    }

    /**
     * Opens a run.
     *
     * @throws IOException when there is none, or it cannot be read
     */
    public static SavedRun open(Path folder) throws IOException {
        Path file = folder.resolve(RUN);
        if (!Files.exists(file)) {
            throw new IOException("no run in " + folder + ": there is no run.json; give the folder that a fit wrote");
        }
        RunFile read = RunFile.read(file);
        return new SavedRun(folder, read.flow(), read.parameters(), read.plan());
    }

    /** Number of checkpoints, the initial one included. */
    public int checkpoints() {
        int count = 0;
        while (Files.exists(folder.resolve("ckpt-" + count + ".npz"))) {
            count++;
        }
        return count;
    }

    /**
     * The distribution of a checkpoint.
     *
     * @param k epoch, 0 for the initial Gaussian; negative ones count from the end
     */
    public Distribution distribution(int k, Kernels kernels) throws IOException {
        int count = checkpoints();
        if (count == 0) {
            throw new IllegalArgumentException("No checkpoints found.");
        }
        int index = k < 0 ? count + k : k;
        if (index < 0 || index >= count) {
            throw new IllegalArgumentException(
                    "the run in " + folder + " has checkpoints 0 to " + (count - 1) + " but " + k + " was asked for");
        }
        double[] theta =
                Npz.read(folder.resolve("ckpt-" + index + ".npz"), "theta").doubles();
        return new Distribution(flow, theta, parameters, kernels);
    }

    /** Where it lies. */
    public Path folder() {
        return folder;
    }

    /** What its parameters are. */
    public List<BoundedParameter> parameters() {
        return parameters;
    }

    /** Names of the elements of z: the parameter's, with an index from 1 where it has several. */
    public List<String> names() {
        return BoundedParameter.elements(parameters);
    }

    /** What kind of flow it has. */
    public NormalizingFlow flow() {
        return flow;
    }

    /** What was asked for; empty for runs of versions that did not write it down. */
    public Optional<EpiPlan> plan() {
        return plan;
    }

    /**
     * Samples at each row of the table, for a video.
     *
     * @throws IOException when the fit did not keep them, or they do not fit the table
     */
    public List<EpiFrame> frames() throws IOException {
        for (String name : List.of(MOVIE, TABLE)) {
            if (!Files.exists(folder.resolve(name))) {
                throw new IOException("File " + folder.resolve(name) + " does not exist.");
            }
        }
        List<EpiFrame> frames = EpiTables.frames(Npz.read(folder.resolve(MOVIE)), flow.dims());
        List<EpiRecord> records = records();
        boolean compatible = frames.size() == records.size();
        for (int f = 0; compatible && f < frames.size(); f++) {
            compatible = frames.get(f).iteration() == records.get(f).iteration();
        }
        if (!compatible) {
            throw new IOException("opt_data.csv incompatible with movie_data.npz.");
        }
        return frames;
    }

    /** How long the fit took; empty for runs of versions that did not write it down. */
    public Optional<EpiTiming> timing() throws IOException {
        Path file = folder.resolve(TIMING);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        return Optional.of(new EpiTiming(
                Npz.read(file, "init_time").at(0),
                Npz.read(file, "epoch_times").doubles(),
                Npz.read(file, "time_per_it").at(0)));
    }

    /**
     * The table of the fit.
     *
     * @throws IOException that names the file and the line, when it is damaged
     */
    public List<EpiRecord> records() throws IOException {
        List<String> lines = Files.readAllLines(folder.resolve(TABLE));
        if (lines.isEmpty()) {
            throw damaged(1, null);
        }
        int columns = lines.get(0).split(",").length;
        List<EpiRecord> records = new ArrayList<>();
        for (int line = 2; line <= lines.size(); line++) {
            String[] cells = lines.get(line - 1).split(",");
            if (cells.length != columns) {
                throw damaged(line, null);
            }
            try {
                records.add(record(cells));
            } catch (NumberFormatException e) {
                throw damaged(line, e);
            }
        }
        return records;
    }

    private static EpiRecord record(String[] cells) {
        return new EpiRecord(
                Integer.parseInt(cells[1]),
                Integer.parseInt(cells[2]),
                Double.parseDouble(cells[3]),
                Double.parseDouble(cells[4]),
                cells[5].isEmpty() ? null : Boolean.valueOf(cells[5]),
                Arrays.stream(cells, 6, cells.length)
                        .mapToDouble(Double::parseDouble)
                        .toArray());
    }

    private IOException damaged(int line, Throwable cause) {
        return new IOException(
                folder.resolve(TABLE) + ", line " + line
                        + ": this is no row of the table of a fit; the file is damaged, go"
                        + " on with the fit, which writes it anew",
                cause);
    }

    /** The distribution of the converged epoch of largest entropy; of the last epoch when none converged. */
    public Distribution best(Kernels kernels) throws IOException {
        return distribution(bestEpoch(), kernels);
    }

    /** What to say to whoever asks for the best epoch of a run that has none. */
    public String unconverged() {
        return "no epoch of " + folder + " converged: what is given is its last, " + (checkpoints() - 1)
                + ", whose means are not those that were wished; fit on, or choose an epoch";
    }

    /** How each epoch ended. */
    public List<EpiEpoch> epochs() throws IOException {
        NdArray epochs = Npz.read(folder.resolve("opt_data.npz"), "epochs");
        return EpiTables.epochs(epochs, (epochs.shape()[1] - 5) / 3);
    }

    /** The converged epoch of largest entropy, or -1. */
    public int bestEpoch() throws IOException {
        EpiEpoch best = null;
        for (EpiEpoch epoch : epochs()) {
            if (epoch.converged() && (best == null || epoch.entropy() > best.entropy())) {
                best = epoch;
            }
        }
        return best == null ? -1 : best.epoch();
    }

    private static String table(List<EpiRecord> records, int statistics, int logRate) {
        StringBuilder text = new StringBuilder(",k,iteration,H,cost,converged");
        for (int i = 1; i <= statistics; i++) {
            text.append(",R").append(i);
        }
        for (EpiRecord record : records) {
            text.append('\n').append(record.iteration() / logRate);
            text.append(',').append(record.epoch()).append(',').append(record.iteration());
            text.append(',')
                    .append(record.entropy())
                    .append(',')
                    .append(record.cost())
                    .append(',');
            text.append(record.converged() == null ? "" : record.converged() ? "True" : "False");
            for (double value : record.violation()) {
                text.append(',').append(value);
            }
        }
        return text.append('\n').toString();
    }
}
