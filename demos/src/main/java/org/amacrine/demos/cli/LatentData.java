package org.amacrine.demos.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.amacrine.operators.latent.Groups;
import picocli.CommandLine.Option;

/** Inputs and outputs of a latent regression model, which fits and likelihoods are about. */
final class LatentData {
    @Option(
            names = "--x",
            paramLabel = "FILE",
            required = true,
            arity = "1..*",
            description = {
                "Inputs, a file for each group: .npy of (T,d), a row for each sample or step, or .npz with one array; of several"
                        + " arrays, FILE.npz:NAME is one"
            })
    private List<String> x = new ArrayList<>();

    @Option(
            names = "--y",
            paramLabel = "FILE",
            required = true,
            arity = "1..*",
            description = "Outputs, a file for each group.")
    private List<String> y = new ArrayList<>();

    @Option(
            names = "--ahead",
            paramLabel = "K",
            defaultValue = "0",
            description =
                    "How many rows later outputs are than the inputs that explain them (${DEFAULT-VALUE}): with 1, row t of"
                            + " the inputs explains row t + 1 of the outputs, which a generator needs that feeds itself.")
    private int ahead;

    /**
     * Rows that belong together.
     *
     * @param x inputs
     * @param y outputs
     */
    record Pairs(Groups x, Groups y) {}

    /** Reads all files. */
    Pairs read() throws IOException {
        Groups in = GroupFiles.read(x);
        Groups out = GroupFiles.read(y);
        if (in.rows() != out.rows()) {
            throw new IllegalArgumentException("the inputs have " + in.rows() + " rows but the outputs have "
                    + out.rows() + "; give both of the same samples");
        }
        if (in.rows() == 0) {
            throw new IllegalArgumentException(String.join(", ", x) + " has no rows; give a row for each sample");
        }
        if (ahead < 0 || ahead >= in.rows()) {
            throw new IllegalArgumentException(
                    "--ahead must be from 0 to " + (in.rows() - 1) + ", less than there are rows, but was " + ahead);
        }
        return new Pairs(GroupFiles.rows(in, 0, in.rows() - ahead), GroupFiles.rows(out, ahead, out.rows()));
    }

    /** The files, for a model's provenance. */
    String names() {
        return "inputs " + String.join(", ", x) + "; outputs " + String.join(", ", y) + "; ahead " + ahead;
    }
}
