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

    static FloatVector exp(FloatVector x) {
        FloatVector bounded = x.min(FloatMath.EXP_MAX).max(FloatMath.EXP_MIN);
        FloatVector rounded = bounded.fma(broadcast(FLOATS, FloatMath.LOG2_E), broadcast(FLOATS, FloatMath.ROUNDER));
        FloatVector n = rounded.sub(FloatMath.ROUNDER);
        FloatVector r = n.fma(broadcast(FLOATS, -FloatMath.LN2_HIGH), bounded);
        r = n.fma(broadcast(FLOATS, -FloatMath.LN2_LOW), r);
        FloatVector p = r.fma(broadcast(FLOATS, FloatMath.E5), broadcast(FLOATS, FloatMath.E4));
        p = p.fma(r, broadcast(FLOATS, FloatMath.E3));
        p = p.fma(r, broadcast(FLOATS, FloatMath.E2));
        p = p.fma(r, broadcast(FLOATS, FloatMath.E1));
        p = p.fma(r, broadcast(FLOATS, FloatMath.E0));
        p = p.mul(r).fma(r, r).add(1f);
        IntVector scale =
                rounded.reinterpretAsInts().sub(FloatMath.ROUNDER_BITS - 127).lanewise(VectorOperators.LSHL, 23);
        return p.mul(scale.reinterpretAsFloats());
    }

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
