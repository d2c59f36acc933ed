package org.amacrine.operators.features;

import java.util.List;
import org.amacrine.core.chunk.Chunk;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.layer.BaseLayer;
import org.amacrine.core.layer.Parameter;

/**
 * Feature vectors seen along principal components that were fitted before: {@code y = W (x - mean)}, and where
 * {@code whiten}, each divided by the standard deviation along its component. D x 1 x 1 becomes n x 1 x 1; of A animals side by
 * side, D x A x 1 becomes n x A x 1.
 *
 * <p>Values may be missing, NaN. By {@code missing}, a vector that lacks one is missing altogether, or what it lacks counts as
 * the mean: as if it told nothing.
 *
 * <p>Sums are in double precision, in the order of the features. The layer has no states.
 */
public final class Pca extends BaseLayer {
    private final PrincipalComponents fitted;
    private final Parameter mean;
    private final Parameter components;
    private final Parameter variances;
    private final Parameter whiten;
    private final Parameter missing;

    private int dims;
    private int count;
    private int animals;
    private double[] offset;
    private double[] weights;
    private boolean fills;

    /**
     * A layer for these components.
     *
     * @param name what it is called in messages
     */
    public Pca(String name, PrincipalComponents fitted) {
        super(name);
        this.fitted = fitted;
        mean = add(Parameter.array("mean").doc("Mean of the features, [D]"));
        components = add(Parameter.array("components").doc("Directions in rows, [n][D]"));
        variances = add(Parameter.array("variances").doc("Variances along the components, [n]"));
        whiten = add(Parameter.flag("whiten", false).doc("Scales each component to the variance 1"));
        missing = add(Parameter.text("missing", "frame")
                .choices("frame", "mean")
                .doc("What a missing value does: the whole frame is missing, or it counts as the mean"));
        deriveArrays();
    }

    private void deriveArrays() {
        derive(mean, fitted.mean());
        derive(components, fitted.components());
        derive(variances, fitted.variances());
    }

    private static void derive(Parameter parameter, NdArray value) {
        parameter.derive(NdArray.of(value.floats(), value.shape()));
    }

    @Override
    public boolean takesMissing(String input) {
        return true;
    }

    @Override
    protected void derive() {
        Shape shape = context().input();
        dims = fitted.dims();
        count = fitted.count();
        animals = shape.rows();
        if (shape.channels() != dims || shape.columns() != 1) {
            throw new IllegalArgumentException("the components were fitted to " + dims + " features but a frame is "
                    + shape + "; fit them to these features");
        }
        deriveArrays();
        offset = values("mean", mean, fitted.mean());
        weights = values("components", components, fitted.components());
        double[] scales = values("variances", variances, fitted.variances());
        for (int i = 0; whiten.isOn() && i < count; i++) {
            if (!(scales[i] > 0)) {
                throw new IllegalArgumentException("component " + i + " has the variance " + scales[i]
                        + " and cannot be whitened; use fewer components");
            }
            for (int d = 0; d < dims; d++) {
                weights[i * dims + d] /= Math.sqrt(scales[i]);
            }
        }
        fills = missing.has("mean");
    }

    /** A copy in double precision, of what was fitted or of what somebody set. */
    private static double[] values(String name, Parameter parameter, NdArray fitted) {
        NdArray source = parameter.overridden() ? (NdArray) parameter.value() : fitted;
        if (source.size() != fitted.size()) {
            throw new IllegalArgumentException(name + " must have the shape " + NdArray.text(fitted.shape())
                    + " but was given " + NdArray.text(source.shape()));
        }
        return source.doubles().clone();
    }

    @Override
    protected List<Shape> allocate() {
        return List.of(new Shape(count, animals, 1));
    }

    @Override
    public void process(Chunk[] in, Chunk[] out) {
        float[] x = in[0].values();
        float[] y = out[0].values();
        for (int t = 0; t < in[0].frames(); t++) {
            for (int a = 0; a < animals; a++) {
                project(x, in[0].start(t) + a, y, out[0].start(t) + a);
            }
        }
    }

    private void project(float[] x, int from, float[] y, int to) {
        for (int i = 0; i < count; i++) {
            double sum = 0;
            for (int d = 0; d < dims; d++) {
                float value = x[from + d * animals];
                if (!(fills && Float.isNaN(value))) {
                    sum = Math.fma(weights[i * dims + d], value - offset[d], sum);
                }
            }
            y[to + i * animals] = (float) sum;
        }
    }
}
