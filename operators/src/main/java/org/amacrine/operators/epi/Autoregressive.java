package org.amacrine.operators.epi;

import java.util.Arrays;
import org.amacrine.core.random.RandomSequence;

/**
 * An autoregressive stage: each element goes through a monotone function whose parameters depend on the elements before it
 * (Papamakarios et al., Masked autoregressive flow, NeurIPS 2017). The conditioner is masked as in MADE (Germain et al., ICML
 * 2015): every unit has a degree, and depends on the first so many elements only.
 *
 * <p>Degrees rise with the index of the unit, so that a mask leaves whole ranges of units. The network is walked degree by degree:
 * sampling, sequential by nature, costs one pass through it, and so does the way back.
 *
 * <pre>
 *   element 1 ─▶ units of degree 1 ─▶ parameters of element 2 ─▶ element 2 ─▶ units of degree 2 ─▶ …
 * </pre>
 */
final class Autoregressive implements Bijector {
    private final String name;
    private final int dims;
    private final ElementMap map;
    private final Activation activation;
    private final int units;
    /** Rows of parameters of each element. */
    private final int perElement;

    private final int[] weightsAt;
    private final int[] biasesAt;
    /** {@code ends[l][d]}: units of hidden layer l with a degree of at most d. */
    private final int[][] ends;

    private final int[][] rows;

    Autoregressive(
            FlowLayout layout, String name, int dims, int layers, int units, ElementMap map, Activation activation) {
        this.name = name;
        this.dims = dims;
        this.map = map;
        this.activation = activation;
        this.units = units;
        int[] fields = map.fields();
        perElement = Arrays.stream(fields).sum();
        weightsAt = new int[layers + 1];
        biasesAt = new int[layers + 1];
        for (int l = 0; l <= layers; l++) {
            int inputs = l == 0 ? dims : units;
            int outputs = l == layers ? dims * perElement : units;
            weightsAt[l] = layout.add(name + ".W" + l, true, inputs, outputs);
            biasesAt[l] = layout.add(name + ".b" + l, true, outputs);
        }
        ends = ends(dims, layers, units);
        rows = new int[dims][fields.length];
        for (int d = 0; d < dims; d++) {
            for (int f = 0, before = 0; f < fields.length; before += fields[f++]) {
                rows[d][f] = d * perElement + before;
            }
        }
    }

    /** Degrees of units 1 … U: {@code max(lowest degree of the layer before, ceil(j (D - 1) / (U + 1)))}. */
    private static int[][] ends(int dims, int layers, int units) {
        int[][] ends = new int[layers][dims];
        int lowest = Math.min(1, dims - 1);
        for (int l = 0; l < layers; l++) {
            int first = 0;
            for (int j = 1; j <= units; j++) {
                int degree = Math.max(lowest, (j * (dims - 1) + units) / (units + 1));
                first = j == 1 ? degree : first;
                for (int d = degree; d < dims; d++) {
                    ends[l][d]++;
                }
            }
            lowest = Math.min(first, dims - 1);
        }
        return ends;
    }

    private int layers() {
        return ends.length;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void initialise(double[] theta, RandomSequence random) {
        for (int l = 0; l <= layers(); l++) {
            Glorot.fill(theta, weightsAt[l], l == 0 ? dims : units, l == layers() ? dims * perElement : units, random);
        }
    }

    @Override
    public Step step(Pass pass, double[] x) {
        return new AutoregressiveStep(pass, x);
    }

    private final class AutoregressiveStep extends Step {
        private final ElementMap.Work work = map.work();
        private final double[][] hidden = new double[layers()][];
        private final double[] p;
        private final double[] pGradient;
        private final double[][] hiddenGradients = new double[layers()][];
        private final double[] transposed;

        AutoregressiveStep(Pass pass, double[] x) {
            super(pass, dims, x);
            int widest = pass.widest();
            for (int l = 0; l < layers(); l++) {
                hidden[l] = new double[units * pass.samples];
                hiddenGradients[l] = new double[units * widest];
            }
            p = new double[dims * perElement * pass.samples];
            pGradient = new double[dims * perElement * widest];
            transposed = new double[Math.max(units, dims * perElement) * widest];
        }

        @Override
        void forward() {
            for (int s = 0; s < pass.slices; s++) {
                forward(pass.start(s), pass.width(s));
            }
        }

        private void fill(double[] to, int toAt, int bias, int from, int until, int width) {
            for (int u = from; u < until; u++) {
                Arrays.fill(to, toAt + u * width, toAt + (u + 1) * width, pass.theta[bias + u]);
            }
        }

        private void forward(int start, int width) {
            int last = layers() - 1;
            int columns = dims * perElement;
            int pAt = columns * start;
            int hAt = units * start;
            fill(p, pAt, biasesAt[layers()], 0, columns, width);
            for (int l = 0; l <= last; l++) {
                fill(hidden[l], hAt, biasesAt[l], 0, units, width);
            }
            for (int d = 0; d < dims; d++) {
                if (d > 0) {
                    advanceUnits(d, start, width);
                }
                pass.kernels.addProduct(
                        pass.theta,
                        weightsAt[layers()] + d * perElement,
                        1,
                        columns,
                        hidden[last],
                        hAt,
                        width,
                        p,
                        pAt + d * perElement * width,
                        width,
                        perElement,
                        ends[last][d],
                        width);
                work.forward(x, y, (dims * start) + d * width, p, pAt, rows[d], width, pass.logDet, start);
            }
        }

        private void advanceUnits(int d, int start, int width) {
            int hAt = units * start;
            for (int l = 0; l < layers(); l++) {
                int from = ends[l][d - 1];
                int count = ends[l][d] - from;
                pass.kernels.addProduct(
                        pass.theta,
                        weightsAt[l] + from,
                        1,
                        units,
                        l == 0 ? y : hidden[l - 1],
                        l == 0 ? dims * start : hAt,
                        width,
                        hidden[l],
                        hAt + from * width,
                        width,
                        count,
                        l == 0 ? d : ends[l - 1][d],
                        width);
                activation.apply(pass.kernels, hidden[l], hAt + from * width, count * width);
            }
        }

        @Override
        void reverse(double[] gradient) {
            for (int s = 0; s < pass.slices; s++) {
                reverse(pass.start(s), pass.width(s), gradient);
            }
        }

        private void reverse(int start, int width, double[] gradient) {
            int columns = dims * perElement;
            int at = dims * start;
            for (int d = dims - 1; d >= 0; d--) {
                if (d < dims - 1) {
                    retreatUnits(d + 1, start, width);
                    int from = ends[0][d];
                    pass.kernels.addProduct(
                            pass.theta,
                            weightsAt[0] + d * units + from,
                            units,
                            1,
                            hiddenGradients[0],
                            from * width,
                            width,
                            gradient,
                            at + d * width,
                            width,
                            1,
                            units - from,
                            width);
                }
                int element = at + d * width;
                work.reverse(
                        x,
                        y,
                        element,
                        p,
                        columns * start,
                        rows[d],
                        width,
                        pass.logDetGradient,
                        gradient,
                        element,
                        pGradient,
                        0);
            }
            addParameterGradients(start, width);
        }

        /** Gradients for the inputs of the units of a degree, once those of all that depend on them are known. */
        private void retreatUnits(int degree, int start, int width) {
            int columns = dims * perElement;
            for (int l = layers() - 1; l >= 0; l--) {
                int from = ends[l][degree - 1];
                int count = ends[l][degree] - from;
                double[] g = hiddenGradients[l];
                Arrays.fill(g, from * width, (from + count) * width, 0);
                boolean top = l == layers() - 1;
                int outputs = top ? columns : units;
                int first = top ? degree * perElement : ends[l + 1][degree - 1];
                pass.kernels.addProduct(
                        pass.theta,
                        weightsAt[l + 1] + from * outputs + first,
                        outputs,
                        1,
                        top ? pGradient : hiddenGradients[l + 1],
                        first * width,
                        width,
                        g,
                        from * width,
                        width,
                        count,
                        outputs - first,
                        width);
                activation.pull(pass.kernels, hidden[l], units * start + from * width, g, from * width, count * width);
            }
        }

        private void addParameterGradients(int start, int width) {
            for (int l = 0; l <= layers(); l++) {
                boolean top = l == layers();
                int outputs = top ? dims * perElement : units;
                double[] g = top ? pGradient : hiddenGradients[l];
                for (int u = 0; u < outputs; u++) {
                    double sum = 0;
                    for (int j = 0; j < width; j++) {
                        transposed[j * outputs + u] = g[u * width + j];
                        sum += g[u * width + j];
                    }
                    pass.gradient[biasesAt[l] + u] += sum;
                }
                for (int degree = 1; degree < dims; degree++) {
                    int from = l == 0 ? degree - 1 : ends[l - 1][degree - 1];
                    int count = l == 0 ? 1 : ends[l - 1][degree] - from;
                    int first = top ? degree * perElement : ends[l][degree - 1];
                    pass.kernels.addProduct(
                            l == 0 ? y : hidden[l - 1],
                            (l == 0 ? dims : units) * start + from * width,
                            width,
                            1,
                            transposed,
                            first,
                            outputs,
                            pass.gradient,
                            weightsAt[l] + from * outputs + first,
                            outputs,
                            count,
                            width,
                            outputs - first);
                }
            }
        }
    }

    /** All elements are known here, so each layer is filled at once, degree by degree of its inputs. */
    @Override
    public void invert(Inversion inversion, double[] x, double[] logDet) {
        Jets jets = inversion.jets();
        int size = jets.size();
        double[] in = x;
        for (int l = 0; l <= layers(); l++) {
            boolean top = l == layers();
            int outputs = top ? dims * perElement : units;
            double[] out = new double[outputs * size];
            for (int degree = 1; degree < dims; degree++) {
                int from = l == 0 ? degree - 1 : ends[l - 1][degree - 1];
                int count = l == 0 ? 1 : ends[l - 1][degree] - from;
                int first = top ? degree * perElement : ends[l][degree - 1];
                inversion
                        .kernels()
                        .addProduct(
                                inversion.theta(),
                                weightsAt[l] + from * outputs + first,
                                1,
                                outputs,
                                in,
                                from * size,
                                size,
                                out,
                                first * size,
                                size,
                                outputs - first,
                                count,
                                size);
            }
            for (int u = 0; u < outputs; u++) {
                jets.shift(out, u * size, inversion.theta()[biasesAt[l] + u]);
                if (!top) {
                    activation.apply(jets, out, u * size);
                }
            }
            in = out;
        }
        for (int d = 0; d < dims; d++) {
            map.invert(jets, x, d * size, in, rows[d], logDet);
        }
    }
}
