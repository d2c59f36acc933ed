package org.amacrine.operators.arhmm;

import java.util.Arrays;

/**
 * The one-to-one matching of labels that makes the sum of what pairs have in common as large as possible, by shortest
 * augmenting paths (Jonker and Volgenant, Computing 1987).
 */
final class LabelMatching {
    private LabelMatching() {}

    /**
     * Matches each row with a column.
     *
     * @param common what row and column have in common, [count][count], finite
     * @return the column of each row
     */
    static int[] best(double[] common, int count) {
        double[] ofRow = new double[count];
        double[] ofColumn = new double[count];
        int[] rowOf = new int[count];
        Arrays.fill(rowOf, -1);
        for (int row = 0; row < count; row++) {
            augment(row, common, count, ofRow, ofColumn, rowOf);
        }
        int[] columnOf = new int[count];
        for (int column = 0; column < count; column++) {
            columnOf[rowOf[column]] = column;
        }
        return columnOf;
    }

    /** Gives a row a column, moving other rows along the path that costs least. */
    private static void augment(int row, double[] common, int count, double[] ofRow, double[] ofColumn, int[] rowOf) {
        double[] cost = new double[count];
        int[] cameFrom = new int[count];
        boolean[] isDone = new boolean[count];
        Arrays.fill(cost, Double.POSITIVE_INFINITY);
        int last = -1;
        int at = row;
        double reached = 0;
        do {
            int next = -1;
            for (int column = 0; column < count; column++) {
                if (isDone[column]) {
                    continue;
                }
                double through = reached - common[at * count + column] - ofRow[at] - ofColumn[column];
                if (through < cost[column]) {
                    cost[column] = through;
                    cameFrom[column] = last;
                }
                if (next < 0 || cost[column] < cost[next]) {
                    next = column;
                }
            }
            reached = cost[next];
            isDone[next] = true;
            last = next;
            at = rowOf[next];
        } while (at >= 0);
        ofRow[row] += reached;
        for (int column = 0; column < count; column++) {
            if (isDone[column] && rowOf[column] >= 0) {
                ofRow[rowOf[column]] += reached - cost[column];
            }
            if (isDone[column]) {
                ofColumn[column] -= reached - cost[column];
            }
        }
        while (last >= 0) {
            int before = cameFrom[last];
            rowOf[last] = before < 0 ? row : rowOf[before];
            last = before;
        }
    }
}
