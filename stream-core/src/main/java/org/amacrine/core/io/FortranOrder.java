package org.amacrine.core.io;

/** Walks an array in Fortran order, whose first index changes fastest, and says where each value is in C order. */
final class FortranOrder {
    private final int[] shape;
    /** How far apart, in C order, neighbours along an axis are. */
    private final int[] steps;

    private final int[] index;
    private int place;

    /** At the first value of an array of these extents. */
    FortranOrder(int[] shape) {
        this.shape = shape;
        steps = new int[shape.length];
        index = new int[shape.length];
        int step = 1;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            steps[axis] = step;
            step *= shape[axis];
        }
    }

    /** Place of this value in C order; goes on to the next. */
    int next() {
        int here = place;
        boolean carry = true;
        for (int axis = 0; carry && axis < shape.length; axis++) {
            place += steps[axis];
            carry = ++index[axis] == shape[axis];
            if (carry) {
                place -= steps[axis] * shape[axis];
                index[axis] = 0;
            }
        }
        return here;
    }
}
