package org.amacrine.demos.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.amacrine.core.backend.Backends;
import org.amacrine.core.io.NdArray;
import org.amacrine.core.kernel.Bands;
import org.amacrine.core.layer.Names;
import org.amacrine.operators.arhmm.ArHmmParameters;
import org.amacrine.operators.arhmm.Functions;
import org.amacrine.operators.arhmm.Sequences;
import org.amacrine.sinks.OutputFiles;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The commands that ask a model about whole recordings: filter, smooth, viterbi, loglik. */
final class ArHmmAskCommands {
    private ArHmmAskCommands() {}

    /** What these commands share: a model, and sequences that are asked about one after the other. */
    abstract static class Ask implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Mixin
        private FeatureFiles files;

        @Option(
                names = "--model",
                paramLabel = "FILE",
                required = true,
                description = "The model: .npz of a fit, or a checkpoint .h5 of keypoint-moseq.")
        private Path model;

        @Option(
                names = "--reference-numerics",
                description =
                        "Recursions in the linear domain as jax-moseq has them, to reproduce a published analysis.")
        private boolean referenceNumerics;

        @Option(
                names = "--backend",
                completionCandidates = Candidates.BackendNames.class,
                paramLabel = "NAME",
                defaultValue = "auto",
                description = "Where kernels run (${DEFAULT-VALUE}).")
        private String backend;

        Functions functions;
        ArHmmParameters parameters;
        NdArray ab;
        NdArray q;
        NdArray pi;

        final void open() throws IOException {
            parameters = ModelFiles.parameters(model);
            int states = parameters.states();
            int dims = parameters.dims();
            ab = new NdArray(new int[] {states, dims, parameters.columns()}, parameters.ab());
            q = new NdArray(new int[] {states, dims, dims}, parameters.q());
            pi = new NdArray(new int[] {states, states}, parameters.pi());
            functions = new Functions(Backends.choose(backend).backend().open(), Bands.ALONE)
                    .referenceNumerics(referenceNumerics);
        }

        final FeatureFiles.Named features() throws IOException {
            FeatureFiles.Named features = files.read();
            if (features.sequences().dims() != parameters.dims()) {
                throw new IllegalArgumentException(model + " is a model of " + parameters.dims() + " features but "
                        + features.names().get(0) + " has "
                        + features.sequences().dims()
                        + "; give the features that it was fitted to, and the same --pca");
            }
            return features;
        }

        static NdArray x(Sequences all, int n) {
            return new NdArray(new int[] {1, all.frames(n), all.dims()}, all.x(n));
        }

        static NdArray mask(Sequences all, int n) {
            double[] mask = new double[all.frames(n)];
            Arrays.setAll(mask, t -> all.weight(n, t));
            return new NdArray(new int[] {1, mask.length}, mask);
        }

        final PrintWriter text() {
            return spec.commandLine().getOut();
        }
    }

    /** Those that write arrays. */
    abstract static class AskArrays extends Ask {
        @Option(
                names = "--out",
                paramLabel = "FILE",
                required = true,
                description = "Where to write: .npz for all arrays, .npy for one of them.")
        private Path out;

        @Option(
                names = "--array",
                paramLabel = "NAME",
                description = "The array that an .npy file gets; without it the probabilities, or the path.")
        private String array;

        private final List<String> names;

        /** Those whose answers have arrays of these names, the most wanted first. */
        AskArrays(String... names) {
            this.names = List.of(names);
        }

        /** Arrays of one sequence by name, a row for each frame that has a state. */
        abstract Map<String, NdArray> answer(NdArray x, NdArray mask);

        @Override
        public Integer call() throws IOException {
            prepareOutput();
            open();
            FeatureFiles.Named features = features();
            Sequences all = features.sequences();
            int lags = parameters.lags();
            int rows = 0;
            for (int n = 0; n < all.count(); n++) {
                requireFrames(features.names().get(n), all.frames(n), lags);
                rows += all.frames(n) - lags;
            }
            long[] sequence = new long[rows];
            long[] frame = new long[rows];
            Map<String, NdArray> arrays = new LinkedHashMap<>();
            arrays.put("sequence", new NdArray(new int[] {rows}, sequence));
            arrays.put("frame", new NdArray(new int[] {rows}, frame));
            int row = 0;
            for (int n = 0; n < all.count(); n++) {
                int length = all.frames(n) - lags;
                for (int s = 0; s < length; s++) {
                    sequence[row + s] = n;
                    frame[row + s] = s + lags;
                }
                for (Map.Entry<String, NdArray> one :
                        answer(x(all, n), mask(all, n)).entrySet()) {
                    NdArray part = one.getValue();
                    int width = part.size() / length;
                    int total = rows;
                    NdArray whole = arrays.computeIfAbsent(one.getKey(), name -> empty(part, total, width));
                    System.arraycopy(part.data(), 0, whole.data(), row * width, part.size());
                }
                row += length;
            }
            if (ModelFiles.isNpy(out)) {
                arrays.keySet().retainAll(List.of(array));
                ModelFiles.write(out, arrays.get(array));
            } else {
                ModelFiles.write(out, arrays);
            }
            text().println(out + ": " + rows + " frames of " + all.count() + " sequences, "
                    + String.join(", ", arrays.keySet()));
            text().flush();
            return CommandLine.ExitCode.OK;
        }

        private void prepareOutput() throws IOException {
            if (!ModelFiles.isNpy(out)) {
                if (array != null) {
                    throw new IllegalArgumentException("--array chooses the one array of an .npy file but --out is "
                            + out + "; name it .npy, or leave --array out for all arrays");
                }
                ModelFiles.prepareOutput(out);
                return;
            }
            List<String> known = new ArrayList<>(names);
            known.addAll(List.of("sequence", "frame"));
            array = array == null ? names.get(0) : array;
            if (!known.contains(array)) {
                throw new IllegalArgumentException("no array \"" + array + "\"" + Names.suggest(array, known)
                        + "; there are " + String.join(", ", known));
            }
            OutputFiles.prepare(out, true);
        }

        private static void requireFrames(String name, int frames, int lags) {
            if (frames <= lags) {
                throw new IllegalArgumentException(name + " has " + frames + " frames, needs at least " + (lags + 1)
                        + ": " + lags + " lags and a frame to explain by them");
            }
        }

        private static NdArray empty(NdArray like, int rows, int width) {
            int[] shape = like.shape().length == 3 ? new int[] {rows, width} : new int[] {rows};
            Object data = like.data() instanceof long[] ? new long[rows * width] : new double[rows * width];
            return new NdArray(shape, data);
        }

        /** The most probable state of each frame, the lowest of equal ones. */
        static NdArray best(NdArray probabilities) {
            int states = probabilities.shape()[2];
            long[] best = new long[probabilities.size() / states];
            for (int s = 0; s < best.length; s++) {
                for (int k = 1; k < states; k++) {
                    if (probabilities.at(s * states + k) > probabilities.at(s * states + (int) best[s])) {
                        best[s] = k;
                    }
                }
            }
            return new NdArray(new int[] {1, best.length}, best);
        }
    }

    /** {@code amacrine arhmm filter}. */
    @Command(
            name = "filter",
            description = {
                "What a model knows at each frame without looking ahead. Writes, a row for each frame:",
                "  sequence, frame   which one it belongs to",
                "  filtered          p(state | frames up to it), (rows, states)",
                "  state             the most probable one",
                "  log_evidence      log p(frame | frames before it), nats"
            },
            mixinStandardHelpOptions = true,
            sortOptions = false)
    static final class Filter extends AskArrays {
        Filter() {
            super("filtered", "state", "log_evidence");
        }

        @Override
        Map<String, NdArray> answer(NdArray x, NdArray mask) {
            Functions.Filtered filtered = functions.filter(x, mask, ab, q, pi);
            Map<String, NdArray> arrays = new LinkedHashMap<>();
            arrays.put("filtered", filtered.filtered());
            arrays.put("state", best(filtered.filtered()));
            arrays.put("log_evidence", filtered.logEvidence());
            return arrays;
        }
    }

    /** {@code amacrine arhmm smooth}. */
    @Command(
            name = "smooth",
            description = {
                "What a model knows about each frame from the whole sequence. Writes, a row for each frame:",
                "  sequence, frame   which one it belongs to",
                "  smoothed          p(state | all frames), (rows, states)",
                "  state             the most probable one"
            },
            mixinStandardHelpOptions = true,
            sortOptions = false)
    static final class Smooth extends AskArrays {
        Smooth() {
            super("smoothed", "state");
        }

        @Override
        Map<String, NdArray> answer(NdArray x, NdArray mask) {
            NdArray smoothed = functions.stateseqMarginals(x, mask, ab, q, pi);
            Map<String, NdArray> arrays = new LinkedHashMap<>();
            arrays.put("smoothed", smoothed);
            arrays.put("state", best(smoothed));
            return arrays;
        }
    }

    /** {@code amacrine arhmm viterbi}. */
    @Command(
            name = "viterbi",
            description = {
                "The most probable path of states of each sequence. Writes, a row for each frame:",
                "  sequence, frame   which one it belongs to",
                "  state             of the path"
            },
            mixinStandardHelpOptions = true,
            sortOptions = false)
    static final class Viterbi extends AskArrays {
        Viterbi() {
            super("state");
        }

        @Override
        Map<String, NdArray> answer(NdArray x, NdArray mask) {
            return Map.of("state", functions.viterbi(x, mask, ab, q, pi).path());
        }
    }

    /** {@code amacrine arhmm loglik}. */
    @Command(
            name = "loglik",
            description = "Log probability of recordings under a model, over all paths of states, in nats.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    static final class LogLik extends Ask {
        @Override
        public Integer call() throws IOException {
            open();
            FeatureFiles.Named features = features();
            Sequences all = features.sequences();
            double sum = 0;
            long frames = 0;
            for (int n = 0; n < all.count(); n++) {
                double log = functions.marginalLogLikelihood(mask(all, n), x(all, n), ab, q, pi);
                int used = used(all, n, parameters.lags());
                print(features.names().get(n), log, used);
                sum += log;
                frames += used;
            }
            if (all.count() > 1) {
                print("all", sum, frames);
            }
            text().flush();
            return CommandLine.ExitCode.OK;
        }

        private static int used(Sequences all, int n, int lags) {
            int used = 0;
            for (int t = lags; t < all.frames(n); t++) {
                used += all.weight(n, t) > 0 ? 1 : 0;
            }
            return used;
        }

        private void print(String name, double log, long frames) {
            text().printf(
                            Locale.ROOT,
                            "%s: %.6f over %d frames, %.6f per frame%n",
                            name,
                            log,
                            frames,
                            log / Math.max(1, frames));
        }
    }
}
