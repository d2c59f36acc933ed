package org.amacrine.demos.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.amacrine.core.random.CounterRandom;
import org.amacrine.core.random.RandomSequence;
import org.amacrine.operators.latent.GroupMap;
import org.amacrine.operators.latent.LatentModelFile;
import org.amacrine.operators.latent.LatentRegressionModel;
import org.amacrine.operators.latent.Modules;
import org.amacrine.operators.latent.SharedMLatentRegressionModel;
import org.amacrine.operators.latent.TensorModule;
import picocli.CommandLine.Option;

/** What a latent regression model is made of, and how it begins. */
final class LatentModelOptions {
    @Option(
            names = "--d-proj",
            paramLabel = "N",
            split = ",",
            required = true,
            description = "Modes of the input groups, one number for each or one for all.")
    private int[] dProj;

    @Option(
            names = "--d-trans",
            paramLabel = "N",
            split = ",",
            required = true,
            description = "Modes of the output groups, one number for each or one for all.")
    private int[] dTrans;

    @Option(
            names = "--m",
            paramLabel = "MAP",
            description =
                    "How latents are mapped, for example \"LinearMap(d_in=[3, 4], d_out=[4], bias=true)\", which is the"
                            + " default with the numbers of --d-proj and --d-trans. See docs/latent.md for all maps.")
    private String m;

    @Option(
            names = "--specific-m",
            paramLabel = "MAP",
            description = "In place of --m: a map of this model alone, which comes before the shared one.")
    private String specificM;

    @Option(
            names = "--shared-m",
            paramLabel = "MAP",
            description = "In place of --m: a map that other models can take over by --shared-from.")
    private String sharedM;

    @Option(
            names = "--shared-from",
            paramLabel = "FILE.npz",
            description = "In place of --shared-m: the shared map of another model, with what it has learned."
                    + " --freeze shared_m leaves it as it is.")
    private Path sharedFrom;

    @Option(
            names = "--s",
            paramLabel = "MODULE",
            description = "What outputs pass through, one for each group or one for all (Identity), for example"
                    + " \"FixedOffsetExp(o=0.1)\".")
    private List<String> s = new ArrayList<>(List.of("Identity"));

    @Option(names = "--scales", description = "Outputs have scales.")
    private boolean scales;

    @Option(names = "--offsets", description = "Outputs have offsets.")
    private boolean offsets;

    @Option(
            names = "--direct",
            paramLabel = "G:H",
            split = ",",
            description = "Input and output groups that are also joined directly, variable by variable.")
    private List<String> direct = new ArrayList<>();

    @Option(
            names = "--w-gain",
            paramLabel = "G",
            defaultValue = "1",
            description = "First modes: factor of their standard deviation, sqrt(2 / (variables + modes))"
                    + " (${DEFAULT-VALUE}).")
    private double wGain;

    @Option(
            names = "--scale-mean",
            paramLabel = "M",
            defaultValue = "0",
            description = "First scales: their mean (${DEFAULT-VALUE}).")
    private double scaleMean;

    @Option(
            names = "--scale-std",
            paramLabel = "SD",
            defaultValue = "0.01",
            description = "First scales: their standard deviation (${DEFAULT-VALUE}).")
    private double scaleDeviation;

    @Option(
            names = "--direct-std",
            paramLabel = "SD",
            defaultValue = "0.1",
            description = "First direct mappings: their standard deviation (${DEFAULT-VALUE}).")
    private double directDeviation;

    @Option(
            names = "--noise-range",
            paramLabel = "LOW,HIGH",
            split = ",",
            defaultValue = "0.1,0.2",
            description = "First variances of the noise: their range, in squared units of the outputs"
                    + " (${DEFAULT-VALUE}).")
    private double[] noiseRange;

    /** A new model of groups of that many variables. */
    LatentRegressionModel build(int[] dIn, int[] dOut, long seed) throws IOException {
        int[] proj = forEach("--d-proj", dProj, dIn.length);
        int[] trans = forEach("--d-trans", dTrans, dOut.length);
        if (noiseRange.length != 2) {
            throw new IllegalArgumentException(
                    "--noise-range takes two variances, the lower and the higher one, such as"
                            + " 0.1,0.2, but was given " + noiseRange.length);
        }
        LatentRegressionModel.Builder builder = LatentRegressionModel.builder(dIn, dOut, proj, trans)
                .useScales(scales)
                .useOffsets(offsets)
                .wGain(wGain)
                .scaleMean(scaleMean)
                .scaleDeviation(scaleDeviation)
                .directDeviation(directDeviation)
                .noiseRange(noiseRange[0], noiseRange[1])
                .seed(seed);
        if (!direct.isEmpty()) {
            builder.directPairs(GroupPairs.direct(direct));
        }
        RandomSequence random = new RandomSequence().start(CounterRandom.key(seed, "latent.modules", 0), 0);
        if (specificM == null && sharedM == null && sharedFrom == null) {
            GroupMap map = Modules.map(m != null ? m : linear(proj, trans), random);
            return builder.s(modules(dOut.length, random)).build(map);
        }
        if (m != null) {
            throw new IllegalArgumentException("--m is the whole map; give either it or --specific-m and --shared-m");
        }
        GroupMap specific = specificM == null ? null : Modules.map(specificM, random);
        GroupMap shared = sharedM(random);
        return new SharedMLatentRegressionModel(builder.s(modules(dOut.length, random)), specific, shared);
    }

    private static String linear(int[] proj, int[] trans) {
        return "LinearMap(d_in=" + Arrays.toString(proj) + ", d_out=" + Arrays.toString(trans) + ", bias=true)";
    }

    /** The shared map, new or of another model; null for none. */
    private GroupMap sharedM(RandomSequence random) throws IOException {
        if (sharedFrom == null) {
            return sharedM == null ? null : Modules.map(sharedM, random);
        }
        if (sharedM != null) {
            throw new IllegalArgumentException("the shared map is either new or that of another model; give either"
                    + " --shared-m or --shared-from");
        }
        if (LatentModelFile.read(sharedFrom).model() instanceof SharedMLatentRegressionModel other
                && other.sharedM() != null) {
            return other.sharedM();
        }
        throw new IllegalArgumentException(
                "--shared-from " + sharedFrom + " has no shared map; give a model that was fitted with --shared-m");
    }

    private List<TensorModule> modules(int groups, RandomSequence random) {
        if (s.size() != 1 && s.size() != groups) {
            throw new IllegalArgumentException("--s takes one module, or one for each of the " + groups
                    + " output groups, but was given " + s.size());
        }
        List<TensorModule> modules = new ArrayList<>();
        for (int h = 0; h < groups; h++) {
            modules.add(Modules.tensor(s.get(s.size() == 1 ? 0 : h), random));
        }
        return modules;
    }

    private static int[] forEach(String option, int[] numbers, int groups) {
        if (numbers.length == groups) {
            return numbers;
        }
        if (numbers.length != 1) {
            throw new IllegalArgumentException(option + " takes one number, or one for each of the " + groups
                    + " groups, but was given " + Arrays.toString(numbers));
        }
        int[] all = new int[groups];
        Arrays.fill(all, numbers[0]);
        return all;
    }
}
