package org.amacrine.demos.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code amacrine arhmm}: fits autoregressive hidden Markov models to behaviour, and asks them about it. */
@Command(
        name = "arhmm",
        description = "Autoregressive hidden Markov models of behaviour: fits them, and asks them about recordings.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Rows of outputs belong to frames, which the arrays sequence and frame name: the first lags frames of a sequence"
                    + " have no state. For live streams see the layers: amacrine layers."
        },
        subcommands = {
            ArHmmFitCommand.class,
            ArHmmScanCommand.class,
            ArHmmAskCommands.Filter.class,
            ArHmmAskCommands.Smooth.class,
            ArHmmAskCommands.Viterbi.class,
            ArHmmAskCommands.LogLik.class,
            ArHmmSimulateCommand.class,
            ArHmmPcaCommand.class
        })
public final class ArHmmCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new CommandLine.ParameterException(
                spec.commandLine(), "say what to do: fit, scan, filter, smooth, viterbi, loglik, simulate, pca");
    }
}
