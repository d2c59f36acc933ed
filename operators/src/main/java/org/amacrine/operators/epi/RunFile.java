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
import java.util.Optional;
import java.util.TreeMap;
import org.amacrine.core.io.YamlText;

/**
 * The file {@code run.json} of a saved run: what was asked for, under the reference's names.
 *
 * @param flow with its permutations
 * @param parameters of the model
 * @param plan empty when the file is of a version that did not write it
 */
record RunFile(NormalizingFlow flow, List<BoundedParameter> parameters, Optional<EpiPlan> plan) {

    /** What the file of a run says. */
    static String text(NormalizingFlow flow, List<BoundedParameter> parameters, EpiPlan plan, String program) {
        Map<String, Object> run = new LinkedHashMap<>();
        run.put("model", plan.model());
        run.put("parameters", parameters.stream().map(RunFile::described).toList());
        run.put("init", described(plan.initial(), flow));
        run.put("arch", described(flow));
        run.put("EP", ordered("name", plan.property(), "mu", plan.mu()));
        LagrangianSettings hps = plan.lagrangian();
        run.put(
                "AL_hps",
                ordered(
                        "N",
                        hps.samples(),
                        "lr",
                        hps.learningRate(),
                        "c0",
                        hps.c0(),
                        "gamma",
                        hps.gamma(),
                        "beta",
                        hps.beta()));
        run.put("fit", plan.options());
        run.put("versions", ordered("program", program, "java", System.getProperty("java.version")));
        return json(run) + "\n";
    }

    private static Map<String, Object> ordered(Object... keysAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            map.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }

    private static Map<String, Object> described(BoundedParameter parameter) {
        return ordered(
                "name", parameter.name(), "D", parameter.dims(), "lb", parameter.lower(), "ub", parameter.upper());
    }

    private static Map<String, Object> described(Gaussian initial, NormalizingFlow flow) {
        return ordered("mu", initial.mu(), "Sigma", initial.sigma(), "lb", flow.lower(), "ub", flow.upper());
    }

    private static Map<String, Object> described(NormalizingFlow flow) {
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
        arch.put("lb", flow.lower());
        arch.put("ub", flow.upper());
        arch.put("random_seed", flow.seed());
        arch.put("permutations", new TreeMap<>(flow.permutations()));
        return arch;
    }

    /** Maps, lists, arrays, words, numbers and null as JSON; numbers that are not finite as words. */
    private static String json(Object value) {
        if (value instanceof Map<?, ?> map) {
            List<String> entries = new ArrayList<>();
            map.forEach((key, each) -> entries.add(json(key) + ": " + json(each)));
            return "{" + String.join(", ", entries) + "}";
        }
        if (value instanceof List<?> list) {
            return "[" + String.join(", ", list.stream().map(RunFile::json).toList()) + "]";
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

    /** Reads the file of a run; throws {@link IOException} that names it when it is none. */
    static RunFile read(Path file) throws IOException {
        Object values = YamlText.values(Files.readString(file), file.toString());
        try {
            return of((Map<?, ?>) values);
        } catch (NullPointerException e) {
            throw new IOException(file + " does not describe a run: something is missing in it; fit again", e);
        } catch (ClassCastException | IllegalArgumentException e) {
            throw new IOException(file + " does not describe a run: " + e.getMessage() + "; fit again", e);
        }
    }

    private static RunFile of(Map<?, ?> run) {
        List<BoundedParameter> parameters = new ArrayList<>();
        for (Object each : (List<?>) run.get("parameters")) {
            Map<?, ?> parameter = (Map<?, ?>) each;
            parameters.add(new BoundedParameter(
                    (String) parameter.get("name"),
                    integer(parameter, "D"),
                    numbers(parameter.get("lb")),
                    numbers(parameter.get("ub"))));
        }
        return new RunFile(flow((Map<?, ?>) run.get("arch")), parameters, plan(run));
    }

    private static NormalizingFlow flow(Map<?, ?> arch) {
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
        return builder.permutations(permutations).build();
    }

    private static Optional<EpiPlan> plan(Map<?, ?> run) {
        if (!run.containsKey("AL_hps")) {
            return Optional.empty();
        }
        Map<?, ?> init = (Map<?, ?>) run.get("init");
        Map<?, ?> property = (Map<?, ?>) run.get("EP");
        Map<?, ?> hps = (Map<?, ?>) run.get("AL_hps");
        Map<String, Object> options = new LinkedHashMap<>();
        ((Map<?, ?>) run.get("fit"))
                .forEach((name, value) -> options.put((String) name, value instanceof String ? number(value) : value));
        return Optional.of(new EpiPlan(
                (String) run.get("model"),
                (String) property.get("name"),
                new Gaussian(numbers(init.get("mu")), numbers(init.get("Sigma"))),
                numbers(property.get("mu")),
                new LagrangianSettings(
                        integer(hps, "N"),
                        number(hps.get("lr")),
                        number(hps.get("c0")),
                        number(hps.get("gamma")),
                        number(hps.get("beta"))),
                integer(options, "log_rate"),
                options));
    }

    private static int integer(Map<?, ?> map, String key) {
        return ((Number) map.get(key)).intValue();
    }

    private static double number(Object value) {
        return value instanceof Number n ? n.doubleValue() : Double.parseDouble((String) value);
    }

    private static double[] numbers(Object list) {
        return ((List<?>) list).stream().mapToDouble(RunFile::number).toArray();
    }
}
