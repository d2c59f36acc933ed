package org.amacrine.operators.latent;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** Parameters in order, each object once. */
final class Distinct {
    private final Set<Tensor> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final List<Tensor> tensors = new ArrayList<>();

    void add(String path, Tensor tensor) {
        if (seen.add(tensor)) {
            tensors.add(tensor);
        }
    }

    List<Tensor> list() {
        return List.copyOf(tensors);
    }
}
