package org.amacrine.operators.fit;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.amacrine.core.io.NdArray;

/**
 * What a fit of a layer ends with.
 *
 * @param parameters the fitted ones by dotted name, in double precision; a layer takes them by {@code parameters().set(..)}
 * @param loss of the last iteration, before its last steps; NaN when there was none
 */
public record FittedLayer(Map<String, NdArray> parameters, double loss) {

    /** Keeps a copy of the map, in its order. */
    public FittedLayer {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }
}
