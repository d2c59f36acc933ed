package org.amacrine.operators.latent;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A group map whose outputs are whole inputs side by side: output h has those with {@code conc[h][g]}, in order of groups. */
public final class ConcatenateMap implements GroupMap {
    private final boolean[][] conc;

    /**
     * A concatenation.
     *
     * @param conc by output and input whether it is in, at least one for each output
     */
    public ConcatenateMap(boolean[][] conc) {
        if (Given.require(conc, "conc").length == 0) {
            throw new IllegalArgumentException("conc is empty; give a row of true and false for each output");
        }
        this.conc = Arrays.stream(conc).map(boolean[]::clone).toArray(boolean[][]::new);
        for (int h = 0; h < conc.length; h++) {
            boolean[] row = this.conc[h];
            if (row.length != conc[0].length) {
                throw new IllegalArgumentException("conc[" + h + "] is for " + row.length
                        + " input groups but conc[0] is for " + conc[0].length + "; give rows of the same length");
            }
            if (IntStream.range(0, row.length).noneMatch(g -> row[g])) {
                throw new IllegalArgumentException(
                        "output " + h + " takes no input group; set at least one entry of conc[" + h + "] to true");
            }
        }
    }

    @Override
    public ModuleStructure structure() {
        List<List<Boolean>> rows = Arrays.stream(conc)
                .map(row -> IntStream.range(0, row.length).mapToObj(g -> row[g]).toList())
                .toList();
        return ModuleStructure.of("ConcatenateMap", Map.of("conc", rows));
    }

    @Override
    public Pass pass(int[] widths, int maxRows) {
        Widths.requireGroups("ConcatenateMap", conc[0].length, widths);
        int[][][] selected = new int[conc.length][widths.length][];
        for (int h = 0; h < conc.length; h++) {
            for (int g = 0; g < widths.length; g++) {
                selected[h][g] = conc[h][g] ? IntStream.range(0, widths[g]).toArray() : null;
            }
        }
        return new SelectPass(widths, selected);
    }
}
