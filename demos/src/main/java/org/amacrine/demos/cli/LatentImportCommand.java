package org.amacrine.demos.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.Npz;
import org.amacrine.operators.latent.LatentModelFile;
import org.amacrine.sinks.OutputFiles;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code amacrine latent import}. */
@Command(
        name = "import",
        description = {
            "Makes a model of weights of the Python package: its state dictionary, written by numpy.savez. All parameters that"
                    + " `latent describe` lists must be there, under the same names."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class LatentImportCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "WEIGHTS.npz", description = "Arrays by the names of the state dictionary.")
    private Path weights;

    @Option(
            names = "--like",
            paramLabel = "FILE.npz",
            required = true,
            description = "A model of the same groups, modes and modules, such as `latent fit --iterations 0` writes.")
    private Path like;

    @Option(names = "--out", paramLabel = "FILE.npz", required = true, description = "Where to write the model.")
    private Path out;

    @Override
    public Integer call() throws IOException {
        ModelFiles.prepareOutput(out);
        LatentModelFile same = LatentModelFile.read(like);
        Map<String, NdArray> arrays = Npz.read(weights);
        try {
            same.model().load(arrays);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(weights + " does not fit " + like + ": " + e.getMessage(), e);
        }
        Map<String, String> provenance = new LinkedHashMap<>();
        provenance.put("made by", "amacrine latent import");
        provenance.put("weights", weights.getFileName().toString());
        try {
            new LatentModelFile(same.model(), same.feedback(), provenance).write(out);
        } catch (IOException e) {
            throw OutputFiles.failure(out, e);
        }
        PrintWriter text = spec.commandLine().getOut();
        text.println(out + ": " + LatentDescribeCommand.inOneLine(same.model()));
        text.flush();
        return CommandLine.ExitCode.OK;
    }
}
