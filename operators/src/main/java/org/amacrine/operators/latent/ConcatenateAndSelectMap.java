package org.amacrine.operators.latent;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A group map whose outputs are selected columns of the inputs: output h has the columns {@code idx[h][g]} of every input, in
 * order of groups. A column may be taken several times; its gradients add up.
 */
public final class ConcatenateAndSelectMap implements GroupMap {
    private final int[] in;
    private final int[][][] idx;

    /**
     * A selection.
     *
     * @param in columns of each input
     * @param idx by output and input, the columns, counted from 0; null or empty for none
     */
    public ConcatenateAndSelectMap(int[] in, int[][][] idx) {
        this.in = Initial.sizes("d_in", in);
        if (Given.require(idx, "idx").length == 0) {
            throw new IllegalArgumentException("idx is empty; give the columns of each input for each output");
        }
        this.idx = new int[idx.length][in.length][];
        for (int h = 0; h < idx.length; h++) {
            if (idx[h].length != in.length) {
                throw new IllegalArgumentException(
                        "idx[" + h + "] is for " + idx[h].length + " input groups but d_in has " + in.length);
            }
            int count = 0;
            for (int g = 0; g < in.length; g++) {
                this.idx[h][g] = idx[h][g] == null ? new int[0] : idx[h][g].clone();
                count += this.idx[h][g].length;
                for (int column : this.idx[h][g]) {
                    if (column < 0 || column >= in[g]) {
                        throw new IllegalArgumentException("idx[" + h + "][" + g + "] has column " + column
                                + " but group " + g + " has the columns 0 to " + (in[g] - 1));
                    }
                }
            }
            if (count == 0) {
                throw new IllegalArgumentException(
                        "output " + h + " takes no column; give at least one in idx[" + h + "]");
            }
        }
    }

    @Override
    public ModuleStructure structure() {
        List<List<List<Integer>>> lists = Stream.of(idx)
                .map(output -> Arrays.stream(output).map(Widths::list).toList())
                .toList();
        return ModuleStructure.of("ConcatenateAndSelectMap", Map.of("d_in", Widths.list(in), "idx", lists));
    }

    @Override
    public Pass pass(int[] widths, int maxRows) {
        Widths.require("ConcatenateAndSelectMap", in, widths);
        return new SelectPass(widths, idx);
    }
}
