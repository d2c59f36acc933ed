package org.amacrine.demos.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code amacrine latent}: fits latent regression models, and asks them about activity. */
@Command(
        name = "latent",
        description = "Latent regression models of activity: fits them, and lets them generate it.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "A model projects groups of inputs on a few modes, maps these, and reads outputs along other modes. For live"
                    + " generators see the layers: amacrine layers."
        },
        subcommands = {
            LatentFitCommand.class,
            LatentGenerateCommand.class,
            LatentLogLikCommand.class,
            LatentDescribeCommand.class,
            LatentImportCommand.class
        })
public final class LatentCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        throw new CommandLine.ParameterException(
                spec.commandLine(), "say what to do: fit, generate, loglik, describe, import");
    }
}
