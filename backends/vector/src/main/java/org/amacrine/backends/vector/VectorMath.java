package org.amacrine.backends.vector;

import static jdk.incubator.vector.FloatVector.broadcast;
import static org.amacrine.backends.vector.Lanes.FLOATS;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import org.amacrine.core.kernel.FloatMath;

/** Twins of {@link FloatMath}, the same operations in the same order. */
final class VectorMath {
    private VectorMath() {}

    static FloatVector log(FloatVector x) {
        IntVector bits = x.reinterpretAsInts();
        IntVector e = bits.sub(FloatMath.SQRT_HALF_BITS).lanewise(VectorOperators.ASHR, 23);
        FloatVector f = bits.sub(e.lanewise(VectorOperators.LSHL, 23))
                .reinterpretAsFloats()
                .sub(1f);
        FloatVector p = f.fma(broadcast(FLOATS, FloatMath.L8), broadcast(FLOATS, FloatMath.L7));
        p = p.fma(f, broadcast(FLOATS, FloatMath.L6));
        p = p.fma(f, broadcast(FLOATS, FloatMath.L5));
        p = p.fma(f, broadcast(FLOATS, FloatMath.L4));
        p = p.fma(f, broadcast(FLOATS, FloatMath.L3));
        p = p.fma(f, broadcast(FLOATS, FloatMath.L2));
        p = p.fma(f, broadcast(FLOATS, FloatMath.L1));
        p = p.fma(f, broadcast(FLOATS, FloatMath.L0));
        FloatVector ff = f.mul(f);
        FloatVector small = ff.fma(broadcast(FLOATS, -0.5f), p.mul(f).mul(ff)).add(f);
        return toFloats(e).fma(broadcast(FLOATS, FloatMath.LN2), small);
    }

    static FloatVector sinQuarterTurn(FloatVector w) {
        FloatVector t = w.mul(w);
        FloatVector p = t.fma(broadcast(FLOATS, FloatMath.S4), broadcast(FLOATS, FloatMath.S3));
        p = p.fma(t, broadcast(FLOATS, FloatMath.S2));
        p = p.fma(t, broadcast(FLOATS, FloatMath.S1));
        p = p.fma(t, broadcast(FLOATS, FloatMath.S0));
        return p.mul(w);
    }

    static FloatVector toFloats(IntVector x) {
        return (FloatVector) x.convert(VectorOperators.I2F, 0);
    }
}
