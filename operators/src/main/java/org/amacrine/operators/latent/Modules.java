package org.amacrine.operators.latent;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.amacrine.core.layer.Names;
import org.amacrine.core.random.RandomSequence;

/**
 * Modules and group maps by name, with the settings of their constructors under the names that the reference gives them; what
 * has a default may be left out. Settings are written as {@link ModuleText} says. Bumps begin at centres uniform within their
 * bounds, standard normal without, with widths of 1 (or the nearest bound) and magnitudes drawn from N(0, 0.1²).
 */
public final class Modules {
    private interface Factory<T> {
        T make(ModuleSettings settings, RandomSequence random);
    }

    private static final Map<String, Factory<TensorModule>> TENSOR_MODULES = new LinkedHashMap<>();
    private static final Map<String, Factory<GroupMap>> GROUP_MAPS = new LinkedHashMap<>();

    private Modules() {}

    static {
        TENSOR_MODULES.put("Identity", (s, random) -> new Identity());
        TENSOR_MODULES.put("Chain", (s, random) -> new Chain(tensors(s.children(), random)));
        TENSOR_MODULES.put(
                "Linear", (s, random) -> new Linear(s.integer("in"), s.integer("out"), s.flag("bias", true), random));
        TENSOR_MODULES.put("Bias", (s, random) -> new Bias(s.integer("d"), s.number("init_std", 0.1), random));
        TENSOR_MODULES.put("BiasAndScale", (s, random) -> BiasAndScale.of(s.integer("d"), scaleInit(s), random));
        TENSOR_MODULES.put(
                "BiasAndPositiveScale", (s, random) -> BiasAndScale.positive(s.integer("d"), scaleInit(s), random));
        TENSOR_MODULES.put("BasicExp", (s, random) -> ElementWise.basicExp());
        TENSOR_MODULES.put("Exp", (s, random) -> new Exp(s.integer("d"), random));
        TENSOR_MODULES.put("FixedOffsetExp", (s, random) -> ElementWise.fixedOffsetExp(s.number("o")));
        TENSOR_MODULES.put("FixedOffsetAbs", (s, random) -> ElementWise.fixedOffsetAbs(s.number("o")));
        TENSOR_MODULES.put("FixedOffsetTanh", (s, random) -> new FixedOffsetTanh(s.integer("d"), s.number("m")));
        TENSOR_MODULES.put(
                "FixedOffsetCELU", (s, random) -> ElementWise.fixedOffsetCelu(s.number("alpha"), s.number("o")));
        TENSOR_MODULES.put("ShiftedRelu", (s, random) -> new ShiftedRelu(s.integer("d"), random));
        TENSOR_MODULES.put("ScaledTanh", (s, random) -> new ScaledTanh(s.integer("d"), random));
        TENSOR_MODULES.put(
                "ElementWiseTanh", (s, random) -> ElementWise.elementWiseTanh(s.number("o", 0), s.number("s", 1)));
        TENSOR_MODULES.put("RBF", (s, random) -> ElementWise.rbf());
        TENSOR_MODULES.put(
                "FirstAndSecondOrderFcn",
                (s, random) -> new FirstAndSecondOrderFcn(s.integer("d_in"), s.integer("d_out"), random));
        TENSOR_MODULES.put("DenseLNLNet", Modules::denseNet);
        TENSOR_MODULES.put(
                "SCC", (s, random) -> new SplitColumns(s.integerLists("columns"), tensors(s.children(), random)));
        TENSOR_MODULES.put("ReLU", (s, random) -> ElementWise.relu());
        TENSOR_MODULES.put("Tanh", (s, random) -> ElementWise.tanh());
        TENSOR_MODULES.put("Sigmoid", (s, random) -> ElementWise.sigmoid());
        TENSOR_MODULES.put(
                "Softplus", (s, random) -> ElementWise.softplus(s.number("beta", 1), s.number("threshold", 20)));
        TENSOR_MODULES.put("ELU", (s, random) -> ElementWise.elu(s.number("alpha", 1)));
        TENSOR_MODULES.put("CELU", (s, random) -> ElementWise.celu(s.number("alpha", 1)));
        TENSOR_MODULES.put("LeakyReLU", (s, random) -> ElementWise.leakyRelu(s.number("negative_slope", 0.01)));

        TENSOR_MODULES.put("BumpFcn", Bumps::one);
        TENSOR_MODULES.put("SumOfBumpFcns", Bumps::sum);
        TENSOR_MODULES.put("SlowSumOfBumpFcns", Bumps::slowSum);

        GROUP_MAPS.put("IdentityMap", (s, random) -> new IdentityMap());
        GROUP_MAPS.put("MapChain", (s, random) -> new MapChain(maps(s.children(), random)));
        GROUP_MAPS.put(
                "LinearMap",
                (s, random) -> new LinearMap(s.integers("d_in"), s.integers("d_out"), s.flag("bias", false), random));
        GROUP_MAPS.put("NNMap", (s, random) -> new NNMap(s.integers("d_out"), tensor(s.child(), random)));
        GROUP_MAPS.put(
                "ElementWiseTransformedGroupLatents",
                (s, random) -> new ElementWiseTransformedGroupLatents(tensor(s.child(), random)));
        GROUP_MAPS.put("GroupTransform", (s, random) -> new GroupTransform(tensors(s.children(), random)));
        GROUP_MAPS.put("GroupLinearTransform", Modules::groupLinear);
        GROUP_MAPS.put(
                "GroupMatrixMultiply",
                (s, random) -> new GroupMatrixMultiply(
                        s.integers("d_in"), s.integers("d_out"), s.number("w_gain", 1), random));
        GROUP_MAPS.put("ConcatenateMap", (s, random) -> new ConcatenateMap(s.flagLists("conc")));
        GROUP_MAPS.put(
                "ConcatenateAndSelectMap",
                (s, random) -> new ConcatenateAndSelectMap(s.integers("d_in"), s.integerListLists("idx")));
        GROUP_MAPS.put(
                "SingleGroupDenseNetMap",
                (s, random) -> new SingleGroupDenseNetMap(
                        s.integer("d_in"),
                        s.integer("d_out"),
                        s.integer("n_layers"),
                        s.integer("growth"),
                        s.flag("bias", true),
                        random));
    }

    private static TensorModule denseNet(ModuleSettings s, RandomSequence random) {
        return new DenseLNLNet(
                tensor(s.child(), random),
                s.integer("d_in"),
                s.integer("n_layers"),
                s.integer("growth"),
                s.flag("bias", false),
                random);
    }

    private static BiasAndScale.Init scaleInit(ModuleSettings s) {
        return new BiasAndScale.Init(
                s.number("w_mn", 0), s.number("w_std", 0.1), s.number("o_mn", 0), s.number("o_std", 0.1));
    }

    private static GroupMap groupLinear(ModuleSettings s, RandomSequence random) {
        return new GroupLinearTransform(
                s.integers("d"),
                s.flag("offsets", true),
                s.flag("nonnegative_scale", false),
                new GroupLinearTransform.Init(
                        s.number("v_mn", 0), s.number("v_std", 0.1), s.number("o_mn", 0), s.number("o_std", 0.1)),
                random);
    }

    private static List<TensorModule> tensors(List<ModuleStructure> structures, RandomSequence random) {
        List<TensorModule> modules = new ArrayList<>();
        structures.forEach(one -> modules.add(tensor(one, random)));
        return modules;
    }

    private static List<GroupMap> maps(List<ModuleStructure> structures, RandomSequence random) {
        List<GroupMap> maps = new ArrayList<>();
        structures.forEach(one -> maps.add(map(one, random)));
        return maps;
    }

    /** Names of tensor modules. */
    public static Set<String> tensorModuleNames() {
        return Set.copyOf(TENSOR_MODULES.keySet());
    }

    /** Names of group maps. */
    public static Set<String> groupMapNames() {
        return Set.copyOf(GROUP_MAPS.keySet());
    }

    /**
     * A tensor module, for example of {@code Chain(Linear(in=3, out=5), Tanh)}.
     *
     * @param random where initial values are drawn from
     * @throws IllegalArgumentException when there is none like this, saying why
     */
    public static TensorModule tensor(String text, RandomSequence random) {
        return tensor(ModuleText.parse(text), random);
    }

    /** A tensor module of this structure; see {@link #tensor(String, RandomSequence)}. */
    public static TensorModule tensor(ModuleStructure structure, RandomSequence random) {
        return make("tensor module", TENSOR_MODULES, "group map", GROUP_MAPS.keySet(), structure, random);
    }

    /**
     * A group map, for example of {@code LinearMap(d_in=[2, 3], d_out=[4], bias=true)}.
     *
     * @param random where initial values are drawn from
     * @throws IllegalArgumentException when there is none like this, saying why
     */
    public static GroupMap map(String text, RandomSequence random) {
        return map(ModuleText.parse(text), random);
    }

    /** A group map of this structure; see {@link #map(String, RandomSequence)}. */
    public static GroupMap map(ModuleStructure structure, RandomSequence random) {
        return make("group map", GROUP_MAPS, "tensor module", TENSOR_MODULES.keySet(), structure, random);
    }

    private static <T> T make(
            String kind,
            Map<String, Factory<T>> factories,
            String otherKind,
            Set<String> otherNames,
            ModuleStructure structure,
            RandomSequence random) {
        Factory<T> factory = factories.get(Given.require(structure, "structure").type());
        if (factory == null) {
            throw new IllegalArgumentException(
                    otherNames.contains(structure.type())
                            ? structure.type() + " is a " + otherKind + " but a " + kind + " is needed here; there are "
                                    + factories.keySet()
                            : "no " + kind + " \"" + structure.type() + "\""
                                    + Names.suggest(structure.type(), factories.keySet()) + "; there are "
                                    + factories.keySet());
        }
        ModuleSettings settings = new ModuleSettings(structure);
        T module = factory.make(settings, random);
        settings.requireNothingElse();
        return module;
    }
}
