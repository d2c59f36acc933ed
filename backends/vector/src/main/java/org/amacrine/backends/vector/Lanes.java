package org.amacrine.backends.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/** The vectors that all kernels use: the widest of this processor, at most 16 lanes. */
final class Lanes {
    private Lanes() {}

    static final VectorSpecies<Float> FLOATS =
            FloatVector.SPECIES_PREFERRED.length() <= 16 ? FloatVector.SPECIES_PREFERRED : FloatVector.SPECIES_512;
    static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, FLOATS.vectorShape());
    static final int COUNT = FLOATS.length();

    /** The last multiple of the lane count from {@code from} that is not beyond {@code to}. */
    static int wholeUntil(int from, int to) {
        return from + (to - from) / COUNT * COUNT;
    }

    static FloatVector load(float[] x, int at) {
        return FloatVector.fromArray(FLOATS, x, at);
    }

    static FloatVector all(float value) {
        return FloatVector.broadcast(FLOATS, value);
    }

    /** The values of a field from pixel p on. */
    static FloatVector field(float[] field, int p) {
        return field.length == 1 ? all(field[0]) : load(field, p);
    }

    static IntVector all(int value) {
        return IntVector.broadcast(INTS, value);
    }
}
