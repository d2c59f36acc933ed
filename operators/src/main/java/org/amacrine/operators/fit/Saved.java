package org.amacrine.operators.fit;

import java.util.Map;
import org.amacrine.core.io.NdArray;

/** Reads what an optimiser or a fit saved. */
final class Saved {
    private Saved() {}

    /** An array of so many values; throws {@link IllegalArgumentException} that names it when it is not there or of another size. */
    static NdArray require(Map<String, NdArray> saved, String name, int size) {
        NdArray array = saved.get(name);
        if (array == null || array.size() != size) {
            throw new IllegalArgumentException("the fit needs " + size + " values of \"" + name + "\" but "
                    + (array == null ? "there are none" : array.size() + " were saved")
                    + "; take what a fit of the same model and optimiser saved");
        }
        return array;
    }
}
