package org.amacrine.operators.epi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.Npz;
import org.amacrine.core.io.YamlText;
import org.amacrine.core.kernel.Kernels;

/**
 * A run in a folder of its own, in the reference's layout with files that any program reads.
 *
 * <pre>
 *   run.json        flow with its permutations, parameters with their bounds
 *   opt_data.csv    index, k, iteration, H, cost, converged, R1 … Rm
 *   opt_data.npz    etas, cs, and H, R, p and converged of each epoch (epochs)
 *   ckpt-0.npz …    theta when the flow was a Gaussian, and at the end of each epoch
 * </pre>
 *
 * Differs from the reference: etas and cs are the values that were used, and a flow is rebuilt as it was.
 */
public final class SavedRun {
    private final Path folder;
    private final NormalizingFlow flow;
    private final List<BoundedParameter> parameters;

    private SavedRun(Path folder, NormalizingFlow flow, List<BoundedParameter> parameters) {
        this.folder = folder;
        this.flow = flow;
        this.parameters = parameters;
    }

    /**
     * Writes a run.
     *
     * @param folder made when it is not there
     * @param logRate training steps between rows of the table
     * @throws IOException when the folder cannot be written
     */
    public static SavedRun write(Path folder, EpiResult result, int logRate) throws IOException {
        NormalizingFlow flow = result.distribution().flow();
        Files.createDirectories(folder);
        Files.writeString(
                folder.resolve("run.json"),
                json(describe(flow, result.distribution().parameters())) + "\n");
        Files.writeString(folder.resolve("opt_data.csv"), table(result.records(), logRate));
        int statistics =
                result.records().isEmpty() ? 0 : result.records().get(0).violation().length;
        Map<String, NdArray> arrays = new LinkedHashMap<>();
        arrays.put(
                "etas",
                EpiTables.ofRows(result.epochs().stream().map(EpiEpoch::eta).toList(), statistics));
        double[] cs = result.epochs().stream().mapToDouble(EpiEpoch::c).toArray();
        arrays.put("cs", new NdArray(new int[] {cs.length}, cs));
        arrays.put("epochs", EpiTables.ofEpochs(result.epochs(), statistics));
        Npz.write(folder.resolve("opt_data.npz"), arrays);
        for (int k = 0; k < result.checkpoints().size(); k++) {
            double[] theta = result.checkpoints().get(k);
            Npz.write(
                    folder.resolve("ckpt-" + k + ".npz"),
                    Map.of("theta", new NdArray(new int[] {theta.length}, theta)));
        }
        return new SavedRun(folder, flow, result.distribution().parameters());
    }

    /**
     * Opens a run.
     *
     * @throws IOException when there is none, or it cannot be read
     */
    public static SavedRun open(Path folder) throws IOException {
        Path file = folder.resolve("run.json");
        if (!Files.exists(file)) {
            throw new IOException("no run in " + folder + ": there is no run.json; give the folder that a fit wrote");
        }
        Map<?, ?> run = (Map<?, ?>) YamlText.values(Files.readString(file), file.toString());
        Map<?, ?> arch = (Map<?, ?>) run.get("arch");
        NormalizingFlow.Builder builder = NormalizingFlow.builder(
                        NormalizingFlow.Architecture.of((String) arch.get("arch_type")), integer(arch, "D"))
                .stages(integer(arch, "num_stages"))
                .layers(integer(arch, "num_layers"))
                .units(integer(arch, "num_units"))
                .elementwise(NormalizingFlow.Elementwise.of((String) arch.get("elemwise_fn")))
                .bins(integer(arch, "num_bins"))
                .postAffine((boolean) arch.get("post_affine"))
                .activation(Activation.valueOf((String) arch.get("activation")))
                .seed(((Number) arch.get("random_seed")).longValue())
                .bounds(numbers(arch.get("lb")), numbers(arch.get("ub")));
        if (arch.get("bn_momentum") != null) {
            builder.batchNorm(((Number) arch.get("bn_momentum")).doubleValue());
        }
        Map<String, int[]> permutations = new HashMap<>();
        ((Map<?, ?>) arch.get("permutations"))
                .forEach((name, p) -> permutations.put(
                        (String) name,
                        Arrays.stream(numbers(p)).mapToInt(v -> (int) v).toArray()));
        List<BoundedParameter> parameters = new ArrayList<>();
        for (Object each : (List<?>) run.get("parameters")) {
            Map<?, ?> parameter = (Map<?, ?>) each;
            parameters.add(new BoundedParameter(
                    (String) parameter.get("name"),
                    integer(parameter, "D"),
                    numbers(parameter.get("lb")),
                    numbers(parameter.get("ub"))));
        }
        return new SavedRun(folder, builder.permutations(permutations).build(), parameters);
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

    /** The table of the fit. */
    public List<EpiRecord> records() throws IOException {
        List<String> lines = Files.readAllLines(folder.resolve("opt_data.csv"));
        List<EpiRecord> records = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(",");
            records.add(new EpiRecord(
                    Integer.parseInt(cells[1]),
                    Integer.parseInt(cells[2]),
                    Double.parseDouble(cells[3]),
                    Double.parseDouble(cells[4]),
                    cells[5].isEmpty() ? null : Boolean.valueOf(cells[5]),
                    Arrays.stream(cells, 6, cells.length)
                            .mapToDouble(Double::parseDouble)
                            .toArray()));
        }
        return records;
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

    private static int integer(Map<?, ?> map, String key) {
        return ((Number) map.get(key)).intValue();
    }

    private static double[] numbers(Object list) {
        return ((List<?>) list)
                .stream()
                        .mapToDouble(v -> v instanceof Number n ? n.doubleValue() : Double.parseDouble((String) v))
                        .toArray();
    }

    private static String table(List<EpiRecord> records, int logRate) {
        StringBuilder text = new StringBuilder(",k,iteration,H,cost,converged");
        int statistics = records.isEmpty() ? 0 : records.get(0).violation().length;
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

    private static Map<String, Object> describe(NormalizingFlow flow, List<BoundedParameter> parameters) {
        double[] lower = new double[flow.dims()];
        double[] upper = new double[flow.dims()];
        for (int d = 0; d < lower.length; d++) {
            lower[d] = flow.lower(d);
            upper[d] = flow.upper(d);
        }
        Map<String, Object> arch = new LinkedHashMap<>();
        arch.put("arch_type", flow.architecture().word());
        arch.put("D", flow.dims());
        arch.put("num_stages", flow.stages());
        arch.put("num_layers", flow.layers());
        arch.put("num_units", flow.units());
        arch.put("elemwise_fn", flow.elementwise().word());
        arch.put("num_bins", flow.bins());
        arch.put("batch_norm", flow.batchNorm());
        arch.put("bn_momentum", flow.batchNorm() ? flow.batchNormMomentum() : null);
        arch.put("post_affine", flow.postAffine());
        arch.put("activation", flow.activation().name());
        arch.put("lb", lower);
        arch.put("ub", upper);
        arch.put("random_seed", flow.seed());
        arch.put("permutations", new TreeMap<>(flow.permutations()));
        List<Object> described = new ArrayList<>();
        for (BoundedParameter parameter : parameters) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", parameter.name());
            one.put("D", parameter.dims());
            one.put("lb", parameter.lower());
            one.put("ub", parameter.upper());
            described.add(one);
        }
        Map<String, Object> run = new LinkedHashMap<>();
        run.put("arch", arch);
        run.put("parameters", described);
        return run;
    }

    /** Maps, lists, arrays, words, numbers and null as JSON; numbers that are not finite as words. */
    private static String json(Object value) {
        if (value instanceof Map<?, ?> map) {
            List<String> entries = new ArrayList<>();
            map.forEach((key, each) -> entries.add(json(key) + ": " + json(each)));
            return "{" + String.join(", ", entries) + "}";
        }
        if (value instanceof List<?> list) {
            return "[" + String.join(", ", list.stream().map(SavedRun::json).toList()) + "]";
        }
        if (value instanceof double[] numbers) {
            return json(Arrays.stream(numbers).boxed().toList());
        }
        if (value instanceof int[] numbers) {
            return json(Arrays.stream(numbers).boxed().toList());
        }
        if (value instanceof Double number && !Double.isFinite(number)) {
            return "\"" + number + "\"";
        }
        return value instanceof String text
                ? "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\""
                : String.format(Locale.ROOT, "%s", value);
    }
}
