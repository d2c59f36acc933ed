package org.amacrine.operators.latent;

/** The group map that changes nothing. */
public final class IdentityMap implements GroupMap {

    @Override
    public ModuleStructure structure() {
        return ModuleStructure.of("IdentityMap");
    }

    @Override
    public Pass pass(int[] widths, int maxRows) {
        int[] own = widths.clone();
        return new Pass() {
            private int rows;

            @Override
            public int[] outWidths() {
                return own.clone();
            }

            @Override
            public void forward(double[][] x, int rowCount, double[][] y) {
                rows = rowCount;
                copy(x, y);
            }

            @Override
            public void adjoint(double[][] dy, double[][] dx) {
                copy(dy, dx);
            }

            private void copy(double[][] from, double[][] to) {
                for (int g = 0; g < own.length; g++) {
                    System.arraycopy(from[g], 0, to[g], 0, rows * own[g]);
                }
            }
        };
    }
}
