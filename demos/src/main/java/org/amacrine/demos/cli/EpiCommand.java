package org.amacrine.demos.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code amacrine epi}: emergent property inference of the built-in models, and questions to what was fitted. */
@Command(
        name = "epi",
        description = "Emergent property inference: all parameters with which a model does what it should.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "A fit is saved in a folder of its own, below --out, as the Python package would. The other commands take that folder,"
                    + " or one above several: then the converged fit of largest entropy is asked. For models of your own see"
                    + " docs/epi.md."
        },
        subcommands = {
            EpiFitCommand.class,
            EpiAskCommands.Sample.class,
            EpiAskCommands.LogProb.class,
            EpiAskCommands.Modes.class,
            EpiAskCommands.Sensitivities.class,
            EpiPictureCommands.Plot.class,
            EpiPictureCommands.Movie.class,
            EpiPictureCommands.Runs.class
        })
public final class EpiCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new CommandLine.ParameterException(
                spec.commandLine(), "say what to do: fit, sample, logprob, modes, sensitivity, plot, movie, runs");
    }
}
