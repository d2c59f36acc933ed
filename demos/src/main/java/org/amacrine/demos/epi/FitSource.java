package org.amacrine.demos.epi;

import java.util.List;
import org.amacrine.core.chunk.Shape;
import org.amacrine.core.kernel.Kernels;
import org.amacrine.core.kernel.WorkerPool;
import org.amacrine.core.random.CounterRandom;
import org.amacrine.core.random.RandomSequence;
import org.amacrine.core.source.Frame;
import org.amacrine.core.source.FrameSource;
import org.amacrine.core.source.SourceContext;
import org.amacrine.core.source.SourceFormat;
import org.amacrine.operators.epi.EpiEpoch;
import org.amacrine.operators.epi.EpiExample;
import org.amacrine.operators.epi.EpiFit;
import org.amacrine.operators.epi.EpiModel;
import org.amacrine.operators.epi.EpiResult;
import org.amacrine.operators.epi.FlowBatch;
import org.amacrine.operators.epi.LagrangianSettings;
import org.amacrine.operators.epi.NormalizingFlow;

/**
 * A source of a fit at work: each frame is the state of its distribution after some more training steps, seen through the same
 * noise, so that samples move instead of jumping. The fit works while frames are read, and ends with the stream.
 *
 * <pre>
 *   a frame:  entropy H, squared violation |R|², log density of each sample, then parameters, [samples][D]
 * </pre>
 */
public final class FitSource implements FrameSource {
    /** Samples of each frame. */
    public static final int SAMPLES = 200;
    /** Index of H. */
    static final int ENTROPY = 0;
    /** Index of |R|². */
    static final int VIOLATION = 1;
    /** Index of the first log density. */
    static final int LOG_DENSITY = 2;
    /** Index of the first parameter. */
    static final int PARAMETERS = LOG_DENSITY + SAMPLES;

    /** Index of the first statistic, [statistics][samples], behind the parameters. */
    static int statistics(int dims) {
        return PARAMETERS + SAMPLES * dims;
    }

    /** Index of p of the last test of convergence, for each statistic; log10 c comes behind them. */
    static int tests(int dims, int statistics) {
        return statistics(dims) + SAMPLES * statistics;
    }

    /** Number of values of a frame. */
    static int size(int dims, int statistics) {
        return tests(dims, statistics) + statistics + 1;
    }

    /**
     * What is fitted.
     *
     * @param example the model
     * @param epochs of the fit
     * @param iterations training steps of an epoch
     * @param initialIterations steps that bring the flow to a Gaussian
     * @param stepsPerFrame training steps between two frames
     */
    public record Options(EpiExample example, int epochs, int iterations, int initialIterations, int stepsPerFrame) {}

    /** Statistics are cut here, as in the fit itself. */
    private static final double LIMIT = 1e10;

    private final Options options;
    private EpiFit fit;
    private WorkerPool pool;
    private EpiResult result;
    private FlowBatch batch;
    private double[] t;
    private long simulationKey;

    /** A source of a fit that begins when it is opened. */
    public FitSource(Options options) {
        this.options = options;
    }

    @Override
    public SourceFormat open(SourceContext context) {
        EpiModel model = options.example.model();
        Kernels kernels = context.kernels();
        NormalizingFlow flow = NormalizingFlow.builder(NormalizingFlow.Architecture.COUPLING, model.dims())
                .stages(options.example.stages())
                .units(options.example.units())
                .bounds(model.lower(), model.upper())
                .seed(context.seed())
                .build();
        LagrangianSettings standard = LagrangianSettings.standard();
        pool = new WorkerPool(Runtime.getRuntime().availableProcessors());
        fit = EpiFit.of(model, flow, options.example.mu(), kernels)
                .lagrangian(new LagrangianSettings(
                        standard.samples(),
                        standard.learningRate(),
                        options.example.c0(),
                        standard.gamma(),
                        standard.beta()))
                .initialIterations(options.initialIterations)
                .epochs(options.epochs)
                .iterations(options.iterations)
                .logRate(options.stepsPerFrame)
                .seed(context.seed())
                .bands(pool)
                .build();
        result = fit.result();
        batch = flow.batch(SAMPLES, kernels);
        batch.drawNoise(new RandomSequence().start(CounterRandom.key(context.seed(), "epi.view", 0), 0));
        simulationKey = CounterRandom.key(context.seed(), "epi.view", 1);
        t = new double[model.property().statistics() * SAMPLES];
        return SourceFormat.of(Shape.vector(size(model.dims(), model.property().statistics())), -1);
    }

    @Override
    public boolean read(Frame frame) {
        if (fit == null) {
            throw new IllegalStateException("the source is closed; open it before reading");
        }
        if (fit.done()) {
            return false;
        }
        while (!fit.step()) {
            // A frame is due when an iteration has ended.
        }
        result = fit.result();
        batch.forward(fit.theta(), false);
        fill(frame.values());
        return true;
    }

    private void fill(float[] values) {
        options.example.model().property().simulate(batch.z(), SAMPLES, simulationKey, t);
        double[] mu = options.example.mu();
        double square = 0;
        for (int i = 0; i < mu.length; i++) {
            double sum = 0;
            for (int n = 0; n < SAMPLES; n++) {
                sum += t[i * SAMPLES + n];
            }
            square += Math.pow(sum / SAMPLES - mu[i], 2);
        }
        int dims = options.example.model().dims();
        double entropy = 0;
        for (int n = 0; n < SAMPLES; n++) {
            entropy -= batch.logDensity()[n] / SAMPLES;
            values[LOG_DENSITY + n] = (float) batch.logDensity()[n];
            for (int d = 0; d < dims; d++) {
                values[PARAMETERS + n * dims + d] = (float) batch.z()[d * SAMPLES + n];
            }
        }
        for (int i = 0; i < t.length; i++) {
            values[statistics(dims) + i] = (float) Math.max(-LIMIT, Math.min(LIMIT, t[i]));
        }
        List<EpiEpoch> epochs = result.epochs();
        int tests = tests(dims, mu.length);
        for (int i = 0; i < mu.length; i++) {
            values[tests + i] =
                    epochs.isEmpty() ? 0 : (float) epochs.get(epochs.size() - 1).p()[i];
        }
        values[tests + mu.length] = (float) Math.log10(fit.objectives().getOrDefault("c", options.example.c0()));
        values[ENTROPY] = (float) entropy;
        values[VIOLATION] = (float) square;
    }

    /** What the fit came to so far; null before the source was opened. */
    public EpiResult result() {
        return result;
    }

    @Override
    public void close() {
        fit = null;
        if (pool != null) {
            pool.close();
            pool = null;
        }
    }
}
