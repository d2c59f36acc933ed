package org.amacrine.operators.latent;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Values that take the place of a model's own parameters for one call. For each kind there is a list with one entry for each
 * group, or for each direct pair; an entry that is null, or a kind that is not there, stands for the model's own. What a model
 * does not use is ignored.
 */
public final class Overrides {
    /** All of the model's own. */
    public static final Overrides NONE = new Overrides(Map.of());

    private final Map<Kind, List<double[]>> byKind;

    private Overrides(Map<Kind, List<double[]>> byKind) {
        this.byKind = byKind;
    }

    /**
     * These, and values of one more kind.
     *
     * @param values row-major, one for each group or pair, not copied; null for the model's own. Scales, offsets, direct
     *     mappings and variances may be of length 1: the same number for all variables
     */
    public Overrides with(Kind kind, List<double[]> values) {
        Map<Kind, List<double[]>> more = new EnumMap<>(Kind.class);
        more.putAll(byKind);
        more.put(
                Given.require(kind, "kind"),
                Collections.unmodifiableList(new ArrayList<>(Given.require(values, "values"))));
        return new Overrides(more);
    }

    /** Values of a kind, or null for the model's own. */
    List<double[]> of(Kind kind) {
        return byKind.get(kind);
    }
}
