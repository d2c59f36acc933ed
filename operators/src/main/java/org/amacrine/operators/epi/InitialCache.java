package org.amacrine.operators.epi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.io.Npz;
import org.amacrine.core.io.WholeFile;

/**
 * Flows that were brought to a Gaussian, so that no fit does it twice. They lie in the reference's folders, in files that are named
 * by all that decides what comes of it: steps and their rate, samples of a batch, seed, and the flow down to its permutations.
 */
public final class InitialCache {
    private static final System.Logger LOG = System.getLogger(InitialCache.class.getName());

    private final Path root;

    /**
     * @param root folder that holds {@code data}
     */
    public InitialCache(Path root) {
        this.root = root;
    }

    private Path file(EpiFitBuilder fit) {
        return root.resolve(fit.initialFile());
    }

    /**
     * Parameters of the flow that the fit would bring to its Gaussian, for {@link EpiFitBuilder#start}; empty when there are none.
     *
     * @throws IOException when there are some that cannot be read, or of another flow
     */
    public Optional<double[]> load(EpiFitBuilder fit) throws IOException {
        Path file = file(fit);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        double[] theta = Npz.read(file, "theta").doubles();
        int expected = fit.flow().layout().size();
        if (theta.length != expected) {
            throw new IOException(file + " holds " + theta.length + " parameters but the flow " + fit.flow() + " has "
                    + expected + "; delete it");
        }
        return Optional.of(theta);
    }

    /**
     * Keeps parameters of a flow that a fit initialised: {@code result.checkpoints().get(0)}.
     *
     * @throws IOException when the folder cannot be written; the fit's result is not touched
     */
    public void store(EpiFitBuilder fit, double[] theta) throws IOException {
        Path file = file(fit);
        try {
            Files.createDirectories(file.getParent());
            Npz.write(file, Map.of("theta", new NdArray(new int[] {theta.length}, theta)));
        } catch (IOException e) {
            throw unwritable(file, e, "the fit is not touched, but a later one initialises its flow again");
        }
    }

    /**
     * Keeps the flow that a fit initialised, with the table of that, {@code opt_data-….csv}, and how long it took, {@code
     * timing-….npz}.
     *
     * @throws IOException when the folder cannot be written; the fit's result is not touched
     */
    public void store(EpiFitBuilder fit, EpiResult result) throws IOException {
        store(fit, result.checkpoints().get(0));
        Path file = file(fit);
        String name = file.getFileName().toString();
        String settings = name.substring("ckpt-".length(), name.length() - ".npz".length());
        StringBuilder table = new StringBuilder(",iteration,loss,H,KL\n");
        for (int row = 0; row < result.initialRecords().size(); row++) {
            EpiInitialRecord record = result.initialRecords().get(row);
            table.append(row).append(',').append(record.iteration());
            table.append(',').append(record.loss()).append(',').append(record.entropy());
            table.append(',').append(record.divergence()).append('\n');
        }
        try {
            WholeFile.write(
                    file.resolveSibling("opt_data-" + settings + ".csv"), part -> Files.writeString(part, table));
            Npz.write(
                    file.resolveSibling("timing-" + settings + ".npz"),
                    Map.of("init_time", new NdArray(new int[] {1}, new double[] {
                        result.timing().initSeconds()
                    })));
        } catch (IOException e) {
            throw unwritable(file, e, "the flow is kept, but not its table and time");
        }
    }

    private static IOException unwritable(Path file, IOException cause, String consequence) {
        return new IOException(
                "the cache " + file + " cannot be written (" + cause + "); " + consequence
                        + "; make the folder writable or choose another",
                cause);
    }

    /**
     * The Gaussian of a search by rejection: searched for once, and kept.
     *
     * @throws IOException when the folder cannot be read, or not be made; nothing was searched for then. A Gaussian that was found
     *     and cannot be written is returned with a warning
     */
    public Gaussian rejection(EpiModel model, RejectionStart start) throws IOException {
        Path file = root.resolve("data").resolve("abc").resolve(start.fileName(model));
        if (Files.exists(file)) {
            double[] mu = Npz.read(file, "mu").doubles();
            double[] sigma = Npz.read(file, "Sigma").doubles();
            return new Gaussian(mu, sigma);
        }
        try {
            Files.createDirectories(file.getParent());
        } catch (IOException e) {
            throw unwritable(file, e, "nothing was searched for yet");
        }
        Gaussian found = start.search(model);
        int dims = model.dims();
        Map<String, NdArray> arrays = Map.of(
                "mu", new NdArray(new int[] {dims}, found.mu()),
                "Sigma", new NdArray(new int[] {dims, dims}, found.sigma()));
        try {
            Npz.write(file, arrays);
        } catch (IOException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    unwritable(file, e, "this fit goes on, but a later one searches again")
                            .getMessage());
        }
        return found;
    }
}
