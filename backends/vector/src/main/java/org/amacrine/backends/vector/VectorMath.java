package org.amacrine.backends.vector;

import static org.amacrine.backends.vector.Lanes.all;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import org.amacrine.core.kernel.FloatMath;

/** Twins of {@link FloatMath}, the same operations in the same order. */
final class VectorMath {
    private VectorMath() {}

    static FloatVector exp(FloatVector x) {
        FloatVector bounded = x.min(FloatMath.EXP_MAX).max(FloatMath.EXP_MIN);
        FloatVector rounded = bounded.fma(all(FloatMath.LOG2_E), all(FloatMath.ROUNDER));
        FloatVector n = rounded.sub(FloatMath.ROUNDER);
        FloatVector r = n.fma(all(-FloatMath.LN2_HIGH), bounded);
        r = n.fma(all(-FloatMath.LN2_LOW), r);
        FloatVector p = r.fma(all(FloatMath.E5), all(FloatMath.E4));
        p = p.fma(r, all(FloatMath.E3));
        p = p.fma(r, all(FloatMath.E2));
        p = p.fma(r, all(FloatMath.E1));
        p = p.fma(r, all(FloatMath.E0));
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
        FloatVector p = f.fma(all(FloatMath.L8), all(FloatMath.L7));
        p = p.fma(f, all(FloatMath.L6));
        p = p.fma(f, all(FloatMath.L5));
        p = p.fma(f, all(FloatMath.L4));
        p = p.fma(f, all(FloatMath.L3));
        p = p.fma(f, all(FloatMath.L2));
        p = p.fma(f, all(FloatMath.L1));
        p = p.fma(f, all(FloatMath.L0));
        FloatVector ff = f.mul(f);
        FloatVector small = ff.fma(all(-0.5f), p.mul(f).mul(ff)).add(f);
        return toFloats(e).fma(all(FloatMath.LN2), small);
    }

    static FloatVector sinQuarterTurn(FloatVector w) {
        FloatVector t = w.mul(w);
        FloatVector p = t.fma(all(FloatMath.S4), all(FloatMath.S3));
        p = p.fma(t, all(FloatMath.S2));
        p = p.fma(t, all(FloatMath.S1));
        p = p.fma(t, all(FloatMath.S0));
        return p.mul(w);
    }

    static FloatVector toFloats(IntVector x) {
        return (FloatVector) x.convert(VectorOperators.I2F, 0);
    }
}
