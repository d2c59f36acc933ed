package org.amacrine.operators.latent;

import java.util.Arrays;

/** A pass whose outputs are made of columns of the inputs; a column may be taken several times, or not at all. */
final class SelectPass implements GroupMap.Pass {
    private final int[] in;
    private final int[] out;
    /** Of each column of each output: the input's group, and the column there. */
    private final int[][] groups;

    private final int[][] columns;
    private int lastRows;

    /**
     * A selection.
     *
     * @param in columns of each input
     * @param selected by output and input group, the columns; null for none
     */
    SelectPass(int[] in, int[][][] selected) {
        this.in = in.clone();
        out = new int[selected.length];
        groups = new int[selected.length][];
        columns = new int[selected.length][];
        for (int h = 0; h < selected.length; h++) {
            for (int[] some : selected[h]) {
                out[h] += some == null ? 0 : some.length;
            }
            groups[h] = new int[out[h]];
            columns[h] = new int[out[h]];
            int at = 0;
            for (int g = 0; g < selected[h].length; g++) {
                for (int column : selected[h][g] == null ? new int[0] : selected[h][g]) {
                    groups[h][at] = g;
                    columns[h][at++] = column;
                }
            }
        }
    }

    @Override
    public int[] outWidths() {
        return out.clone();
    }

    @Override
    public void forward(double[][] x, int rows, double[][] y) {
        lastRows = rows;
        for (int h = 0; h < out.length; h++) {
            for (int n = 0; n < rows; n++) {
                for (int j = 0; j < out[h]; j++) {
                    int g = groups[h][j];
                    y[h][n * out[h] + j] = x[g][n * in[g] + columns[h][j]];
                }
            }
        }
    }

    @Override
    public void adjoint(double[][] dy, double[][] dx) {
        for (int g = 0; g < in.length; g++) {
            Arrays.fill(dx[g], 0, lastRows * in[g], 0);
        }
        for (int h = 0; h < out.length; h++) {
            for (int n = 0; n < lastRows; n++) {
                for (int j = 0; j < out[h]; j++) {
                    int g = groups[h][j];
                    dx[g][n * in[g] + columns[h][j]] += dy[h][n * out[h] + j];
                }
            }
        }
    }
}
