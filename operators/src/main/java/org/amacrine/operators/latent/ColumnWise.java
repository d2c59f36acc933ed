package org.amacrine.operators.latent;

import java.util.Map;

/** A tensor module with parameters of its own for each of d columns, which treats every entry alone. */
abstract class ColumnWise implements TensorModule {
    private final String type;
    private final int columns;

    /** @param columns d */
    ColumnWise(String type, int columns) {
        this.type = type;
        this.columns = Initial.size("d", columns);
    }

    /** Computes y from x, both [rows][d]. */
    abstract void forward(double[] x, int rows, double[] y);

    /** Computes dx from dy, both [rows][d], and adds to the gradients of the parameters. */
    abstract void adjoint(double[] x, int rows, double[] dy, double[] dx);

    @Override
    public ModuleStructure structure() {
        return ModuleStructure.of(type, Map.of("d", columns));
    }

    @Override
    public final Pass pass(int width, int maxRows) {
        Widths.require(type, columns, width);
        return new Pass() {
            private double[] lastX;
            private int lastRows;

            @Override
            public int outWidth() {
                return columns;
            }

            @Override
            public void forward(double[] x, int rows, double[] y) {
                lastX = x;
                lastRows = rows;
                ColumnWise.this.forward(x, rows, y);
            }

            @Override
            public void adjoint(double[] dy, double[] dx) {
                ColumnWise.this.adjoint(lastX, lastRows, dy, dx);
            }
        };
    }
}
