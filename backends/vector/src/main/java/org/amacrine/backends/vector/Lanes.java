package org.amacrine.backends.vector;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vectors that all kernels use: the widest of this processor, at most 16 lanes. Kernels load and broadcast by the vectors'
 * own methods, which are always inlined: a helper where the compiler has seen few calls may be left a call, and then each
 * vector that goes in or out of it is boxed, as is each one that meets it from another branch.
 */
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

    /** The values of a field from pixel p on. */
    static FloatVector field(float[] field, int p) {
        return field.length == 1 ? FloatVector.broadcast(FLOATS, field[0]) : FloatVector.fromArray(FLOATS, field, p);
    }
}
