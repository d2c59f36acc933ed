package org.amacrine.operators.latent;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/**
 * A model whose map m is made of a part of its own and a part that it shares with other models, one after the other: what is
 * learned of the shared part through one model, all have. One of the parts may be absent.
 *
 * <p>Differs from the reference (SharedMLatentRegModel of janelia_core): either part may be absent everywhere, parameters
 * come in a fixed order, and the shared part is replaced as a whole or not at all.
 */
public final class SharedMLatentRegressionModel extends LatentRegressionModel {
    private final GroupMap specific;
    private GroupMap shared;
    private boolean returnsSharedParameters = true;

    /**
     * A model of two parts.
     *
     * @param builder from {@link LatentRegressionModel#builder}
     * @param specific the model's own part, which comes first; null for none
     * @param shared the shared part; null for none
     * @throws IllegalArgumentException when both are null, or parts do not fit together
     */
    public SharedMLatentRegressionModel(Builder builder, GroupMap specific, GroupMap shared) {
        super(Given.require(builder, "builder"), composed(specific, shared));
        this.specific = specific;
        this.shared = shared;
    }

    private static GroupMap composed(GroupMap specific, GroupMap shared) {
        if (specific == null && shared == null) {
            throw new IllegalArgumentException("there is neither a specific nor a shared map; give at least one");
        }
        return specific == null ? shared : shared == null ? specific : new MapChain(specific, shared);
    }

    /** The model's own part of m; null when there is none. */
    public GroupMap specificM() {
        return specific;
    }

    /** The shared part of m; null when there is none. */
    public GroupMap sharedM() {
        return shared;
    }

    /**
     * Puts another shared part in the place of the present one, or behind the model's own part where there was none. The model
     * is unchanged when it does not fit.
     *
     * @throws IllegalArgumentException when it does not fit
     */
    public void updateSharedM(GroupMap replacement) {
        if (replacement == null) {
            throw new IllegalArgumentException("the shared map must be given but was null");
        }
        map(composed(specific, replacement));
        shared = replacement;
    }

    /** Parameters of the model's own part of m; empty when there is none. */
    public List<Tensor> specificMParameters() {
        return parametersOf(specific);
    }

    /** Parameters of the shared part of m; empty when there is none. */
    public List<Tensor> sharedMParameters() {
        return parametersOf(shared);
    }

    private static List<Tensor> parametersOf(GroupMap map) {
        Distinct all = new Distinct();
        if (map != null) {
            map.eachParameter("", all::add);
        }
        return all.list();
    }

    /**
     * Whether {@link #parameters} has those of the shared part; at first it has. {@link #trainableParameters} always has them, so
     * that a fit which is to leave the shared part alone must be given {@code parameters}.
     */
    public void returnSharedMParams(boolean on) {
        returnsSharedParameters = on;
    }

    @Override
    public List<Tensor> parameters() {
        if (returnsSharedParameters) {
            return super.parameters();
        }
        Set<Tensor> without = Set.copyOf(sharedMParameters());
        return super.parameters().stream()
                .filter(tensor -> !without.contains(tensor))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    /** As of any model, and the parameters of m once more as {@code specific_m.<path>} and {@code shared_m.<path>}. */
    @Override
    public Map<String, Tensor> stateDict() {
        Map<String, Tensor> named = super.stateDict();
        BiConsumer<String, Tensor> put = named::put;
        if (specific != null) {
            specific.eachParameter("specific_m.", put);
        }
        if (shared != null) {
            shared.eachParameter("shared_m.", put);
        }
        return named;
    }

    /** Projections of the inputs on the modes p, through the model's own part of m where there is one. */
    @Override
    public Groups pProject(Groups x, Overrides overrides) {
        return pProject(x, overrides, true);
    }

    /** Projections of the inputs on the modes p, through the model's own part of m if so wanted and there is one. */
    public Groups pProject(Groups x, Overrides overrides, boolean appliesSpecificM) {
        Groups projections = super.pProject(x, overrides);
        if (specific == null || !appliesSpecificM) {
            return projections;
        }
        GroupMap.Pass pass = specific.pass(dProj(), x.rows());
        double[][] mapped = Matrices.ofWidths(pass.outWidths(), x.rows());
        pass.forward(projections.values(), x.rows(), mapped);
        return new Groups(x.rows(), mapped);
    }
}
