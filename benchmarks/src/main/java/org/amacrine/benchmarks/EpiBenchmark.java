package org.amacrine.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.amacrine.core.backend.Backends;
import org.amacrine.core.kernel.Kernels;
import org.amacrine.core.kernel.WorkerPool;
import org.amacrine.operators.epi.BatchFormula;
import org.amacrine.operators.epi.BoundedParameter;
import org.amacrine.operators.epi.Distribution;
import org.amacrine.operators.epi.EmergentProperty;
import org.amacrine.operators.epi.EpiFit;
import org.amacrine.operators.epi.EpiModel;
import org.amacrine.operators.epi.LagrangianSettings;
import org.amacrine.operators.epi.LinearSystem;
import org.amacrine.operators.epi.NormalizingFlow;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Emergent property inference on the linear system with the tutorial's architecture, in microseconds: one optimisation step, and
 * one point of the fitted distribution. To see how the cost grows: {@code -p stages=1,3,6 -p units=25,50,100 -p
 * samples=250,500,1000}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-Damacrine.vector.atOnce=true"})
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 8, time = 2)
@State(Scope.Benchmark)
public class EpiBenchmark {
    /** More than a benchmark ever takes, so that all steps are training steps. */
    private static final int ENDLESS = 100_000_000;

    /** Number of parameters: the linear system has 4; other numbers take the squared sum of all instead. */
    @Param("4")
    public int dims;

    /** Stages of the flow. */
    @Param("3")
    public int stages;

    /** Units of each hidden layer. */
    @Param("50")
    public int units;

    /** Batch size. */
    @Param("500")
    public int samples;

    /** Backend of the kernels. */
    @Param("auto")
    public String backend;

    /** Threads that share a step; 0 for one for each processor. */
    @Param("0")
    public int workers;

    private WorkerPool pool;
    private EpiFit fit;
    private Distribution distribution;
    private Distribution.Sampler sampler;
    private double[] sample;
    private double[] point;

    /** Brings a fit past its first thousand training steps, the row of the Gaussian before them. */
    @Setup
    public void prepare() {
        List<BoundedParameter> parameters = new ArrayList<>();
        for (int d = 0; d < dims; d++) {
            parameters.add(new BoundedParameter("a" + d, -10, 10));
        }
        EpiModel model =
                new EpiModel("benchmark", parameters, "property", dims == 4 ? LinearSystem.eigenvalue() : sums());
        NormalizingFlow flow = NormalizingFlow.builder(NormalizingFlow.Architecture.COUPLING, dims)
                .stages(stages)
                .units(units)
                .bounds(model.lower(), model.upper())
                .build();
        double[] linear = {0, 2 * Math.PI, 0.25, 0.04 * Math.PI * Math.PI};
        double[] mu = dims == 4 ? linear : new double[] {0, 1};
        Kernels kernels = Backends.choose(backend).backend().open();
        pool = new WorkerPool(workers > 0 ? workers : Runtime.getRuntime().availableProcessors());
        fit = EpiFit.of(model, flow, mu, kernels)
                .lagrangian(new LagrangianSettings(samples, 1e-3, 1e-3, 0.25, 4))
                .start(flow.initialTheta())
                .iterations(ENDLESS)
                .logRate(1000)
                .batches(2, 2)
                .bands(pool)
                .build();
        while (fit.iteration() < 2) {
            fit.step();
        }
        distribution = new Distribution(flow, flow.initialTheta(), parameters, kernels);
        sampler = distribution.sampler(1, 1);
        sample = new double[dims];
        point = new double[dims];
        for (int d = 0; d < dims; d++) {
            point[d] = d % 2 == 0 ? 1 : -4;
        }
    }

    /** Ends the workers. */
    @TearDown
    public void end() {
        pool.close();
    }

    /** The sum of all parameters, and its square. */
    private EmergentProperty sums() {
        BatchFormula formula = new BatchFormula(dims);
        BatchFormula.Value sum = formula.parameter(0);
        for (int d = 1; d < dims; d++) {
            sum = sum.plus(formula.parameter(d));
        }
        return formula.property(sum, sum.square());
    }

    /** One optimisation step: 500 samples forward, the statistics, one reverse pass, Adam. */
    @Benchmark
    public boolean step() {
        return fit.step();
    }

    /** One sample with its log density. */
    @Benchmark
    public double sample() {
        return sampler.draw(sample, 0);
    }

    /** Log density of one point. */
    @Benchmark
    public double[] logProbability() {
        return distribution.logProbability(point);
    }

    /** Log density, gradient and Hessian of one point. */
    @Benchmark
    public Distribution.Densities gradientAndHessian() {
        return distribution.densities(point);
    }
}
