package org.amacrine.operators.latent;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** A group map that applies the same tensor module f to every group. Parameters are at {@code f.}. */
public final class ElementWiseTransformedGroupLatents implements GroupMap {
    private final TensorModule f;

    public ElementWiseTransformedGroupLatents(TensorModule f) {
        this.f = Given.require(f, "f");
    }

    @Override
    public void eachParameter(String prefix, BiConsumer<String, Tensor> parameter) {
        f.eachParameter(prefix + "f.", parameter);
    }

    @Override
    public List<TensorModule> parts() {
        return List.of(f);
    }

    @Override
    public ModuleStructure structure() {
        return new ModuleStructure("ElementWiseTransformedGroupLatents", Map.of(), List.of(f.structure()));
    }

    @Override
    public GroupMap rowByRow() {
        TensorModule each = f.rowByRow();
        return each == f ? this : new ElementWiseTransformedGroupLatents(each);
    }

    @Override
    public Pass pass(int[] widths, int maxRows) {
        return new EachGroup(
                Arrays.stream(widths).mapToObj(width -> f.pass(width, maxRows)).toArray(TensorModule.Pass[]::new));
    }
}
