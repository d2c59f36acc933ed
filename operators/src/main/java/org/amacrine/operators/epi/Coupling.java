package org.amacrine.operators.epi;

import java.util.Arrays;
import org.amacrine.core.random.RandomSequence;

/**
 * A coupling stage: the leading half of the vector passes through, and sets the parameters of a monotone function for each
 * element of the rest (Dinh et al., Density estimation using Real NVP, ICLR 2017).
 */
final class Coupling implements Bijector {
    private final String name;
    private final int dims;
    private final int kept;
    private final ElementMap map;
    /** One conditioner for all fields of the map, or one for each. */
    private final Mlp[] conditioners;
    /** Rows of the conditioners' outputs where the fields of each element begin. */
    private final int[][] rows;

    private final int outputs;

    private Coupling(String name, int dims, ElementMap map, Mlp... conditioners) {
        this.name = name;
        this.dims = dims;
        this.map = map;
        this.conditioners = conditioners;
        kept = dims / 2;
        rows = new int[dims - kept][];
        int[] fields = map.fields();
        for (int d = 0; d < rows.length; d++) {
            rows[d] = new int[fields.length];
            for (int f = 0, before = 0; f < fields.length; before += fields[f++]) {
                rows[d][f] = rows.length * before + d * fields[f];
            }
        }
        int sum = 0;
        for (Mlp conditioner : conditioners) {
            sum += conditioner.outputs();
        }
        outputs = sum;
    }

    /** With affine functions, set by one perceptron with so many hidden layers of rectified units. */
    static Coupling affine(FlowLayout layout, String name, int dims, int layers, int units) {
        int[] widths = widths(dims / 2, layers, units, 2 * (dims - dims / 2));
        return new Coupling(name, dims, new AffineMap(), new Mlp(layout, name + ".", Activation.RELU, widths));
    }

    /**
     * With splines, whose widths, heights and slopes are set by a perceptron each. Follows the reference: {@code layers} counts
     * the last layer here, so that one hidden layer less is left, and the units are hyperbolic tangents.
     */
    static Coupling spline(FlowLayout layout, String name, int dims, int layers, int units, int bins) {
        int moved = dims - dims / 2;
        String[] parts = {".w.", ".h.", ".s."};
        SplineMap map = new SplineMap(bins);
        Mlp[] conditioners = new Mlp[parts.length];
        for (int f = 0; f < parts.length; f++) {
            int[] widths = widths(dims / 2, layers - 1, units, moved * map.fields()[f]);
            conditioners[f] = new Mlp(layout, name + parts[f], Activation.TANH, widths);
        }
        return new Coupling(name, dims, map, conditioners);
    }

    private static int[] widths(int inputs, int hiddenLayers, int units, int outputs) {
        int[] widths = new int[hiddenLayers + 2];
        Arrays.fill(widths, units);
        widths[0] = inputs;
        widths[hiddenLayers + 1] = outputs;
        return widths;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void initialise(double[] theta, RandomSequence random) {
        for (Mlp conditioner : conditioners) {
            conditioner.initialise(theta, random);
        }
    }

    @Override
    public Step step(Pass pass, double[] x) {
        return new CouplingStep(pass, x);
    }

    private final class CouplingStep extends Step {
        private final ElementMap.Work work = map.work();
        private final Mlp.Batch[] batches = new Mlp.Batch[conditioners.length];
        /** Parameters of the map, [outputs] rows. */
        private final double[] p;
        /** Gradients for those of a slice. */
        private final double[] pGradient;

        CouplingStep(Pass pass, double[] x) {
            super(pass, dims, x);
            for (int i = 0; i < batches.length; i++) {
                batches[i] = conditioners[i].new Batch(pass);
            }
            p = batches.length == 1 ? batches[0].outputs() : new double[outputs * pass.samples];
            pGradient = new double[outputs * pass.widest()];
        }

        @Override
        void forward() {
            for (int s = 0; s < pass.slices; s++) {
                int start = pass.start(s);
                int width = pass.width(s);
                int at = dims * start;
                int row = outputs * start;
                for (Mlp.Batch batch : batches) {
                    batch.forward(s, x, at);
                    int count = batch.outputCount();
                    if (batches.length > 1) {
                        System.arraycopy(batch.outputs(), count * start, p, row, count * width);
                    }
                    row += count * width;
                }
                System.arraycopy(x, at, y, at, kept * width);
                for (int d = 0; d < rows.length; d++) {
                    work.forward(x, y, at + (kept + d) * width, p, outputs * start, rows[d], width, pass.logDet, start);
                }
            }
        }

        @Override
        void reverse(double[] gradient) {
            for (Mlp.Batch batch : batches) {
                batch.beginReverse();
            }
            for (int s = 0; s < pass.slices; s++) {
                int start = pass.start(s);
                int width = pass.width(s);
                int at = dims * start;
                for (int d = 0; d < rows.length; d++) {
                    int element = at + (kept + d) * width;
                    work.reverse(
                            x,
                            y,
                            element,
                            p,
                            outputs * start,
                            rows[d],
                            width,
                            pass.logDetGradient,
                            gradient,
                            element,
                            pGradient,
                            0);
                }
                int row = 0;
                for (Mlp.Batch batch : batches) {
                    batch.reverse(s, x, at, pGradient, row, gradient, at);
                    row += batch.outputCount() * width;
                }
            }
            for (Mlp.Batch batch : batches) {
                batch.endReverse();
            }
        }
    }

    @Override
    public void invert(Inversion inversion, double[] x, double[] logDet) {
        int size = inversion.jets().size();
        double[] p = new double[outputs * size];
        int at = 0;
        for (Mlp conditioner : conditioners) {
            double[] part = conditioner.jets(inversion, x);
            System.arraycopy(part, 0, p, at, part.length);
            at += part.length;
        }
        for (int d = 0; d < rows.length; d++) {
            map.invert(inversion.jets(), x, (kept + d) * size, p, rows[d], logDet);
        }
    }
}
