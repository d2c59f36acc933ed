package org.amacrine.demos.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.amacrine.operators.latent.LatentModelFile;
import org.amacrine.operators.latent.LatentRegressionModel;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code amacrine latent loglik}. */
@Command(
        name = "loglik",
        description =
                "How probable outputs are given their inputs: the log-likelihood in nats, of all rows and per row.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class LatentLogLikCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--model", paramLabel = "FILE.npz", required = true, description = "The model.")
    private Path file;

    @Mixin
    private LatentData data;

    @Override
    public Integer call() throws IOException {
        LatentRegressionModel model = LatentModelFile.read(file).model();
        LatentData.Pairs pairs = data.read();
        double logLikelihood = -model.negLl(pairs.y(), model.forward(pairs.x()));
        PrintWriter out = spec.commandLine().getOut();
        out.println(logLikelihood + " nats, " + logLikelihood / pairs.x().rows() + " per row of "
                + pairs.x().rows());
        out.flush();
        return CommandLine.ExitCode.OK;
    }
}
