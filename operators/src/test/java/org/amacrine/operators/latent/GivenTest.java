package org.amacrine.operators.latent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.kernel.ScalarKernels;
import org.amacrine.core.random.RandomSequence;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/** What must be given and is null is named, everywhere. */
class GivenTest {
    private static final RandomSequence RANDOM = new RandomSequence();
    private static final BumpBounds NO_BOUNDS = null;
    private static final WanderingModule.Perturbation NO_PERTURBATION = WanderingModule.Perturbation.NONE;

    private final LatentRegressionModel model = LatentModels.plain(1, 1).build(new IdentityMap());
    private final Groups x = Groups.of(1, new double[1]);

    private static DynamicTest refuses(String name, Executable call) {
        return refuses(name, name, call);
    }

    private static DynamicTest refuses(String what, String name, Executable call) {
        return DynamicTest.dynamicTest(what, () -> {
            IllegalArgumentException e = assertThrows(IllegalArgumentException.class, call);
            assertEquals(name + " must be given but was null", e.getMessage());
        });
    }

    @TestFactory
    Stream<DynamicTest> shouldSayWhatAFitWasNotGiven() {
        Fit.Builder fit = Fit.of(model, x, x);
        return Stream.of(
                refuses("model", () -> Fit.of(null, x, x)),
                refuses("x", () -> Fit.of(model, null, x)),
                refuses("y", () -> Fit.of(model, x, null)),
                refuses("learningRates", () -> fit.learningRates(null)),
                refuses("adam", () -> fit.adam(null)),
                refuses("parameters", () -> fit.parameters(null)),
                refuses("parameters[0]", () -> fit.parameters(Arrays.asList((Tensor) null))),
                refuses("l1P", () -> fit.l1P((double[]) null)),
                refuses("l1U", () -> fit.l1U((double[]) null)),
                refuses("l1", () -> fit.l1(null)),
                refuses("kernels", () -> fit.kernels(null)),
                refuses("bands", () -> fit.bands(null)),
                refuses("batches", () -> fit.build(null)),
                refuses(
                        "saved",
                        () -> fit.batchSize(1).sendSize(1).build(Batches.all()).restore(null)),
                refuses("entries[0]", () -> LearningRates.of((LearningRates.Entry) null)),
                refuses("entries", () -> LearningRates.of((LearningRates.Entry[]) null)),
                refuses("optimiser's parameters", "parameters", () -> new Adam(null, Adam.Settings.DEFAULTS)),
                refuses("settings", () -> new Adam(List.of(), null)),
                refuses("optimiser's bands", "bands", () -> new Adam(List.of(), Adam.Settings.DEFAULTS, null)),
                refuses("optimiser's saved", "saved", () -> new Adam(List.of(), Adam.Settings.DEFAULTS).restore(null)),
                refuses("module", () -> new WanderingFit(null, 1, 1, 0.1, Adam.Settings.DEFAULTS, () -> 0)),
                refuses("normals", () -> new WanderingFit(bump(), 1, 1, 0.1, Adam.Settings.DEFAULTS, null)));
    }

    private static BumpFcn bump() {
        return new BumpFcn(new double[1], new double[] {1}, 1, NO_BOUNDS, NO_BOUNDS, NO_PERTURBATION, 0.01);
    }

    @TestFactory
    Stream<DynamicTest> shouldSayWhatAModelWasNotGiven() {
        LatentRegressionModel.Builder builder = LatentModels.plain(1, 1);
        return Stream.of(
                refuses("s", () -> builder.s(null)),
                refuses("s[0]", () -> builder.s(Arrays.asList((TensorModule) null))),
                refuses("directPairs", () -> builder.directPairs(null)),
                refuses("directPairs[0]", () -> builder.directPairs(Arrays.asList((DirectPair) null))),
                refuses("kind", () -> builder.assign(null, true)),
                refuses("flags", () -> builder.assign(Kind.P, (boolean[]) null)),
                refuses("builder", () -> new SharedMLatentRegressionModel(null, new IdentityMap(), null)),
                refuses("arrays", () -> model.load(null)),
                refuses("feedback[0]", () -> model.recursiveGenerate(x, Arrays.asList((Feedback) null), Noise.NONE)),
                refuses("kind of an override", "kind", () -> Overrides.NONE.with(null, List.of())),
                refuses("values", () -> Overrides.NONE.with(Kind.P, null)),
                refuses("values of groups", "values", () -> Groups.of(1, (double[][]) null)),
                refuses("arrays[0]", () -> Groups.of((NdArray) null)),
                refuses("arrays of groups", "arrays", () -> Groups.of((NdArray[]) null)),
                refuses("values of a tensor", "values", () -> Tensor.of(null, 1)),
                refuses("values of a vector", "values", () -> Tensor.vector((double[]) null)),
                refuses("shape of zeros", "shape", () -> Tensor.zeros((int[]) null)),
                refuses("other", () -> Tensor.zeros(1).set(null)),
                refuses("parameters", () -> StateDict.arrays(null)),
                refuses("parameters to load", "parameters", () -> StateDict.load(null, Map.of())),
                refuses("arrays to load", "arrays", () -> StateDict.load(Map.of(), null)),
                refuses("model", () -> LatentModelFile.of(null)),
                refuses("feedback of a file", "feedback", () -> new LatentModelFile(model, null, Map.of())),
                refuses("provenance", () -> new LatentModelFile(model, List.of(), null)),
                refuses("file", () -> LatentModelFile.read(null)),
                refuses("file to write", "file", () -> LatentModelFile.of(model).write(null)));
    }

    @TestFactory
    Stream<DynamicTest> shouldSayWhatAModuleWasNotGiven() {
        double[] one = {1};
        double[][] oneByOne = {{1}};
        return Stream.of(
                refuses("text", () -> Modules.tensor((String) null, RANDOM)),
                refuses("structure", () -> Modules.map((ModuleStructure) null, RANDOM)),
                refuses("type", () -> ModuleStructure.of(null)),
                refuses("settings", () -> ModuleStructure.of("Tanh", null)),
                refuses("random", () -> Modules.tensor("Linear(in=1, out=1)", null)),
                refuses("random of normal numbers", "random", () -> new Bias(1, null)),
                refuses("modules", () -> new Chain((List<TensorModule>) null)),
                refuses("modules[1]", () -> new Chain(new Identity(), null)),
                refuses("maps", () -> new MapChain((List<GroupMap>) null)),
                refuses("maps[0]", () -> new MapChain((GroupMap) null)),
                refuses("modules of groups", "modules", () -> new GroupTransform(null)),
                refuses("modules of columns", "modules", () -> new SplitColumns(new int[][] {{0}}, null)),
                refuses("columns", () -> new SplitColumns(null, List.of(new Identity()))),
                refuses("f", () -> new ElementWiseTransformedGroupLatents(null)),
                refuses("nn", () -> new NNMap(new int[] {1}, null)),
                refuses("d_out", () -> new NNMap(null, new Identity())),
                refuses("f of a dense net", "f", () -> new DenseLNLNet(null, 1, 1, 1, true, RANDOM)),
                refuses("conc", () -> new ConcatenateMap(null)),
                refuses("idx", () -> new ConcatenateAndSelectMap(new int[] {1}, null)),
                refuses("init", () -> new GroupLinearTransform(new int[] {1}, true, true, null, RANDOM)),
                refuses("init of a scale", "init", () -> BiasAndScale.of(1, null, RANDOM)),
                refuses("low", () -> new BumpBounds(null, one)),
                refuses("high", () -> new BumpBounds(one, null)),
                refuses("c", () -> new BumpFcn(null, one, 1, NO_BOUNDS, NO_BOUNDS, NO_PERTURBATION, 0.01)),
                refuses("w", () -> new BumpFcn(one, null, 1, NO_BOUNDS, NO_BOUNDS, NO_PERTURBATION, 0.01)),
                refuses("perturbation", () -> new BumpFcn(one, one, 1, NO_BOUNDS, NO_BOUNDS, null, 0.01)),
                refuses("c of a sum", "c", () -> new SumOfBumpFcns(null, oneByOne, one, NO_BOUNDS, NO_BOUNDS)),
                refuses("w of a sum", "w", () -> new SumOfBumpFcns(oneByOne, null, one, NO_BOUNDS, NO_BOUNDS)),
                refuses("m of a sum", "m", () -> new SumOfBumpFcns(oneByOne, oneByOne, null, NO_BOUNDS, NO_BOUNDS)),
                refuses("module", () -> GradientCheck.largestError((TensorModule) null, one, 1)),
                refuses("x", () -> GradientCheck.largestError(new Identity(), null, 1)),
                refuses("map", () -> GradientCheck.largestError((GroupMap) null, oneByOne, new int[] {1})),
                refuses("widths", () -> GradientCheck.largestError(new IdentityMap(), oneByOne, null)));
    }

    @TestFactory
    Stream<DynamicTest> shouldSayWhatAGeneratorWasNotGiven() {
        List<Feedback> feedback = List.of(new Feedback(0, 0));
        Generator generator = new Generator(model, feedback, ScalarKernels.INSTANCE, 1, 0, "g");
        TimedGenerator timed = new TimedGenerator(generator, 1, TimedGenerator.Late.DROP);
        GeneratorSource.Options free = new GeneratorSource.Options(feedback, 0, 1, true, -1);
        return Stream.of(
                refuses("model", () -> new Generator(null, feedback, ScalarKernels.INSTANCE, 1, 0, "g")),
                refuses("feedback", () -> new Generator(model, null, ScalarKernels.INSTANCE, 1, 0, "g")),
                refuses("kernels", () -> new Generator(model, feedback, null, 1, 0, "g")),
                refuses("name", () -> new Generator(model, feedback, ScalarKernels.INSTANCE, 1, 0, null)),
                refuses("name of a noise", "name", () -> Noise.counted(0, null, 0)),
                refuses("generator", () -> new TimedGenerator(null, 1, TimedGenerator.Late.DROP)),
                refuses("late", () -> new TimedGenerator(generator, 1, null)),
                refuses("rows", () -> timed.give(0, null)),
                refuses("model of a source", "model", () -> new GeneratorSource(null, free)),
                refuses("options", () -> new GeneratorSource(model, null)),
                refuses("feedback of a source", "feedback", () -> new GeneratorSource.Options(null, 0, 1, true, -1)),
                refuses(
                        "model of a layer",
                        "model",
                        () -> new LatentGenerator("g", null, LatentGenerator.Options.of(feedback))),
                refuses("options of a layer", "options", () -> new LatentGenerator("g", model, null)),
                refuses("driven", () -> new LatentGenerator.Options(feedback, null, 1, List.of())),
                refuses("outputs", () -> new LatentGenerator.Options(feedback, List.of(), 1, null)));
    }
}
