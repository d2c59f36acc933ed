package org.amacrine.operators.latent;

import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/** A group map with a tensor module for each group. Parameters are at {@code group_maps.0.} and so on. */
public final class GroupTransform implements GroupMap {
    private final List<TensorModule> modules;

    /** @param modules one for each group, in order */
    public GroupTransform(List<TensorModule> modules) {
        this.modules = Given.list(modules, "modules");
        if (modules.isEmpty()) {
            throw new IllegalArgumentException("GroupTransform has no module; give one for each group");
        }
    }

    @Override
    public void eachParameter(String prefix, BiConsumer<String, Tensor> parameter) {
        for (int g = 0; g < modules.size(); g++) {
            modules.get(g).eachParameter(prefix + "group_maps." + g + ".", parameter);
        }
    }

    @Override
    public List<TensorModule> parts() {
        return modules;
    }

    @Override
    public ModuleStructure structure() {
        return new ModuleStructure(
                "GroupTransform",
                Map.of(),
                modules.stream().map(Differentiable::structure).toList());
    }

    @Override
    public GroupMap rowByRow() {
        List<TensorModule> each = modules.stream().map(TensorModule::rowByRow).toList();
        return each.equals(modules) ? this : new GroupTransform(each);
    }

    @Override
    public Pass pass(int[] widths, int maxRows) {
        Widths.requireGroups("GroupTransform", modules.size(), widths);
        return new EachGroup(IntStream.range(0, widths.length)
                .mapToObj(g -> modules.get(g).pass(widths[g], maxRows))
                .toArray(TensorModule.Pass[]::new));
    }
}
